"""The inbox: every event takes effect once, none is skipped, none blocks another case."""

from dsr_shared.inbox.consume import Inbox, Limits
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
from dsr_shared.inbox.parked import Parked

__all__ = [
    "DeadLettered",
    "Disposition",
    "Handled",
    "Handler",
    "Inbox",
    "Limits",
    "Parked",
    "Received",
    "Record",
    "Rejected",
    "TryLater",
    "Unread",
    "Waiting",
]
