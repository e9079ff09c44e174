"""Retention by age and by event, and when an approved erasure takes effect."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from dsr_fulfilment.domain.conditions import Condition, RuleDoesNotFit
from dsr_fulfilment.domain.grace import execute_after
from dsr_fulfilment.domain.items import Item
from dsr_fulfilment.domain.retention import Expired, RetentionRule, expired, expires_on
from dsr_shared.calendar import HELSINKI

ENDED = RetentionRule("ended", "crm", "customers", since_column="ended_on", months=3)
WITHDRAWN = RetentionRule("withdrawn", "crm", "customers", "consent_at", 0, Condition("consent", any_of=(False,)))


def customer(**values: JsonValue) -> Item:
    row: dict[str, JsonValue] = {"ended_on": None, "consent": True, "consent_at": "2026-01-05T10:00:00+02:00"}
    return Item("crm", "customers", {"id": 1}, "customers", None, {**row, **values})


def test_master_data_go_three_months_after_the_relationship_ended() -> None:
    item = customer(ended_on="2026-08-31")
    assert expires_on(item, ENDED) == date(2026, 11, 30)
    assert expired([item], [ENDED], date(2026, 11, 29)) == ()
    assert expired([item], [ENDED], date(2026, 11, 30)) == (Expired(item, "ended", date(2026, 11, 30)),)


def test_while_the_event_has_not_happened_nothing_ends() -> None:
    assert expires_on(customer(), ENDED) is None
    assert expires_on(customer(), WITHDRAWN) is None
    assert expires_on(customer(consent=False), WITHDRAWN) == date(2026, 1, 5)


def test_the_rule_that_ended_first_counts_and_each_item_comes_once() -> None:
    item = customer(ended_on="2026-01-01", consent=False)
    assert expired([item], [ENDED, WITHDRAWN], date(2026, 11, 22)) == (Expired(item, "withdrawn", date(2026, 1, 5)),)


def test_a_rule_of_another_table_says_nothing() -> None:
    assert expires_on(customer(), RetentionRule("x", "crm", "orders", "ended_on", 3)) is None


def test_a_column_that_is_missing_or_no_date_is_named() -> None:
    with pytest.raises(RuleDoesNotFit, match=r"customers\.left_on"):
        expires_on(customer(), RetentionRule("x", "crm", "customers", "left_on", 3))
    with pytest.raises(RuleDoesNotFit, match="not a date"):
        expires_on(customer(ended_on="last year"), ENDED)


def test_without_grace_an_approval_takes_effect_at_once() -> None:
    now = datetime(2026, 11, 22, 8, tzinfo=UTC)
    assert execute_after("none", now) == now


@given(
    approved=st.integers(1_704_000_000, 2_240_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    hour=st.integers(0, 23),
)
def test_with_grace_it_takes_effect_at_the_next_such_hour_in_helsinki(approved: datetime, hour: int) -> None:
    after = execute_after(f"{hour:02}:00", approved)
    assert timedelta(0) < after - approved <= timedelta(hours=25)
    assert after.astimezone(HELSINKI).hour == hour or hour == 3
