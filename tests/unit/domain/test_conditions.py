"""Conditions that keep an item while they last."""

from datetime import date

import pytest
from pydantic import JsonValue

from dsr_fulfilment.domain.conditions import Condition, KeepWhile, RuleDoesNotFit, end_of, holds_true

OPEN = Condition("status", any_of=("open", "sent"))
NOT_PAID = Condition("paid_on", is_set=False)


@pytest.mark.parametrize(
    ("condition", "value", "expected"),
    [
        (Condition("c", any_of=("open",)), "open", True),
        (Condition("c", any_of=("open",)), "closed", False),
        (Condition("c", any_of=("open",)), None, False),
        (Condition("c", any_of=(1,)), True, False),
        (Condition("c", any_of=(True,)), True, True),
        (Condition("c", none_of=("paid", "void")), "sent", True),
        (Condition("c", none_of=("paid", "void")), "paid", False),
        (Condition("c", none_of=("paid",)), None, True),
        (Condition("c", is_set=True), "x", True),
        (Condition("c", is_set=True), "", False),
        (Condition("c", is_set=True), 0, True),
        (Condition("c", is_set=False), None, True),
        (Condition("c", at_least=1), 1, True),
        (Condition("c", at_least=1), "0.99", False),
        (Condition("c", at_least="0.01"), "12.50", True),
        (Condition("c", at_least="2026-11-22"), "2026-11-22", True),
        (Condition("c", at_least="2026-11-22"), "2026-11-21T23:59:59+02:00", False),
        (Condition("c", at_least=1), None, True),
        (Condition("c", any_of=("open",), at_least=1), "open", False),
    ],
)
def test_each_form_decides(condition: Condition, value: JsonValue, expected: bool) -> None:
    if condition.any_of and condition.at_least:
        with pytest.raises(RuleDoesNotFit):
            holds_true(condition, "orders", {"c": value})
    else:
        assert holds_true(condition, "orders", {"c": value}) is expected


def test_a_column_that_the_item_does_not_have_stops_the_plan_by_name() -> None:
    with pytest.raises(RuleDoesNotFit, match=r"orders\.status.*correct the rule"):
        holds_true(OPEN, "orders", {"state": "open"})


def test_a_condition_that_says_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        Condition("status")


@pytest.mark.parametrize(
    ("value", "end"), [("2027-01-31", date(2027, 1, 31)), ("2027-01-31 08:00:00", date(2027, 1, 31)), (None, None)]
)
def test_the_end_of_a_condition_is_the_day_that_the_item_names(value: JsonValue, end: date | None) -> None:
    rule = KeepWhile("contract", NOT_PAID, {"en": "contract runs"}, until_column="ends_on")
    assert end_of(rule, "contracts", {"ends_on": value}) == end


def test_an_end_that_is_no_date_stops_the_plan() -> None:
    rule = KeepWhile("contract", NOT_PAID, {"en": "contract runs"}, until_column="ends_on")
    with pytest.raises(RuleDoesNotFit, match="not a date"):
        end_of(rule, "contracts", {"ends_on": "soon"})
