"""Envelopes and records with sensible values; a test names only what it is about."""

from datetime import UTC, datetime
from uuid import UUID

from uuid6 import uuid7

from dsr_shared.contracts.base import Envelope, Event, WrappedKeyV1
from dsr_shared.contracts.registry import WRITERS
from dsr_shared.contracts.words import Service
from dsr_shared.inbox.model import Record


def an_envelope(
    event: Event,
    *,
    case_id: UUID,
    sequence: int = 1,
    controller_id: str = "acme",
    event_id: UUID | None = None,
    producer: Service | None = None,
    occurred_at: datetime | None = None,
    keys: tuple[WrappedKeyV1, ...] = (),
) -> Envelope:
    identity = event_id or UUID(bytes=uuid7().bytes)
    return Envelope(
        event_id=identity,
        type=event.TYPE,
        version=event.VERSION,
        controller_id=controller_id,
        case_id=case_id,
        sequence=sequence,
        occurred_at=occurred_at or datetime.now(UTC),
        producer=producer or WRITERS[event.TOPIC][0],
        correlation_id=identity,
        keys=keys,
        data=event.model_dump(mode="json"),
    )


def record_of(envelope: Envelope, topic: str, *, partition: int = 0, offset: int = 0) -> Record:
    """The record as the relay would have sent it."""
    value = envelope.model_dump_json().encode()
    return Record(topic=topic, partition=partition, offset=offset, key=envelope.case_id.bytes, value=value)
