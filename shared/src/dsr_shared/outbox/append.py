"""Storing an event in the transaction of its effect."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from dsr_shared.contracts.base import Envelope, Event, WrappedKeyV1
from dsr_shared.contracts.registry import WRITERS
from dsr_shared.contracts.words import Service
from dsr_shared.postgres import Connection, database_now, hint_after_commit, load_queries, memory_of
from dsr_shared.telemetry import current_traceparent

OUTBOX_CHANNEL: Final = "outbox_appended"


class NotTheWriterError(Exception):
    """The service may not write this event's topic; the register of contracts says who may."""

    def __init__(self, service: Service, topic: str) -> None:
        super().__init__(f"{service} may not write {topic}; contracts/registry.py names its writers: {WRITERS[topic]}")
        self.service = service
        self.topic = topic


@dataclass(frozen=True)
class Draft:
    """An event before it has its place in the stream. The id is a UUIDv7 that the caller gives."""

    event_id: UUID
    controller_id: str
    case_id: UUID
    event: Event
    keys: tuple[WrappedKeyV1, ...] = ()
    causation_id: UUID | None = None
    correlation_id: UUID | None = None
    traceparent: str | None = field(default_factory=current_traceparent)
    """The span that it is made in; it may have ended before the event is stored with others."""


class Outbox:
    """The outbox of one service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._queries = load_queries("dsr_shared", "outbox.sql")

    async def append(self, connection: Connection, draft: Draft) -> Envelope:
        """Give the event its sequence and store it; it is sent after the caller's transaction is committed."""
        topic = self._topic_of(draft)
        memory, stream = memory_of(connection), (draft.controller_id, draft.case_id, topic)
        place = ("sequence", *stream)
        if place in memory:
            query, sequence = "append_next", memory[place] + 1
        else:
            query, sequence = "append", await connection.fetchval(self._queries["next_sequence"], *stream)
        envelope = self._envelope(draft, sequence, await database_now(connection))
        await connection.execute(self._queries[query], *_values(topic, envelope))
        memory[place] = sequence
        await hint_after_commit(connection, OUTBOX_CHANNEL)
        return envelope

    async def append_first(self, connection: Connection, drafts: Sequence[Draft]) -> None:
        """The first event of each of some cases whose ids were made in this very transaction, in one statement."""
        now = await database_now(connection)
        rows = [_values(self._topic_of(draft), self._envelope(draft, 1, now)) for draft in drafts]
        await connection.execute(self._queries["append_first"], *(list(column) for column in zip(*rows, strict=True)))
        memory = memory_of(connection)
        for draft in drafts:
            memory["sequence", draft.controller_id, draft.case_id, draft.event.TOPIC] = 1
        await hint_after_commit(connection, OUTBOX_CHANNEL)

    def _topic_of(self, draft: Draft) -> str:
        topic = draft.event.TOPIC
        if self._service not in WRITERS[topic]:
            raise NotTheWriterError(self._service, topic)
        return topic

    def _envelope(self, draft: Draft, sequence: int, occurred_at: datetime) -> Envelope:
        return Envelope(
            event_id=draft.event_id,
            type=draft.event.TYPE,
            version=draft.event.VERSION,
            controller_id=draft.controller_id,
            case_id=draft.case_id,
            sequence=sequence,
            occurred_at=occurred_at.astimezone(UTC),
            producer=self._service,
            causation_id=draft.causation_id,
            correlation_id=draft.correlation_id or draft.event_id,
            traceparent=draft.traceparent,
            keys=draft.keys,
            data=draft.event.model_dump(mode="json"),
        )


def _values(topic: str, envelope: Envelope) -> tuple[object, ...]:
    return (
        envelope.event_id,
        envelope.controller_id,
        topic,
        envelope.case_id,
        envelope.sequence,
        envelope.type,
        envelope.version,
        envelope.traceparent,
        envelope.model_dump_json().encode(),
    )
