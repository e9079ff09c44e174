"""Dates as the console writes them: English words, Helsinki days and times."""

from datetime import date, datetime
from typing import Final

from dsr_shared.calendar import HELSINKI

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day_month(day: date) -> str:
    """Say 28 December."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def long_date(day: date) -> str:
    """Say Monday 28 December 2026."""
    return f"{weekday_date(day)} {day.year}"


def weekday_date(day: date) -> str:
    """Say Monday 28 December."""
    return f"{_DAYS[day.weekday()]} {day_month(day)}"


def weekday(day: date) -> str:
    return _DAYS[day.weekday()]


def short_date(day: date) -> str:
    """Say 28 Dec."""
    return f"{day.day} {short_month(day)}"


def short_year_date(day: date) -> str:
    """Say 31 Dec 2032."""
    return f"{short_date(day)} {day.year}"


def short_weekday_date(day: date) -> str:
    """Say Mon 28 Dec."""
    return f"{_DAYS[day.weekday()][:3]} {short_date(day)}"


def short_month(day: date) -> str:
    return _MONTHS[day.month - 1][:3]


def clock(moment: datetime) -> str:
    """Say 09:14."""
    return f"{moment.astimezone(HELSINKI):%H:%M}"


def short_moment(moment: datetime) -> str:
    """Say 10 Dec 14:32."""
    local = moment.astimezone(HELSINKI)
    return f"{short_date(local.date())} {clock(moment)}"


def long_moment(moment: datetime) -> str:
    """Say Thursday 10 December 2026, 23:50."""
    return f"{long_date(moment.astimezone(HELSINKI).date())}, {clock(moment)}"


def machine_moment(moment: datetime) -> str:
    """For the datetime attribute."""
    return moment.astimezone(HELSINKI).isoformat(timespec="minutes")


def plural(count: int, one: str, many: str | None = None) -> str:
    """Say 1 item, 3 items."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
