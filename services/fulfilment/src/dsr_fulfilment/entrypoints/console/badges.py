"""Badges: a word and an icon, never colour alone."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dsr_fulfilment.entrypoints.console.dates import plural
from dsr_shared.calendar import working_days_between

Css = Literal["", "done", "soon", "late", "kept", "open"]
Icon = Literal["", "clock", "check", "warning", "lock", "bin", "pen", "hourglass"]
SOON_WORKING_DAYS = 3


@dataclass(frozen=True)
class Badge:
    """A short verdict; `css` is a class of the stylesheet, `icon` a picture of parts.html."""

    text: str
    css: Css = ""
    icon: Icon = ""


def due_badge(today: date, due: date) -> Badge:
    """Working days after today, the due day included."""
    left = working_days_between(today, due)
    if today > due:
        return Badge(plural(max(1, -left), "working day") + " late", "late", "warning")
    if today == due:
        return Badge("Due today, until midnight", "soon", "clock")
    text = plural(left, "working day") + " left"
    return Badge(text, "soon" if left <= SOON_WORKING_DAYS else "", "clock")


def days_text(today: date, due: date) -> str:
    """The big words of the answer block."""
    if today > due:
        return due_badge(today, due).text
    if today == due:
        return "Due today"
    return plural(working_days_between(today, due), "working day")
