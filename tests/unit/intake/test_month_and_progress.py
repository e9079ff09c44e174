"""The month sheet and the timeline."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_intake.domain.dates import cell_date, long_date
from dsr_intake.domain.progress import Asked, progress
from dsr_shared.contracts.words import Language, Stage
from dsr_shared.ui.month_sheet import month_sheet

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


def test_the_sheet_of_the_prototype_comes_out_as_drawn() -> None:
    cells = month_sheet(date(2026, 11, 25), date(2026, 12, 11), date(2026, 12, 28))
    css = {cell.day: cell.css for cell in cells}
    assert len(cells) == 42
    assert css[date(2026, 11, 24)] == "out"
    assert css[date(2026, 11, 25)] == "got"
    assert css[date(2026, 11, 28)] == "past free"
    assert css[date(2026, 12, 11)] == "now"
    assert css[date(2026, 12, 24)] == "left"
    assert css[date(2026, 12, 25)] == "left free"
    assert css[date(2026, 12, 28)] == "due"
    assert [cell.day for cell in cells if cell.starts_month] == [date(2026, 12, 1)]


@given(DAYS, st.integers(0, 100), st.integers(0, 130))
def test_every_sheet_is_whole_weeks_with_one_last_day(received: date, length: int, passed: int) -> None:
    due, today = date.fromordinal(received.toordinal() + length), date.fromordinal(received.toordinal() + passed)
    cells = month_sheet(received, today, due)
    assert len(cells) % 7 == 0
    assert cells[0].day.weekday() == 0
    assert [cell.css for cell in cells].count("due") == 1
    assert all((later.day - earlier.day).days == 1 for earlier, later in pairwise(cells))


@pytest.mark.parametrize(
    ("language", "long", "cell"),
    [
        ("fi", "maanantaina 11.1.2027", "1.1."),
        ("sv", "måndag 11 januari 2027", "1/1"),
        ("en", "Monday 11 January 2027", "1 Jan"),
    ],
)
def test_dates_are_written_as_people_write_them(language: Language, long: str, cell: str) -> None:
    assert long_date(date(2027, 1, 11), language) == long
    assert cell_date(date(2027, 1, 1), language, names_month=True) == cell


@pytest.mark.parametrize("stage", ["received", "identifying", "gathering", "awaiting_staff", "erasing"])
def test_an_open_case_always_has_one_current_step(stage: Stage) -> None:
    for rights in (("access",), ("erasure",), ("marketing_opt_out",), ()):
        assert [step.state for step in progress(stage, Asked(rights))].count("is") == 1  # type: ignore[arg-type]


def test_an_opt_out_is_done_once_its_confirmation_went_out_however_far_the_rest_is() -> None:
    rights = ("access", "marketing_opt_out")
    for is_opted_out, state in ((False, "next"), (True, "was")):
        steps = progress("identifying", Asked(rights, is_opted_out=is_opted_out))  # type: ignore[arg-type]
        assert {step.name: step.state for step in steps}["opt_out"] == state
        assert [step.name for step in steps if step.state == "is"] == ["identified"]


def test_an_answer_after_the_erasure_leaves_no_erasure_to_do() -> None:
    for was_erasing, current in ((False, ["erased"]), (True, [])):
        steps = progress("answered", Asked(("access", "erasure"), was_erasing=was_erasing))
        assert [step.name for step in steps if step.state == "is"] == current


def test_a_closed_case_has_nothing_left_to_do() -> None:
    assert {step.state for step in progress("closed", Asked(("access", "erasure")))} == {"was"}
