"""How the due date is counted, step by step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dsr_fulfilment.entrypoints.console.dates import day_month, weekday, weekday_date
from dsr_shared.calendar import due_dates, is_working_day


@dataclass(frozen=True)
class CountStep:
    """One step of how the date is counted."""

    title: str
    hint: str


def counting(received_at: datetime) -> tuple[CountStep, ...]:
    """How the due date follows from the day of receipt."""
    dates = due_dates(received_at)
    first = CountStep(
        f"One month from {day_month(dates.received)} is {day_month(dates.nominal)}",
        "Article 12(3). A month, not 30 days.",
    )
    last_hint = "The time ends that day at midnight, Finnish time."
    if dates.nominal == dates.due:
        return first, CountStep(f"{weekday_date(dates.due)} is a working day", last_hint)
    passed = [dates.nominal + timedelta(days=count) for count in range((dates.due - dates.nominal).days)]
    others = ", ".join(f"{day_month(day)} {_why_free(day)}" for day in passed[1:])
    moved = CountStep(
        f"{day_month(dates.nominal)} is {_why_free(dates.nominal)}, so the time moves on",
        "Regulation 1182/71, Article 3." + (f" So are: {others}." if others else ""),
    )
    return first, moved, CountStep(f"{weekday_date(dates.due)} is the first working day", last_hint)


def _why_free(day: date) -> str:
    return f"a {weekday(day)}" if day.weekday() >= 5 and not is_working_day(day) else "a public holiday"
