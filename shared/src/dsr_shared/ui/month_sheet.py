"""The month sheet: every day from receipt to the last day, in whole weeks, each with what it is."""

from dataclasses import dataclass
from datetime import date, timedelta

from dsr_shared.calendar import is_working_day


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day; `css` are the classes of the stylesheet."""

    day: date
    css: str
    starts_month: bool
    """Whether the cell names its month: the first of a month within the time that runs."""


def month_sheet(received: date, today: date, due: date) -> tuple[DayCell, ...]:
    """Days from the Monday before receipt to the Sunday after the last day (or after today, where that is later)."""
    first = received - timedelta(days=received.weekday())
    last = max(due, received)
    last += timedelta(days=6 - last.weekday())
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(DayCell(day, _css(day, received, today, due), _starts_month(day, received, due)) for day in days)


def _css(day: date, received: date, today: date, due: date) -> str:
    if day < received or day > due:
        return "out"
    if day == due:
        return "due"
    if day == today:
        return "now"
    if day == received:
        return "got"
    name = "past" if day < today else "left"
    return name if is_working_day(day) else f"{name} free"


def _starts_month(day: date, received: date, due: date) -> bool:
    return day.day == 1 and received <= day <= due
