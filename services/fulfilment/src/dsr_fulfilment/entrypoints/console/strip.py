"""The strip: one time axis for all rows of a list, a mark for each day, weekends and holidays thin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dsr_fulfilment.entrypoints.console.dates import day_month, short_month
from dsr_shared.calendar import is_working_day

WIDTH: Final = 234.0
WIDEST_DAY: Final = 4.0
MONTH_LABEL_WIDTH: Final = 22.0


@dataclass(frozen=True)
class Label:
    """A word above the axis."""

    x: float
    text: str
    is_today: bool = False


@dataclass(frozen=True)
class Strip:
    """One row: paths by class, and the same in words."""

    paths: tuple[tuple[str, str], ...]
    today_x: float | None
    label: str


@dataclass(frozen=True)
class Axis:
    """The days that all rows of a list share."""

    first: date
    days: int
    today: date

    @classmethod
    def over(cls, spans: Iterable[tuple[date, date]], today: date) -> "Axis":
        """From the earliest receipt, or today, to the latest due day, or today."""
        ends = [day for span in spans for day in span] + [today]
        return cls(min(ends), (max(ends) - min(ends)).days + 1, today)

    @property
    def day_width(self) -> float:
        return min(WIDEST_DAY, WIDTH / self.days)

    def x(self, day: date) -> float:
        return round((day - self.first).days * self.day_width, 2)

    @property
    def labels(self) -> tuple[Label, ...]:
        """Months where they begin, and today; a month too near to today or to the one before is left out."""
        today = Label(self.x(self.today), "today", is_today=True)
        taken, labels = [today.x], [today]
        for day in self._month_starts():
            if all(abs(self.x(day) - x) >= MONTH_LABEL_WIDTH for x in taken):
                taken.append(self.x(day))
                labels.append(Label(self.x(day), short_month(day)))
        return tuple(sorted(labels, key=lambda label: label.x))

    def _month_starts(self) -> Sequence[date]:
        days = (self.first + timedelta(days=count) for count in range(self.days))
        return [day for day in days if day == self.first or day.day == 1]

    def strip(self, received: date, due: date) -> Strip:
        """The row of one case."""
        marks: dict[str, list[str]] = {"past": [], "work": [], "free": [], "last": []}
        width = round(self.day_width * 0.75, 2)
        for count in range((due - received).days):
            day = received + timedelta(days=count)
            if not is_working_day(day):
                marks["free"].append(f"M{self.x(day)} 6h{width}v2h-{width}z")
            else:
                marks["past" if day < self.today else "work"].append(f"M{self.x(day)} 3h{width}v8h-{width}z")
        marks["last"].append(f"M{self.x(due)} 1h{self.day_width}v12h-{self.day_width}z")
        paths = tuple((css, "".join(found)) for css, found in marks.items() if found)
        return Strip(paths, self.x(self.today), f"From {day_month(received)} to {day_month(due)}")
