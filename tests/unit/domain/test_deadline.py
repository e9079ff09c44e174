"""The clock of a case: reminders, extension, refusal, pause."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.deadline import (
    REMINDERS,
    ExtensionGranted,
    ExtensionVoid,
    Pause,
    deadline_state,
    decide_extension,
    extension_takes_effect,
    refusal_is_in_time,
    reminders_due,
)
from dsr_shared.calendar import HELSINKI, due_dates_of

DUE = date(2026, 12, 28)
EXTENDED = date(2027, 2, 25)
RECEIVED_DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=HELSINKI)


def kinds(day: date, due: date = DUE, fired: frozenset[str] = frozenset()) -> list[str]:
    return [reminder.kind for reminder in reminders_due(due, at(day), fired)]


@pytest.mark.promise("P07")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 12, 10), []),
        (date(2026, 12, 11), ["due_in_10"]),
        (date(2026, 12, 18), ["due_in_10", "due_in_5"]),
        (date(2026, 12, 22), ["due_in_10", "due_in_5", "due_in_3"]),
        (date(2026, 12, 24), ["due_in_10", "due_in_5", "due_in_3", "due_in_1"]),
        (date(2026, 12, 28), ["due_in_10", "due_in_5", "due_in_3", "due_in_1", "due_today"]),
        (date(2026, 12, 29), list(REMINDERS)),
    ],
)
def test_warnings_come_so_many_working_days_ahead(day: date, expected: list[str]) -> None:
    assert kinds(day) == expected


@pytest.mark.promise("P07")
@given(received=RECEIVED_DAYS, scans=st.lists(st.integers(0, 60), min_size=1))
def test_each_reminder_fires_once_however_irregular_the_scans(received: date, scans: list[int]) -> None:
    due = due_dates_of(received).due
    fired: list[str] = []
    for days in sorted(scans):
        fired += [reminder.key for reminder in reminders_due(due, at(received + timedelta(days=days)), fired)]
    assert len(fired) == len(set(fired))
    if received + timedelta(days=max(scans)) > due:
        assert [key.split(":")[0] for key in fired] == list(REMINDERS)


@pytest.mark.promise("P07")
@given(received=RECEIVED_DAYS, first=st.integers(0, 50))
def test_ten_days_without_a_scan_lose_no_reminder_and_repeat_none(received: date, first: int) -> None:
    due = due_dates_of(received).due
    before, after = (received + timedelta(days=days) for days in (first, first + 10))
    told = [reminder.key for reminder in reminders_due(due, at(before), ())]
    caught_up = [reminder.key for reminder in reminders_due(due, at(after), told)]
    day_by_day: list[str] = []
    for days in range(first, first + 11):
        now = at(received + timedelta(days=days))
        day_by_day += [reminder.key for reminder in reminders_due(due, now, day_by_day)]
    assert told + caught_up == day_by_day


def test_an_extension_starts_a_new_series_of_reminders() -> None:
    fired = [reminder.key for reminder in reminders_due(DUE, at(DUE), ())]
    assert reminders_due(EXTENDED, at(DUE), fired) == ()
    assert [reminder.kind for reminder in reminders_due(EXTENDED, at(EXTENDED), fired)] == list(REMINDERS)[:-1]


@given(received=RECEIVED_DAYS, minutes=st.integers(-3000, 3000))
def test_an_extension_counts_only_if_the_notice_was_accepted_by_the_end_of_the_first_due_day(
    received: date, minutes: int
) -> None:
    dates = due_dates_of(received)
    midnight = at(dates.due + timedelta(days=1), 0)
    accepted = midnight + timedelta(minutes=minutes)
    decision = decide_extension(dates.due, dates.extended_due, "complexity", accepted)
    in_time = minutes < 0
    assert decision == (ExtensionGranted(dates.extended_due) if in_time else ExtensionVoid("notice_too_late"))
    assert extension_takes_effect(dates.due, accepted) is in_time


def test_an_extension_needs_a_ground_and_an_accepted_notice() -> None:
    assert decide_extension(DUE, EXTENDED, None, at(DUE)) == ExtensionVoid("no_ground")
    assert decide_extension(DUE, EXTENDED, "complexity", None) == ExtensionVoid("notice_not_accepted")


def test_a_refusal_is_told_by_the_first_due_day_whatever_was_extended() -> None:
    assert refusal_is_in_time(DUE, at(DUE, 23, 59))
    assert not refusal_is_in_time(DUE, at(DUE + timedelta(days=1), 0))


@pytest.mark.promise("P07")
@given(days=st.integers(-80, 80))
def test_a_case_is_overdue_from_the_first_moment_after_its_day(days: int) -> None:
    state = deadline_state(first_due=DUE, now=at(DUE + timedelta(days=days), 23, 59))
    assert state.is_overdue == (days > 0)
    assert (state.due, state.unpaused_due) == (DUE, DUE)


def test_the_clock_never_pauses_by_itself() -> None:
    assert not deadline_state(first_due=DUE, now=at(DUE)).is_paused


@given(asked=st.integers(0, 25), lasts=st.integers(0, 30), other=st.integers(0, 25))
def test_a_pause_moves_the_day_by_its_length_and_leaves_the_unpaused_day_in_view(
    asked: int, lasts: int, other: int
) -> None:
    start = date(2026, 11, 26)
    pauses = [
        Pause("doubt about who asks", "anna", at(start + timedelta(days=day)), at(start + timedelta(days=day + lasts)))
        for day in (asked, other)
    ]
    state = deadline_state(first_due=DUE, now=at(start), pauses=pauses)
    paused = {start + timedelta(days=day + n) for day in (asked, other) for n in range(lasts)}
    assert state.unpaused_due == DUE
    assert timedelta(0) <= state.due - DUE - timedelta(days=len(paused)) <= timedelta(days=5)
    assert not state.is_paused


def test_an_open_pause_is_shown_and_counts_until_now() -> None:
    pause = Pause("doubt about who asks", "anna", at(date(2026, 12, 1)))
    state = deadline_state(first_due=DUE, now=at(date(2026, 12, 3)), pauses=[pause])
    assert (state.due, state.is_paused) == (date(2026, 12, 30), True)


def test_a_pause_without_ground_or_decider_or_with_times_reversed_is_refused() -> None:
    for ground, by, answered in ((" ", "anna", None), ("doubt", "", None), ("doubt", "anna", at(date(2026, 1, 1)))):
        with pytest.raises(ValueError, match=r"pause needs|before the question"):
            Pause(ground, by, at(DUE), answered)
