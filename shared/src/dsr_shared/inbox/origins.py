"""Where an event comes from: fresh from the broker, from the parked ones, or a dead letter replayed.

The rules are the same for all three; they differ in what a further wait and the end of the matter leave behind.
"""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from dsr_shared.backoff import backoff_seconds
from dsr_shared.contracts.base import Envelope
from dsr_shared.inbox.model import ParkReason, Record
from dsr_shared.inbox.reading import Unreadable
from dsr_shared.postgres import Connection, load_queries

FIRST_PARKED_SECONDS: Final = 5.0
LONGEST_PARKED_SECONDS: Final = 600.0


class LeaseLostError(Exception):
    """Another process took over the parked event; this one's work on it is undone with its transaction."""


class ReplayFailedError(Exception):
    """A replayed dead letter could not be taken again; it stays as it is. The text says why, and names no person."""


class Origin(Protocol):
    """What an event leaves behind where it came from."""

    @property
    def record(self) -> Record: ...

    @property
    def is_fresh(self) -> bool:
        """Whether age and waiting places count: what waits in our tables was never handled."""
        ...

    async def wait(self, connection: Connection, envelope: Envelope, reason: ParkReason) -> None: ...

    async def settle(self, connection: Connection) -> None:
        """It took effect, or needs none."""
        ...

    async def set_aside(self, connection: Connection, unreadable: Unreadable) -> None:
        """It became a dead letter."""
        ...


@dataclass(frozen=True)
class FromBroker:
    """Seen here for the first time, or again."""

    record: Record
    is_fresh: bool = True

    async def wait(self, connection: Connection, envelope: Envelope, reason: ParkReason) -> None:
        await park(connection, self.record, envelope, reason)

    async def settle(self, connection: Connection) -> None:
        """The broker is told afterwards, by acknowledging."""

    async def set_aside(self, connection: Connection, unreadable: Unreadable) -> None:
        """Likewise."""


@dataclass(frozen=True)
class FromParked:
    """Leased from `parked_events`."""

    record: Record
    event_id: UUID
    lease_token: UUID
    attempts: int
    is_fresh: bool = False

    async def wait(self, connection: Connection, envelope: Envelope, reason: ParkReason) -> None:  # noqa: ARG002 - Origin's
        is_attempt = reason == "transient"
        delay = _delay(self.attempts + 1) if is_attempt else 0.0
        query = load_queries("dsr_shared", "inbox.sql")["postpone"]
        done = await connection.execute(query, self.event_id, self.lease_token, reason, int(is_attempt), delay)
        _must_hold(done, "UPDATE 1")

    async def settle(self, connection: Connection) -> None:
        query = load_queries("dsr_shared", "inbox.sql")["unpark"]
        _must_hold(await connection.execute(query, self.event_id, self.lease_token), "DELETE 1")

    async def set_aside(self, connection: Connection, unreadable: Unreadable) -> None:  # noqa: ARG002 - Origin's
        await self.settle(connection)


@dataclass(frozen=True)
class FromDeadLetter:
    """Opened because a person asked for a replay."""

    record: Record
    dead_letter_id: UUID
    because: str
    is_fresh: bool = False

    async def wait(self, connection: Connection, envelope: Envelope, reason: ParkReason) -> None:
        if reason == "transient":
            raise ReplayFailedError("something it needs is away for now; try again later")
        await park(connection, self.record, envelope, reason)
        await self.settle(connection)

    async def settle(self, connection: Connection) -> None:
        query = load_queries("dsr_shared", "inbox.sql")["settle_dead_letter"]
        await connection.execute(query, self.dead_letter_id, "replayed", self.because)

    async def set_aside(self, connection: Connection, unreadable: Unreadable) -> None:  # noqa: ARG002 - Origin's
        raise ReplayFailedError(f"{unreadable.reason}: {unreadable.detail}")


async def park(connection: Connection, record: Record, envelope: Envelope, reason: ParkReason) -> None:
    attempts = 1 if reason == "transient" else 0
    await connection.execute(
        load_queries("dsr_shared", "inbox.sql")["park"],
        envelope.event_id,
        envelope.controller_id,
        envelope.case_id,
        record.topic,
        envelope.sequence,
        record.partition,
        record.offset,
        record.value,
        reason,
        attempts,
        _delay(attempts) if attempts else 0.0,
    )


def _delay(attempts: int) -> float:
    return backoff_seconds(attempts, first=FIRST_PARKED_SECONDS, longest=LONGEST_PARKED_SECONDS)


def _must_hold(done: str, expected: str) -> None:
    if done != expected:
        raise LeaseLostError
