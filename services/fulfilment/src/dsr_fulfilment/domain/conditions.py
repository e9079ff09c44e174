"""Conditions on an item's values that keep it while they last: an open order, an unpaid invoice, a running contract.

A condition is data. What cannot be decided keeps the item: an empty value is none of the listed ones, and no number.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from dsr_fulfilment.domain.items import LocalText

Scalar = str | int | bool


class RuleDoesNotFit(Exception):
    """A rule names a column that the item does not have, or compares what cannot be compared; no plan is made."""

    def __init__(self, table: str, column: str, problem: str) -> None:
        super().__init__(f"{table}.{column}: {problem}; correct the rule in the register")
        self.table = table
        self.column = column


@dataclass(frozen=True)
class Condition:
    """Every part that is given must hold. `at_least` compares numbers with numbers and dates with dates."""

    column: str
    any_of: tuple[Scalar, ...] | None = None
    none_of: tuple[Scalar, ...] | None = None
    is_set: bool | None = None
    at_least: int | str | None = None

    def __post_init__(self) -> None:
        if (self.any_of, self.none_of, self.is_set, self.at_least) == (None, None, None, None):
            raise ValueError(f"the condition on {self.column} says nothing; give any_of, none_of, is_set or at_least")


@dataclass(frozen=True)
class KeepWhile:
    """A condition with the words that tell the person why; `until_column` says how long, where that is known."""

    id: str
    condition: Condition
    text: LocalText = field(hash=False)
    until_column: str | None = None


def holds_true(condition: Condition, table: str, values: Mapping[str, JsonValue]) -> bool:
    value = _value_of(table, condition.column, values)
    return all(
        (
            condition.any_of is None or _is_among(value, condition.any_of),
            condition.none_of is None or not _is_among(value, condition.none_of),
            condition.is_set is None or condition.is_set == (value is not None and value != ""),
            condition.at_least is None or _is_at_least(table, condition, value),
        )
    )


def end_of(rule: KeepWhile, table: str, values: Mapping[str, JsonValue]) -> date | None:
    """The last day the rule itself names; None where it names none or the item leaves it empty."""
    if rule.until_column is None:
        return None
    value = _value_of(table, rule.until_column, values)
    if value is None or value == "":
        return None
    day = day_in(value)
    if day is None:
        raise RuleDoesNotFit(table, rule.until_column, "is not a date")
    return day


def _value_of(table: str, column: str, values: Mapping[str, JsonValue]) -> JsonValue:
    if column not in values:
        raise RuleDoesNotFit(table, column, "is not among the item's columns")
    return values[column]


def _is_among(value: JsonValue, listed: tuple[Scalar, ...]) -> bool:
    """True is not 1 here, as it is not in SQL."""
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in listed)


def _is_at_least(table: str, condition: Condition, value: JsonValue) -> bool:
    if value is None or value == "":
        return True
    for read in (day_in, _number_in):
        bound, actual = read(condition.at_least), read(value)
        if bound is not None and actual is not None:
            return bool(actual >= bound)  # type: ignore[operator]
    raise RuleDoesNotFit(table, condition.column, f"cannot be compared with {condition.at_least!r}")


def day_in(value: object) -> date | None:
    """The day of a date or of a time, as the connectors write them."""
    if not isinstance(value, str) or len(value) < 10 or (len(value) > 10 and value[10] not in "T "):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def _number_in(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
