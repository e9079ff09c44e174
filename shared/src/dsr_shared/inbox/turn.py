"""One event within one transaction: the stream's lock, the verdict, and what the verdict asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, assert_never

from dsr_shared.contracts.base import Envelope, Event
from dsr_shared.contracts.registry import COMPACTED
from dsr_shared.contracts.words import Service
from dsr_shared.inbox.aside import Aside, address_of
from dsr_shared.inbox.decision import MEMORY_DAYS, Park, Refuse, Skip, Standing, Take, decide
from dsr_shared.inbox.model import Disposition, Handled, Handler, Received, Unread, UnreadReason, Waiting
from dsr_shared.inbox.origins import Origin
from dsr_shared.inbox.reading import Unreadable
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, hint_after_commit, load_queries

PARKED_CHANNEL: Final = "inbox_parked"


@dataclass(frozen=True)
class Postponed:
    """Readable, but what it needs is away."""

    envelope: Envelope


Reading: TypeAlias = Received | Unreadable | Postponed


class Turn:
    """Gives events their turn. Every method works in the caller's transaction."""

    def __init__(
        self, service: Service, keys: CaseKeys, handlers: Mapping[type[Event], Handler], outbox: Outbox
    ) -> None:
        self._keys = keys
        self._handlers = dict(handlers)
        self._aside = Aside(service, keys, outbox)
        self._queries = load_queries("dsr_shared", "inbox.sql")

    async def settle(self, connection: Connection, origin: Origin, reading: Reading, envelope: Envelope) -> Disposition:
        topic = origin.record.topic
        standing = await self._standing(connection, topic, envelope)
        if not origin.is_fresh:
            standing = replace(standing, is_waiting=False, is_beyond_memory=False)
        verdict = decide(envelope.sequence, envelope.type, standing, is_compacted=topic in COMPACTED)
        match verdict:
            case Take():
                return await self._take(connection, origin, reading, envelope)
            case Skip(because):
                return await self._skip(connection, origin, envelope, because)
            case Park():
                await origin.wait(connection, envelope, "gap")
                return Waiting("gap")
            case Refuse(reason, detail):
                return await self.set_aside(connection, origin, Unreadable(reason, detail, envelope))
            case _:
                assert_never(verdict)

    async def set_aside(self, connection: Connection, origin: Origin, unreadable: Unreadable) -> Disposition:
        """Keep it as a dead letter, unless its case was destroyed."""
        address = await address_of(connection, origin.record, unreadable.envelope)
        where = (address.controller_id, address.case_id)
        if await connection.fetchval(self._queries["is_destroyed"], *where):
            await origin.settle(connection)
            return Unread("destroyed_case")
        await origin.set_aside(connection, unreadable)
        return await self._aside.keep(connection, origin.record, address, unreadable)

    async def _standing(self, connection: Connection, topic: str, envelope: Envelope) -> Standing:
        case = (envelope.controller_id, envelope.case_id)
        last_sequence = await connection.fetchval(self._queries["lock_stream"], *case, topic)
        row = await connection.fetchrow(
            self._queries["standing"], envelope.event_id, *case, topic, envelope.occurred_at, MEMORY_DAYS
        )
        return Standing(last_sequence=last_sequence, **dict(row))

    async def _take(self, connection: Connection, origin: Origin, reading: Reading, envelope: Envelope) -> Disposition:
        match reading:
            case Received():
                return await self._handle(connection, origin, reading)
            case Unreadable():
                return await self.set_aside(connection, origin, reading)
            case Postponed():
                await origin.wait(connection, envelope, "transient")
                return Waiting("transient")
            case _:
                assert_never(reading)

    async def _handle(self, connection: Connection, origin: Origin, received: Received) -> Disposition:
        envelope = received.envelope
        await self._keys.remember(connection, envelope.controller_id, envelope.case_id, envelope.keys)
        handler = self._handlers.get(type(received.event))
        if handler is not None:
            await handler(connection, received)
        place = (envelope.controller_id, envelope.case_id, origin.record.topic, envelope.sequence)
        if await connection.fetchval(self._queries["remember"], envelope.event_id, *place):
            await hint_after_commit(connection, PARKED_CHANNEL)
        await origin.settle(connection)
        return Handled(had_handler=handler is not None)

    async def _skip(
        self, connection: Connection, origin: Origin, envelope: Envelope, because: UnreadReason
    ) -> Disposition:
        if because == "destroyed_case":
            place = (envelope.controller_id, envelope.case_id, origin.record.topic, envelope.sequence)
            await connection.execute(self._queries["pass_over"], *place)
        await origin.settle(connection)
        return Unread(because)
