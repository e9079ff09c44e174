"""The inbox: every event takes effect once, none is skipped, none blocks another case."""

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

__all__ = [
    "DeadLettered",
    "Disposition",
    "Handled",
    "Handler",
    "Received",
    "Record",
    "Rejected",
    "TryLater",
    "Unread",
    "Waiting",
]
