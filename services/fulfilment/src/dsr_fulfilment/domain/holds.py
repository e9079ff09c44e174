"""How long material must be kept, as data with validity, and from which day on it is erased.

Accounting Act 1336/1997 chapter 2: vouchers and correspondence six years from the end of the calendar year in which the
financial year ended, books ten years from the end of the financial year. Legal claims (GDPR Art. 17(3)(e)): three years
after the relationship, longer only for a named claim that is looked at again.
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from dsr_shared.calendar import add_months

CountedFrom = Literal["calendar_year_of_financial_year_end", "financial_year_end", "document_date"]
CLAIM_YEARS: Final = 3
MONTH_AND_DAY: Final = re.compile(r"(\d\d)-(\d\d)", re.ASCII)


@dataclass(frozen=True)
class FinancialYearEnd:
    """The day a financial year ends, the same each year; day 29 of February means that month's last day."""

    month: int
    day: int

    def __post_init__(self) -> None:
        date(2024, self.month, self.day)

    @classmethod
    def parse(cls, text: str) -> "FinancialYearEnd":
        """Read MM-DD; raises ValueError naming the text where no year has such a day."""
        parts = MONTH_AND_DAY.fullmatch(text)
        try:
            return cls(*(int(part) for part in parts.groups())) if parts else cls(0, 0)
        except ValueError:
            raise ValueError(f"{text!r} is no month and day; write MM-DD, for example 12-31") from None

    def of(self, document: date) -> date:
        """The end of the financial year that a day lies in."""
        this_year = self._in(document.year)
        return this_year if document <= this_year else self._in(document.year + 1)

    def _in(self, year: int) -> date:
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


@dataclass(frozen=True)
class HoldClass:
    """One class of material that must be kept; several with one id follow each other in time."""

    id: str
    years: int
    counted_from: CountedFrom
    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, document: date) -> bool:
        return (self.valid_from or date.min) <= document <= (self.valid_until or date.max)


VOUCHER: Final = HoldClass("voucher", years=6, counted_from="calendar_year_of_financial_year_end")
BOOKS: Final = HoldClass("books", years=10, counted_from="financial_year_end")
STATUTORY_HOLDS: Final = (VOUCHER, BOOKS)


@dataclass(frozen=True)
class Hold:
    """How long one document is kept: `kept_until` is its last day, `erase_from` the day after."""

    kept_until: date
    erase_from: date


@dataclass(frozen=True)
class ClaimHold:
    """What is kept because of a legal claim, by the identities of the items; reviewed on a day at the latest."""

    id: str
    covers: frozenset[tuple[str, str, str]]
    hold: Hold
    review_on: date


def hold_until(day: date) -> Hold:
    return Hold(day, day + timedelta(days=1))


def hold_of(document: date, hold_class: HoldClass, year_end: FinancialYearEnd) -> Hold:
    return hold_until(_last_day(document, hold_class, year_end))


def class_in_force(holds: Sequence[HoldClass], hold_id: str, document: date) -> HoldClass | None:
    """The class of that id whose validity covers the document; None where the law of its day asked for no hold."""
    return next((hold for hold in holds if hold.id == hold_id and hold.covers(document)), None)


def claim_hold(
    hold_id: str,
    covers: frozenset[tuple[str, str, str]],
    relationship_ended: date,
    *,
    named_claim_until: date | None = None,
    review_on: date | None = None,
) -> ClaimHold:
    """Three years by default. Raises ValueError for a longer hold without a day on which a person looks again."""
    usual = add_months(relationship_ended, 12 * CLAIM_YEARS)
    until = max(usual, named_claim_until or usual)
    if until > usual and review_on is None:
        raise ValueError(f"a claim hold past {usual} needs the named claim's review date")
    review = review_on or usual
    if review > until:
        raise ValueError(f"the review on {review} comes after the hold ended on {until}; choose an earlier day")
    return ClaimHold(hold_id, covers, hold_until(until), review)


def _last_day(document: date, hold_class: HoldClass, year_end: FinancialYearEnd) -> date:
    months = 12 * hold_class.years
    match hold_class.counted_from:
        case "calendar_year_of_financial_year_end":
            return date(year_end.of(document).year + hold_class.years, 12, 31)
        case "financial_year_end":
            return add_months(year_end.of(document), months)
        case "document_date":
            return add_months(document, months)
