"""The hours of GDPR Art. 33(1) and of the Cybersecurity Act: consecutive, whatever the clock on the wall does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from tests.unit.calendar import calendar_oracle as oracle

from dsr_shared.calendar import HELSINKI, BreachRule, breach_clock, incident_clock

MINUTE = timedelta(minutes=1)


def helsinki(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=HELSINKI)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        (helsinki(2027, 3, 25, 10, 30), helsinki(2027, 3, 28, 11, 30)),
        (helsinki(2026, 10, 24, 9), helsinki(2026, 10, 27, 8)),
    ],
)
def test_the_known_times_are_met_across_both_changes_of_the_clock(aware: datetime, due: datetime) -> None:
    assert breach_clock(aware).authority_due == due.astimezone(UTC)


def walk(start: datetime, minutes: int) -> datetime:
    """Let a wall clock tick minute by minute; it jumps at 3 and 4 o'clock on the two Sundays."""
    shown, jumped = oracle.wall_clock(start), False
    for _ in range(minutes):
        shown += MINUTE
        sunday = {month: oracle.last_sunday(shown.year, month) for month in (3, 10)}
        if shown.date() == sunday[3] and (shown.hour, shown.minute) == (3, 0):
            shown += timedelta(hours=1)
        elif shown.date() == sunday[10] and (shown.hour, shown.minute) == (4, 0) and not jumped:
            shown, jumped = shown - timedelta(hours=1), True
    return shown


@pytest.mark.parametrize("transition", oracle.transitions(), ids=lambda moment: str(moment.date()))
def test_a_clock_that_ticks_through_72_hours_shows_the_due_time(transition: datetime) -> None:
    for hours_before in (71, 30, 3):
        aware = transition - timedelta(hours=hours_before, minutes=17)
        assert walk(aware, 72 * 60) == oracle.wall_clock(breach_clock(aware).authority_due)


def test_on_every_day_the_due_time_is_259200_seconds_later() -> None:
    for day in oracle.every_day():
        aware = helsinki(day.year, day.month, day.day, 10, 30)
        clock = breach_clock(aware)
        assert clock.authority_due.timestamp() - aware.timestamp() == 259_200
        assert clock.authority_due.tzinfo is UTC


@given(aware=oracle.MOMENTS)
def test_hours_are_data_with_a_first_day(aware: datetime) -> None:
    rules = (BreachRule(date(2018, 5, 25), 72, False), BreachRule(date(2030, 1, 1), 96, True))
    clock = breach_clock(aware, rules)
    is_new = oracle.wall_clock(aware).date() >= date(2030, 1, 1)
    assert clock.authority_due - clock.aware == timedelta(hours=96 if is_new else 72)
    assert clock.only_high_risk is is_new


def test_an_incident_has_timers_of_its_own_from_detection() -> None:
    clock = incident_clock(helsinki(2026, 10, 24, 9))
    assert clock.first_notice_due == helsinki(2026, 10, 25, 8).astimezone(UTC)
    assert clock.follow_up_due == helsinki(2026, 10, 27, 8).astimezone(UTC)
    assert clock.final_report_due == date(2026, 11, 27)


def test_the_final_report_counts_from_the_follow_up_that_was_sent() -> None:
    clock = incident_clock(helsinki(2026, 10, 24, 9), follow_up_sent_at=helsinki(2026, 10, 26, 0, 10))
    assert clock.final_report_due == date(2026, 11, 26)
