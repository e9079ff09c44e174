"""Retention rules: from which day on an item is no longer needed, by its age or by an event that happened.

The daily run asks `expired` and puts what it gives into an erasure plan, which still keeps what is on hold.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dsr_fulfilment.domain.conditions import Condition, RuleDoesNotFit, day_in, holds_true
from dsr_fulfilment.domain.items import Item
from dsr_shared.calendar import add_months


@dataclass(frozen=True)
class RetentionRule:
    """`since_column` is the day that age or event is counted from (an order's date, the end of a relationship, the
    withdrawal of a consent); while it is empty, or `only_if` is not true, the rule says nothing about an item."""

    id: str
    system: str
    table: str
    since_column: str
    months: int
    only_if: Condition | None = None


@dataclass(frozen=True)
class Expired:
    """The item may be kept no longer than the day before `erase_from` by its rule."""

    item: Item
    rule_id: str
    erase_from: date


def expires_on(item: Item, rule: RetentionRule) -> date | None:
    """The first day it is not needed; None while the event that the rule waits for has not happened."""
    if (item.system, item.table) != (rule.system, rule.table):
        return None
    if rule.since_column not in item.values:
        raise RuleDoesNotFit(item.table, rule.since_column, "is not among the item's columns")
    since = item.values[rule.since_column]
    if since is None or since == "" or (rule.only_if and not holds_true(rule.only_if, item.table, item.values)):
        return None
    day = day_in(since)
    if day is None:
        raise RuleDoesNotFit(item.table, rule.since_column, "is not a date")
    return add_months(day, rule.months)


def expired(items: Iterable[Item], rules: Sequence[RetentionRule], today: date) -> tuple[Expired, ...]:
    """Each expired item once, by the rule that ended first."""
    return tuple(found for item in items if (found := _first_expired(item, rules, today)))


def _first_expired(item: Item, rules: Sequence[RetentionRule], today: date) -> Expired | None:
    ends = ((expires_on(item, rule), rule.id) for rule in rules)
    reached = sorted((end, rule_id) for end, rule_id in ends if end is not None and end <= today)
    return Expired(item, reached[0][1], reached[0][0]) if reached else None
