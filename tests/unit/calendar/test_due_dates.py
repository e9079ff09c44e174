"""The month of GDPR Art. 12(3): the table of known dates, and every day of 2024 to 2040 against a second opinion."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.calendar import calendar_oracle as oracle

from dsr_shared.calendar import (
    HELSINKI,
    MonthRule,
    due_dates,
    due_dates_of,
    end_of_day,
    helsinki_date,
    is_working_day,
    public_holidays,
    working_days_between,
)

KNOWN = {
    date(2026, 11, 23): (date(2026, 12, 23), date(2027, 2, 23)),
    date(2026, 11, 24): (date(2026, 12, 24), date(2027, 2, 24)),
    date(2026, 11, 25): (date(2026, 12, 28), date(2027, 2, 25)),
    date(2026, 11, 30): (date(2026, 12, 30), date(2027, 3, 1)),
    date(2026, 12, 6): (date(2027, 1, 7), date(2027, 3, 8)),
    date(2027, 1, 31): (date(2027, 3, 1), date(2027, 4, 30)),
    date(2028, 1, 31): (date(2028, 2, 29), date(2028, 5, 2)),
    date(2027, 2, 26): (date(2027, 3, 30), date(2027, 5, 26)),
    date(2027, 4, 1): (date(2027, 5, 3), date(2027, 7, 1)),
    date(2027, 4, 6): (date(2027, 5, 7), date(2027, 7, 6)),
    date(2027, 5, 25): (date(2027, 6, 25), date(2027, 8, 25)),
    date(2026, 8, 31): (date(2026, 9, 30), date(2026, 11, 30)),
}


@pytest.mark.promise("P07")
@pytest.mark.parametrize("received", KNOWN, ids=str)
def test_the_known_dates_are_met(received: date) -> None:
    dates = due_dates(datetime(received.year, received.month, received.day, 12, tzinfo=HELSINKI))
    assert (dates.received, dates.due, dates.extended_due) == (received, *KNOWN[received])


@pytest.mark.promise("P07")
def test_every_day_of_seventeen_years_agrees_with_the_second_opinion() -> None:
    for received in oracle.every_day():
        dates = due_dates_of(received)
        nominal = oracle.month_end(received, 1)
        assert dates.nominal == nominal, received
        assert dates.due == oracle.next_working(nominal), received
        assert dates.extended_due == oracle.next_working(oracle.month_end(received, 3)), received


def test_every_public_holiday_is_in_the_table_written_by_hand() -> None:
    for year in range(2024, 2042):
        assert public_holidays(year) == {day for day in oracle.HOLIDAYS if day.year == year}


def test_the_eves_are_working_days() -> None:
    assert is_working_day(date(2026, 12, 24))
    assert is_working_day(date(2027, 6, 25))
    assert not is_working_day(date(2027, 6, 26))


@given(moment=oracle.MOMENTS)
def test_the_day_of_receipt_is_the_day_on_a_wall_clock_in_helsinki(moment: datetime) -> None:
    assert helsinki_date(moment) == oracle.wall_clock(moment).date()


def test_the_day_changes_at_midnight_in_helsinki_on_every_day() -> None:
    for day in oracle.every_day()[:-1]:
        midnight = end_of_day(day)
        assert oracle.wall_clock(midnight) == datetime.combine(day + timedelta(days=1), datetime.min.time())
        assert helsinki_date(midnight - timedelta(microseconds=1)) == day
        assert helsinki_date(midnight) == day + timedelta(days=1)


def test_a_mail_received_late_in_the_evening_in_utc_came_the_next_day() -> None:
    assert due_dates(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)).received == date(2026, 11, 25)


@given(moment=oracle.MOMENTS, hours=st.integers(-23, 23))
def test_the_offset_in_which_a_time_is_written_does_not_matter(moment: datetime, hours: int) -> None:
    assert due_dates(moment) == due_dates(moment.astimezone(timezone(timedelta(hours=hours))))


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset"):
        due_dates(datetime(2026, 11, 24, 23, 30))  # noqa: DTZ001 - the naive time is what is refused


@given(first=st.dates(oracle.FIRST, oracle.LAST), days=st.integers(0, 80))
def test_working_days_are_counted_after_today_with_the_due_day_included(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    counted = [first + timedelta(days=n) for n in range(1, days + 1) if not oracle.is_free(first + timedelta(days=n))]
    assert working_days_between(first, last) == len(counted)
    assert working_days_between(last, first) == -len(counted)


@given(received=st.dates(oracle.FIRST, oracle.LAST))
def test_an_extension_gives_more_time_and_both_end_on_working_days(received: date) -> None:
    dates = due_dates_of(received)
    assert received < dates.nominal <= dates.due < dates.extended_due
    assert is_working_day(dates.due)
    assert is_working_day(dates.extended_due)


def test_a_change_of_the_law_applies_from_its_day_on() -> None:
    rules = (MonthRule(date(2018, 5, 25), 1, 3), MonthRule(date(2027, 1, 1), 2, 4))
    assert due_dates_of(date(2026, 12, 31), rules).nominal == date(2027, 1, 31)
    assert due_dates_of(date(2027, 1, 1), rules).nominal == date(2027, 3, 1)
    assert due_dates_of(date(2017, 1, 2), rules).nominal == date(2017, 2, 2)
