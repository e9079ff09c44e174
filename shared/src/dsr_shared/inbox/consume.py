"""Taking one record to its end: committed here before the broker hears that we have it."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from dsr_shared.backoff import backoff_seconds
from dsr_shared.contracts.base import Envelope, Event
from dsr_shared.contracts.words import Service
from dsr_shared.inbox.failures import is_transient, permanent_reason
from dsr_shared.inbox.model import Disposition, Handler, Received, Record, Rejected, Unread
from dsr_shared.inbox.origins import FromBroker, LeaseLostError, Origin, ReplayFailedError
from dsr_shared.inbox.reading import Unreadable, read_event
from dsr_shared.inbox.turn import Postponed, Reading, Turn
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database
from dsr_shared.telemetry import continue_trace

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How long a failing event is tried in place before it is parked: others of its partition wait as long."""

    tries_in_place: int = 3
    first_pause_seconds: float = 0.1
    longest_pause_seconds: float = 1.0
    handler_timeout_seconds: float = 120.0


_DEFAULT_LIMITS = Limits()


class Inbox:
    """Takes every event of a service once, in the order of its case and topic."""

    def __init__(
        self,
        db: Database,
        service: Service,
        keys: CaseKeys,
        handlers: Mapping[type[Event], Handler],
        outbox: Outbox,
        *,
        limits: Limits = _DEFAULT_LIMITS,
    ) -> None:
        self._db = db
        self._turn = Turn(service, keys, handlers, outbox)
        self._limits = limits
        self.is_waiting_for_database = False

    async def consume(self, record: Record) -> Disposition:
        """Return once the record's end is committed; only then may it be acknowledged.

        While our own database is away this waits in place, however long, so that nothing behind it is consumed.
        """
        return await self.take(FromBroker(record))

    async def take(self, origin: Origin) -> Disposition:
        """Like `consume`, for an event of any origin; LeaseLostError and ReplayFailedError tell of the origin's end."""
        if origin.record.value is None:
            return Unread("tombstone")
        reading: Reading = read_event(origin.record.topic, origin.record.value)
        tries = 0
        while True:
            try:
                return await self._attempt(origin, reading)
            except (LeaseLostError, ReplayFailedError):
                raise
            except Exception as error:  # noqa: BLE001 - the edge of every handler: whatever it raises gets an end here
                if await self._was_database_there(error):
                    tries += 1
                    reading = self._after_failure(reading, error, tries)
                await self._pause(tries)

    async def _attempt(self, origin: Origin, reading: Reading) -> Disposition:
        envelope = reading.envelope
        if isinstance(reading, Unreadable) and (envelope is None or reading.reason == "wrong_producer"):
            return await self._set_aside_unplaced(origin, reading)
        assert envelope is not None
        facts = {"event.type": envelope.type, "messaging.destination.name": origin.record.topic}
        with continue_trace("consume", envelope.traceparent, event_id=str(envelope.event_id), **facts):
            return await self._settle(origin, reading, envelope)

    async def _settle(self, origin: Origin, reading: Reading, envelope: Envelope) -> Disposition:
        async with (
            asyncio.timeout(self._limits.handler_timeout_seconds),
            self._db.transaction(envelope.controller_id) as connection,
        ):
            return await self._turn.settle(connection, origin, reading, envelope)

    async def _set_aside_unplaced(self, origin: Origin, unreadable: Unreadable) -> Disposition:
        """What tells no place in a stream, or may not claim one, is kept without touching a stream."""
        async with self._db.across_controllers() as connection:
            return await self._turn.set_aside(connection, origin, unreadable)

    async def _was_database_there(self, error: Exception) -> bool:
        """A try counts only if our database was there. If it is not, wait here until it is."""
        if not is_transient(error) or await self._db.is_up():
            return True
        _log.error("Nothing is consumed until PostgreSQL answers.")
        self.is_waiting_for_database = True
        try:
            await self._db.wait_until_up()
        finally:
            self.is_waiting_for_database = False
        return False

    def _after_failure(self, reading: Reading, error: Exception, tries: int) -> Reading:
        """What the event is now, knowing that it failed."""
        if is_transient(error):
            return self._after_transient(reading, error, tries)
        match reading:
            case Received(envelope=envelope):
                reason, detail = permanent_reason(error)
                facts = {"event_id": envelope.event_id, "reason": reason}
                shown = None if isinstance(error, Rejected) else error
                _log.error("An event cannot be taken. It becomes a dead letter.", exc_info=shown, extra=facts)
                return Unreadable(reason, detail, envelope)
            case Postponed(envelope=envelope) | Unreadable(envelope=Envelope() as envelope):
                facts = {"event_id": envelope.event_id}
                _log.error("An event has no place in its stream. It is kept apart.", exc_info=error, extra=facts)
                return Unreadable("invalid", f"has no place in a stream: {type(error).__name__}")
            case Unreadable():
                raise error  # even keeping the bytes fails: better stop than skip
            case _:
                assert_never(reading)

    def _after_transient(self, reading: Reading, error: Exception, tries: int) -> Reading:
        facts = {"attempt": tries, "event_id": reading.envelope and reading.envelope.event_id}
        _log.warning("An event could not be handled for now.", exc_info=error, extra=facts)
        if isinstance(reading, Received) and tries >= self._limits.tries_in_place:
            return Postponed(reading.envelope)
        return reading

    async def _pause(self, tries: int) -> None:
        first, longest = self._limits.first_pause_seconds, self._limits.longest_pause_seconds
        if tries:
            await asyncio.sleep(backoff_seconds(tries, first=first, longest=longest))
