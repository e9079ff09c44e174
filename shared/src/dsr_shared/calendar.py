"""The clock of the law: due dates, Finnish working days, and the timers of a breach. Pure.

Days are calendar days in Europe/Helsinki, hours are consecutive hours in UTC. A month ends on the same day number of
the next month, or on that month's last day, and rolls on over weekends and public holidays (GDPR Art. 12(3); Regulation
1182/71 Art. 3). Christmas Eve and Midsummer Eve count as working days: in doubt a period ends earlier.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

HELSINKI: Final = ZoneInfo("Europe/Helsinki")
FIXED_HOLIDAYS: Final = ((1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26))
DAYS_FROM_EASTER: Final = {"Good Friday": -2, "Easter": 0, "Easter Monday": 1, "Ascension": 39, "Pentecost": 49}


@dataclass(frozen=True)
class MonthRule:
    """How many months a controller has, and how many from receipt after an extension; valid from a day on."""

    valid_from: date
    months: int
    extended_months: int


@dataclass(frozen=True)
class BreachRule:
    """How many hours the authority is to be told in, for breaches that one became aware of from `valid_from` on."""

    valid_from: date
    authority_hours: int
    only_high_risk: bool


@dataclass(frozen=True)
class IncidentRule:
    """The timers of a significant incident (Cybersecurity Act 124/2025), counted from its detection."""

    valid_from: date
    first_notice_hours: int
    follow_up_hours: int
    final_report_months: int


RuleT = TypeVar("RuleT", MonthRule, BreachRule, IncidentRule)

MONTH_RULES: Final = (MonthRule(date(2018, 5, 25), months=1, extended_months=3),)
BREACH_RULES: Final = (BreachRule(date(2018, 5, 25), authority_hours=72, only_high_risk=False),)
INCIDENT_RULES: Final = (
    IncidentRule(date(2025, 4, 8), first_notice_hours=24, follow_up_hours=72, final_report_months=1),
)


@dataclass(frozen=True)
class DueDates:
    """The days of one request: a period ends when its last day ends, at 24:00 in Helsinki."""

    received: date
    nominal: date
    due: date
    extended_due: date


@dataclass(frozen=True)
class BreachClock:
    """When the authority is to be told at the latest; both moments in UTC."""

    aware: datetime
    authority_due: datetime
    only_high_risk: bool


@dataclass(frozen=True)
class IncidentClock:
    """The timers of a significant incident, in UTC; the final report is due by the end of a Helsinki day."""

    detected: datetime
    first_notice_due: datetime
    follow_up_due: datetime
    final_report_due: date


def helsinki_date(moment: datetime) -> date:
    """The calendar day in Finland; raises ValueError for a time without an offset."""
    return _aware(moment).astimezone(HELSINKI).date()


def due_dates(received_at: datetime, rules: tuple[MonthRule, ...] = MONTH_RULES) -> DueDates:
    return due_dates_of(helsinki_date(received_at), rules)


def due_dates_of(received: date, rules: tuple[MonthRule, ...] = MONTH_RULES) -> DueDates:
    """For paper, whose day of arrival is all that is known."""
    rule = _rule_on(received, rules)
    nominal = add_months(received, rule.months)
    extended = add_months(received, rule.extended_months)
    return DueDates(received, nominal, roll_to_working_day(nominal), roll_to_working_day(extended))


def end_of_day(day: date) -> datetime:
    """The moment in UTC at which a Helsinki day ends: 24:00, which is 00:00 of the day after."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=HELSINKI).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day number so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def roll_to_working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def working_days_between(today: date, due: date) -> int:
    """Working days after today up to and including the due day; negative when the due day has passed."""
    if due < today:
        return -working_days_between(due, today)
    return sum(is_working_day(day) for day in _days_after(today, due))


def breach_clock(aware_at: datetime, rules: tuple[BreachRule, ...] = BREACH_RULES) -> BreachClock:
    """Consecutive hours, weekends and holidays included (GDPR Art. 33(1))."""
    rule = _rule_on(helsinki_date(aware_at), rules)
    aware = aware_at.astimezone(UTC)
    return BreachClock(aware, aware + timedelta(hours=rule.authority_hours), rule.only_high_risk)


def incident_clock(
    detected_at: datetime,
    follow_up_sent_at: datetime | None = None,
    rules: tuple[IncidentRule, ...] = INCIDENT_RULES,
) -> IncidentClock:
    """Both notices count from detection; the final report from the follow-up, or from its due time while unsent."""
    rule = _rule_on(helsinki_date(detected_at), rules)
    detected = detected_at.astimezone(UTC)
    follow_up_due = detected + timedelta(hours=rule.follow_up_hours)
    follow_up = helsinki_date(follow_up_sent_at or follow_up_due)
    return IncidentClock(
        detected=detected,
        first_notice_due=detected + timedelta(hours=rule.first_notice_hours),
        follow_up_due=follow_up_due,
        final_report_due=add_months(follow_up, rule.final_report_months),
    )


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Finnish public holidays without the eves."""
    easter = easter_sunday(year)
    return frozenset(
        {date(year, month, day) for month, day in FIXED_HOLIDAYS}
        | {easter + timedelta(days=days) for days in DAYS_FROM_EASTER.values()}
        | {_saturday_from(date(year, 6, 20)), _saturday_from(date(year, 10, 31))}
    )


def easter_sunday(year: int) -> date:
    """Gregorian Easter by the computation of Meeus, Jones and Butcher (Astronomical Algorithms, chapter 8).

    `a` is the year's place in the 19-year moon cycle, `h` the age of the spring full moon, `w` the days to its Sunday.
    """
    a, (b, c) = year % 19, divmod(year, 100)
    leaps_skipped, moon_correction = b - b // 4, (8 * b + 13) // 25
    h = (19 * a + leaps_skipped - moon_correction + 15) % 30
    w = (2 * (b % 4) + 2 * (c // 4) - h - c % 4 + 32) % 7
    late = (a + 11 * h + 22 * w) // 451
    month, day = divmod(h + w - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _saturday_from(day: date) -> date:
    return day + timedelta(days=(5 - day.weekday()) % 7)


def _days_after(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=count) for count in range(1, (last - first).days + 1))


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no offset from UTC; write one, for example +02:00")
    return moment


def _rule_on(day: date, rules: tuple[RuleT, ...]) -> RuleT:
    """The rule in force on a day; before the first one began, the first one, which can only be the shorter time."""
    in_force = [rule for rule in rules if rule.valid_from <= day]
    return max(in_force, key=lambda rule: rule.valid_from) if in_force else rules[0]
