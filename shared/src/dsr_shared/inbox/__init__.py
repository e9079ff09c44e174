"""The inbox: every event takes effect once, none is skipped, none blocks another case."""

from dsr_shared.inbox.consume import Inbox, Limits
from dsr_shared.inbox.dead_letters import DeadLetter, DeadLetters, NoSuchDeadLetterError
from dsr_shared.inbox.model import (
    DeadLettered,
    Disposition,
    Handled,
    Handler,
    Received,
    Record,
    Rejected,
    TryLater,
    Unread,
    Waiting,
)
from dsr_shared.inbox.origins import ReplayFailedError
from dsr_shared.inbox.parked import Parked
from dsr_shared.inbox.upkeep import BusWatch, blocked_cases, purge_inbox

__all__ = [
    "BusWatch",
    "DeadLetter",
    "DeadLettered",
    "DeadLetters",
    "Disposition",
    "Handled",
    "Handler",
    "Inbox",
    "Limits",
    "NoSuchDeadLetterError",
    "Parked",
    "Received",
    "Record",
    "Rejected",
    "ReplayFailedError",
    "TryLater",
    "Unread",
    "Waiting",
    "blocked_cases",
    "purge_inbox",
]
