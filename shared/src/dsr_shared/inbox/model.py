"""What the inbox receives, what a handler may answer, and what became of a record.

Exception
├── Rejected   the event can never be taken: it becomes a dead letter
└── TryLater   something it needs is away for now: it is tried again, then parked
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dsr_shared.contracts.base import Envelope, Event
from dsr_shared.contracts.words import DeadLetterReason
from dsr_shared.postgres import Connection

ParkReason: TypeAlias = Literal["gap", "transient"]
UnreadReason: TypeAlias = Literal["duplicate", "superseded", "already_waiting", "destroyed_case", "tombstone"]


class Rejected(Exception):
    """A handler refuses the event for good. The reason names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryLater(Exception):
    """A handler cannot act yet. The reason names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Record:
    """One record of a topic, as the broker gave it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True)
class Received:
    """An event that was read and may be handled."""

    envelope: Envelope
    event: Event


Handler: TypeAlias = Callable[[Connection, Received], Awaitable[None]]
"""Runs in the transaction that also remembers the event, so both happen or neither."""


@dataclass(frozen=True)
class Handled:
    """The effect and the memory of it are committed."""

    had_handler: bool


@dataclass(frozen=True)
class Unread:
    """Nothing was done, and nothing needs to be."""

    because: UnreadReason


@dataclass(frozen=True)
class Waiting:
    """Parked in PostgreSQL; the worker takes it up again."""

    because: ParkReason


@dataclass(frozen=True)
class DeadLettered:
    """Set aside, sealed, for a person to decide."""

    because: DeadLetterReason
    detail: str


Disposition: TypeAlias = Handled | Unread | Waiting | DeadLettered
"""What became of a record. Each is committed, so each may be acknowledged."""
