"""How long documents are kept, for every day of 2024 to 2040 and every end of the financial year, by another method."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.holds import (
    BOOKS,
    VOUCHER,
    FinancialYearEnd,
    HoldClass,
    claim_hold,
    class_in_force,
    hold_of,
)

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
YEAR_ENDS = st.dates(date(2024, 1, 1), date(2024, 12, 31)).map(lambda day: FinancialYearEnd(day.month, day.day))
ITEM = frozenset({("crm", "customers", '{"id":1}')})


def is_year_end(day: date, end: FinancialYearEnd) -> bool:
    is_last_of_february = end.month == 2 and end.day == 29 and day.month == 2 and (day + timedelta(days=1)).day == 1
    return (day.month, day.day) == (end.month, end.day) or is_last_of_february


def walk_to_year_end(day: date, end: FinancialYearEnd) -> date:
    while not is_year_end(day, end):
        day += timedelta(days=1)
    return day


def nth_new_years_eve(day: date, count: int) -> date:
    """The last day of the calendar year that a day lies in is number 0."""
    while count >= 0:
        count -= (day.month, day.day) == (12, 31)
        day += timedelta(days=1)
    return day - timedelta(days=1)


@pytest.mark.parametrize(
    ("document", "hold_class", "year_end", "kept_until"),
    [
        (date(2026, 3, 15), VOUCHER, "12-31", date(2032, 12, 31)),
        (date(2026, 9, 15), VOUCHER, "06-30", date(2033, 12, 31)),
        (date(2024, 3, 31), BOOKS, "03-31", date(2034, 3, 31)),
    ],
)
def test_the_known_holds_are_met(document: date, hold_class: HoldClass, year_end: str, kept_until: date) -> None:
    hold = hold_of(document, hold_class, FinancialYearEnd.parse(year_end))
    assert hold.kept_until == kept_until
    assert hold.erase_from == kept_until + timedelta(days=1)


@pytest.mark.parametrize("year_end", ["12-31", "06-30", "02-29"])
def test_a_voucher_of_every_day_is_kept_six_years_from_the_end_of_the_calendar_year(year_end: str) -> None:
    """Days are walked backwards, so that the financial year's end ahead is always known."""
    end = FinancialYearEnd.parse(year_end)
    sixth_eve = {year: nth_new_years_eve(date(year, 1, 1), 6) for year in range(2024, 2043)}
    day = date(2040, 12, 31)
    ahead = walk_to_year_end(day, end)
    while day >= date(2024, 1, 1):
        ahead = day if is_year_end(day, end) else ahead
        assert hold_of(day, VOUCHER, end).kept_until == sixth_eve[ahead.year], day
        day -= timedelta(days=1)


@given(document=DAYS, end=YEAR_ENDS)
def test_books_are_kept_ten_financial_years_more(document: date, end: FinancialYearEnd) -> None:
    kept_until = hold_of(document, BOOKS, end).kept_until
    first = walk_to_year_end(document, end)
    assert is_year_end(kept_until, end) or (kept_until.month, kept_until.day) == (2, 28)
    assert kept_until.year - first.year == 10


@given(document=DAYS, end=YEAR_ENDS)
def test_no_hold_ends_before_its_years_are_over_nor_two_years_after(document: date, end: FinancialYearEnd) -> None:
    for hold_class in (VOUCHER, BOOKS):
        hold = hold_of(document, hold_class, end)
        assert document.year + hold_class.years <= hold.kept_until.year <= document.year + hold_class.years + 1
        assert hold.erase_from - hold.kept_until == timedelta(days=1)


@pytest.mark.parametrize("text", ["", "13-01", "02-30", "1-1", "12-31T00", "W01-1", "2026-12-31", "12/31"])
def test_what_is_no_month_and_day_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="write MM-DD"):
        FinancialYearEnd.parse(text)


def test_the_class_in_force_on_the_documents_day_counts() -> None:
    holds = (
        HoldClass("voucher", 6, "calendar_year_of_financial_year_end", valid_until=date(2029, 12, 31)),
        HoldClass("voucher", 7, "calendar_year_of_financial_year_end", valid_from=date(2030, 1, 1)),
    )
    assert class_in_force(holds, "voucher", date(2029, 12, 31)) == holds[0]
    assert class_in_force(holds, "voucher", date(2030, 1, 1)) == holds[1]
    assert class_in_force(holds, "books", date(2030, 1, 1)) is None


def test_a_claim_is_kept_three_years_after_the_relationship() -> None:
    claim = claim_hold("claim", ITEM, date(2026, 2, 28))
    assert claim.hold.kept_until == date(2029, 2, 28)
    assert claim.review_on == date(2029, 2, 28)


def test_a_longer_claim_hold_needs_a_day_to_look_again() -> None:
    with pytest.raises(ValueError, match="review date"):
        claim_hold("claim", ITEM, date(2026, 2, 28), named_claim_until=date(2035, 1, 1))
    claim = claim_hold("c", ITEM, date(2026, 2, 28), named_claim_until=date(2035, 1, 1), review_on=date(2027, 1, 1))
    assert (claim.hold.kept_until, claim.review_on) == (date(2035, 1, 1), date(2027, 1, 1))


def test_a_review_after_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="choose an earlier day"):
        claim_hold("claim", ITEM, date(2026, 2, 28), review_on=date(2030, 1, 1))
