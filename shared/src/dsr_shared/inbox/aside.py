"""Setting a record aside: its bytes sealed with a key of their own, and told to the others."""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from uuid6 import uuid7

from dsr_shared.contracts import dead_letters
from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.registry import knows_type
from dsr_shared.contracts.words import Service
from dsr_shared.inbox.model import DeadLettered, Record
from dsr_shared.inbox.reading import Unreadable
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Draft, Outbox
from dsr_shared.postgres import Connection, load_queries
from dsr_shared.sealing import SealContext, seal

UNASSIGNED: Final = "unassigned"
"""Controller of a dead letter that tells nothing of where it belongs."""
SEALED_KIND: Final = "dead_letters"
SEALED_FIELD: Final = "raw_sealed"


@dataclass(frozen=True)
class Address:
    """The controller and case that a record belongs to, as far as can be known."""

    controller_id: str
    case_id: UUID


@dataclass(frozen=True)
class _Letter:
    dead_letter_id: UUID
    record: Record
    address: Address
    unreadable: Unreadable
    fingerprint: bytes


class Aside:
    """Keeps what a service cannot take."""

    def __init__(self, service: Service, keys: CaseKeys, outbox: Outbox) -> None:
        self._service = service
        self._keys = keys
        self._outbox = outbox
        self._queries = load_queries("dsr_shared", "inbox.sql")

    async def keep(
        self, connection: Connection, record: Record, address: Address, unreadable: Unreadable
    ) -> DeadLettered:
        """Store the bytes and tell the others, once however often the same bytes come."""
        fingerprint = hashlib.sha256(record.value or b"").digest()
        place = (address.controller_id, record.topic, fingerprint)
        known = await connection.fetchrow(self._queries["find_aside"], *place)
        letter = _Letter(known["dead_letter_id"] if known else uuid7(), record, address, unreadable, fingerprint)
        if known is None:
            await self._insert(connection, letter)
            await self._tell(connection, letter)
        elif known["state"] == "replayed":
            await self._reopen(connection, letter)
            await self._tell(connection, letter)
        return DeadLettered(unreadable.reason, unreadable.detail)

    async def _insert(self, connection: Connection, letter: _Letter) -> None:
        address, record, envelope = letter.address, letter.record, letter.unreadable.envelope
        key = await self._keys.new(connection, address.controller_id, address.case_id, "dead_letter")
        sealed = seal(key, record.value or b"", sealed_as(letter.dead_letter_id, address.case_id))
        await connection.execute(
            self._queries["set_aside"],
            letter.dead_letter_id,
            address.controller_id,
            address.case_id,
            record.topic,
            record.partition,
            record.offset,
            envelope and envelope.event_id,
            _known_type(record.topic, envelope),
            envelope and envelope.sequence,
            letter.fingerprint,
            letter.unreadable.reason,
            letter.unreadable.detail[:500],
            sealed.model_dump_json(),
        )

    async def _reopen(self, connection: Connection, letter: _Letter) -> None:
        unreadable = letter.unreadable
        await connection.execute(
            self._queries["reopen"], letter.dead_letter_id, unreadable.reason, unreadable.detail[:500]
        )

    async def _tell(self, connection: Connection, letter: _Letter) -> None:
        if letter.record.topic == dead_letters.TOPIC:  # telling of it on the topic that failed would never end
            return
        cause = letter.unreadable.envelope
        draft = Draft(
            event_id=uuid7(),
            controller_id=letter.address.controller_id,
            case_id=letter.address.case_id,
            event=self._event(letter, cause.event_id if cause else None),
            causation_id=cause.event_id if cause else None,
            correlation_id=cause.correlation_id if cause else None,
        )
        await self._outbox.append(connection, draft)

    def _event(self, letter: _Letter, source_event_id: UUID | None) -> dead_letters.DeadLetteredV1:
        return dead_letters.DeadLetteredV1(
            service=self._service,
            dead_letter_id=letter.dead_letter_id,
            source_topic=letter.record.topic,
            source_partition=letter.record.partition,
            source_offset=letter.record.offset,
            source_event_id=source_event_id,
            reason=letter.unreadable.reason,
        )


def _known_type(topic: str, envelope: Envelope | None) -> str | None:
    """A type of ours; any other text is kept in the sealed bytes only."""
    return envelope.type if envelope and knows_type(topic, envelope.type) else None


def sealed_as(dead_letter_id: UUID, case_id: UUID) -> SealContext:
    return SealContext(record_id=dead_letter_id, kind=SEALED_KIND, case_id=case_id, field=SEALED_FIELD)


async def address_of(connection: Connection, record: Record, envelope: Envelope | None) -> Address:
    """From the envelope; else from the key, which is the case id; else a place of its own. Needs every controller."""
    if envelope is not None:
        return Address(envelope.controller_id, envelope.case_id)
    place = f"kafka:{record.topic}/{record.partition}/{record.offset}"
    if record.key is None or len(record.key) != 16:
        return Address(UNASSIGNED, uuid5(NAMESPACE_URL, place))
    case_id = UUID(bytes=record.key)
    query = load_queries("dsr_shared", "inbox.sql")["controller_of_case"]
    return Address(await connection.fetchval(query, case_id) or UNASSIGNED, case_id)
