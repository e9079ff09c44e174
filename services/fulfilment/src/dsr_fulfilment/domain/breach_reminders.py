"""Warnings ahead of the end of a breach's hours: each once, also after a long time without scans."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final, Literal

BreachReminder = Literal["hours_24", "hours_6", "overdue"]
LEAD: Final[dict[BreachReminder, timedelta]] = {
    "hours_24": timedelta(hours=24),
    "hours_6": timedelta(hours=6),
    "overdue": timedelta(0),
}


def breach_reminders_due(authority_due: datetime, now: datetime, fired: Collection[str]) -> tuple[BreachReminder, ...]:
    """What is to be fired now, the earliest first; it is overdue after the last second of the time."""
    return tuple(
        kind
        for kind, lead in LEAD.items()
        if kind not in fired and (now > authority_due if kind == "overdue" else now >= authority_due - lead)
    )
