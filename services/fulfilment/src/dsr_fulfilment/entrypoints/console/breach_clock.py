"""The hour sheet of a breach, drawn by the server: one row of cells a day, what is used, now, what is left, the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dsr_fulfilment.entrypoints.console.dates import clock, plural, weekday_date
from dsr_shared.calendar import helsinki_date

HOUR: Final = timedelta(hours=1)
HOURS_IN_A_ROW: Final = 24
_CELL_X, _CELL_STEP, _ROW_STEP = 42, 11.5, 38


@dataclass(frozen=True)
class HourRow:
    """One day: its cells as class, x, y, width and height."""

    label: str
    label_y: int
    cells: tuple[tuple[str, float, float, float, float], ...]


@dataclass(frozen=True)
class HoursView:
    """The clock in words and cells."""

    text: str
    small: str
    label: str
    height: int
    rows: tuple[HourRow, ...]
    is_late: bool


def duration(span: timedelta) -> str:
    """Say 40 h 30 min; whole minutes, rounded down."""
    minutes = int(span.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min"


def day_and_time(moment: datetime) -> str:
    """Say Saturday 12 December at 16:20."""
    return f"{weekday_date(helsinki_date(moment))} at {clock(moment)}"


def hours_view(aware: datetime, due: datetime, now: datetime, *, stopped_at: datetime | None = None) -> HoursView:
    """`stopped_at` is when the authority was told: there the clock stands."""
    hours = round((due - aware) / HOUR)
    used = ((stopped_at or now) - aware) / HOUR
    text, small = _words(due, now, aware, hours, stopped_at)
    rows = tuple(_row(day, hours, used) for day in range(-(-hours // HOURS_IN_A_ROW)))
    label = f"{max(0, min(hours, int(used)))} of {hours} hours are used. The time ends on {day_and_time(due)}."
    return HoursView(text, small, label, _ROW_STEP * len(rows) + 4, rows, stopped_at is None and now > due)


def _words(due: datetime, now: datetime, aware: datetime, hours: int, stopped_at: datetime | None) -> tuple[str, str]:
    if stopped_at is not None:
        late = f", {duration(stopped_at - due)} late" if stopped_at > due else ""
        return "Told", f"after {duration(stopped_at - aware)} of {plural(hours, 'hour')}{late}"
    if now > due:
        return f"{duration(now - due)} late", f"The {hours} hours ended on {day_and_time(due)}."
    return duration(due - now), f"left of {plural(hours, 'hour')}. Weekends count."


def _row(day: int, hours: int, used: float) -> HourRow:
    first = day * HOURS_IN_A_ROW
    cells = tuple(
        _cell(index - first, day, _class(index, hours, used))
        for index in range(first, min(hours, first + HOURS_IN_A_ROW))
    )
    return HourRow(f"Day {day + 1}", 21 + day * _ROW_STEP, cells)


def _class(index: int, hours: int, used: float) -> str:
    if index == int(used):
        return "now"
    if index == hours - 1:
        return "due"
    return "past" if index < used else "left"


def _cell(place: int, day: int, css: str) -> tuple[str, float, float, float, float]:
    x, y = _CELL_X + place * _CELL_STEP, 4 + day * _ROW_STEP
    return (css, x + 0.5, y + 0.5, 9, 25) if css == "left" else (css, x, y, 10, 26)
