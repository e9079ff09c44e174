"""The erasure plan: what is erased, what stands against it, and what happens later by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.conditions import Condition, KeepWhile
from dsr_fulfilment.domain.holds import STATUTORY_HOLDS, FinancialYearEnd, claim_hold
from dsr_fulfilment.domain.items import Item, PlannedItem
from dsr_fulfilment.domain.plan import (
    RECHECK_DAYS,
    BlockedLine,
    DeferredErasure,
    ErasurePlan,
    deferred_erasures,
    differences,
    make_plan,
    plan_matches,
    summarise,
)
from dsr_fulfilment.domain.rules import NoRuleForTable, ParentLink, PlanRules, TableRule

TODAY = date(2026, 11, 22)
TO_CUSTOMER = ParentLink("customers", {"customer_id": "id"})
UNPAID = KeepWhile("unpaid", Condition("paid", any_of=(False,)), {"en": "the invoice is not paid"})
RUNNING = KeepWhile("contract", Condition("state", any_of=("running",)), {"en": "runs"}, until_column="ends_on")
RULES = PlanRules(
    on=TODAY,
    year_end=FinancialYearEnd(12, 31),
    tables=(
        TableRule("crm", "customers", on_kept_child="redact"),
        TableRule("crm", "invoices", hold="voucher", keep_while=(UNPAID,), parent=TO_CUSTOMER),
        TableRule("crm", "contracts", keep_while=(RUNNING,), parent=TO_CUSTOMER),
        TableRule("crm", "notes", parent=TO_CUSTOMER),
        TableRule("web", "logins"),
    ),
    holds=STATUTORY_HOLDS,
)


def customer(number: int = 1, **values: str) -> Item:
    return Item("crm", "customers", {"id": number}, "customer", None, {"id": number, "name": "x", **values})


def invoice(number: int, on: date | None = date(2026, 3, 15), *, paid: bool = True, of: int | None = 1) -> Item:
    return Item("crm", "invoices", {"id": number}, "invoices", on, {"customer_id": of, "paid": paid})


def contract(number: int, ends_on: date | None, *, of: int = 1) -> Item:
    values = {"customer_id": of, "state": "running", "ends_on": ends_on.isoformat() if ends_on else None}
    return Item("crm", "contracts", {"id": number}, "contracts", None, values)


def note(number: int, of: int = 1) -> Item:
    return Item("crm", "notes", {"id": number}, "notes", None, {"customer_id": of, "text": "called"})


def login(number: int) -> Item:
    return Item("web", "logins", {"id": number}, "logins", None, {"at": "2026-01-01"})


def of(plan: ErasurePlan, item: Item) -> PlannedItem:
    return next(one for one in plan.items if one.ref.identity == item.ref.identity)


DOCUMENT_DAYS = st.one_of(st.none(), st.dates(date(2010, 1, 1), TODAY))
ITEMS = st.lists(
    st.one_of(
        st.builds(customer, st.integers(1, 3)),
        st.builds(invoice, st.integers(1, 9), DOCUMENT_DAYS, paid=st.booleans(), of=st.integers(1, 4)),
        st.builds(contract, st.integers(1, 4), st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2030, 1, 1)))),
        st.builds(note, st.integers(1, 4), st.integers(1, 4)),
        st.builds(login, st.integers(1, 4)),
    ),
    unique_by=lambda item: item.ref.identity,
)


@given(items=ITEMS)
def test_every_item_is_erased_or_kept_and_none_is_both(items: list[Item]) -> None:
    plan = make_plan(items, RULES)
    assert sorted(one.ref.identity for one in plan.items) == sorted(item.ref.identity for item in items)
    assert len(plan.erased) + len(plan.kept) == len(items)


@given(items=ITEMS)
def test_nothing_is_kept_without_a_ground_and_what_has_an_end_is_erased_the_day_after(items: list[Item]) -> None:
    for one in make_plan(items, RULES).kept:
        assert one.ground
        assert (one.kept_until is None) == (one.erase_from is None)
        if one.kept_until and one.erase_from:
            assert one.kept_until >= TODAY
            assert one.erase_from == one.kept_until + timedelta(days=1)


@given(items=ITEMS)
def test_whatever_stays_is_taken_up_again_without_anyone_remembering(items: list[Item]) -> None:
    plan = make_plan(items, RULES)
    later = {one.ref.identity: one for one in deferred_erasures(plan, TODAY)}
    stays = {one.ref.identity for one in plan.items if one.action == "keep" or one.is_redacted}
    assert later.keys() == stays
    assert all(one.from_day > TODAY for one in later.values())


@given(items=ITEMS)
def test_no_row_goes_while_a_row_that_stays_needs_it(items: list[Item]) -> None:
    plan = make_plan(items, RULES)
    for item in items:
        stays = of(plan, item).action == "keep"
        for parent in items:
            if stays and parent.table == "customers" and item.values.get("customer_id") == parent.values["id"]:
                assert of(plan, parent).is_redacted


@given(items=ITEMS, data=st.data())
def test_the_plan_does_not_depend_on_the_order_of_finding(items: list[Item], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(items))
    assert make_plan(items, RULES) == make_plan(shuffled, RULES)


@given(items=ITEMS.filter(bool), data=st.data())
def test_a_plan_matches_only_the_items_it_was_made_from(items: list[Item], data: st.DataObject) -> None:
    plan = make_plan(items, RULES)
    one = data.draw(st.sampled_from(items))
    others = [item for item in items if item is not one]
    changed = replace(one, values={**one.values, "name": "somebody else"})
    assert plan_matches(plan, items[::-1])
    assert not plan_matches(plan, others)
    assert not plan_matches(plan, [*others, changed])
    assert differences(plan, [*others, changed]).changed == (changed.ref,)
    assert make_plan([*others, changed], RULES).fingerprint != plan.fingerprint


@pytest.mark.promise("P18")
def test_the_plan_says_what_is_blocked_by_what_before_anything_is_deleted() -> None:
    plan = make_plan([customer(), invoice(1), invoice(2), invoice(3, None), contract(1, None), note(1)], RULES)
    summary = summarise(plan)
    assert (summary.erased, summary.redacted, summary.kept, summary.deferred) == (2, 1, 4, 2)
    assert set(summary.blocked) == {
        BlockedLine("crm", "invoices", "invoices", "voucher", None, date(2032, 12, 31), 2),
        BlockedLine("crm", "invoices", "invoices", "voucher", None, None, 1),
        BlockedLine("crm", "contracts", "contracts", "contract", None, None, 1),
        BlockedLine("crm", "customers", "customer", "voucher", "invoices", None, 1),
    }


@pytest.mark.promise("P18")
def test_a_row_that_something_still_needs_is_not_erased_though_no_hold_is_on_it() -> None:
    unpaid = invoice(1, date(2015, 1, 1), paid=False)
    plan = make_plan([customer(), unpaid], RULES)
    assert of(plan, unpaid).ground == "unpaid"
    assert of(plan, customer()).needed_by == "invoices"


def test_a_hold_is_on_the_invoice_and_not_on_the_whole_account() -> None:
    plan = make_plan([customer(), invoice(1), note(1), login(1)], RULES)
    assert [one.ref.table for one in plan.kept] == ["invoices"]
    assert of(plan, customer()).is_redacted


def test_the_shell_of_a_redacted_row_goes_with_the_last_invoice_that_needs_it() -> None:
    plan = make_plan([customer(), invoice(1, date(2022, 3, 1)), invoice(2)], RULES)
    assert of(plan, customer()).erase_from == date(2033, 1, 1)


def test_a_row_whose_table_says_keep_is_kept_as_long_as_what_needs_it() -> None:
    rules = replace(RULES, tables=(TableRule("crm", "customers"), *RULES.tables[1:]))
    kept = of(make_plan([customer(), invoice(1)], rules), customer())
    assert (kept.action, kept.ground, kept.kept_until) == ("keep", "voucher", date(2032, 12, 31))


def test_need_goes_upwards_through_rows_that_stay() -> None:
    lines = TableRule("crm", "lines", keep_while=(UNPAID,), parent=ParentLink("invoices", {"invoice_id": "id"}))
    rules = replace(RULES, tables=(*RULES.tables, lines))
    line = Item("crm", "lines", {"id": 5}, "lines", None, {"invoice_id": 1, "paid": False})
    old = invoice(1, date(2010, 1, 1))
    plan = make_plan([customer(), old, line], rules)
    assert of(plan, old).needed_by == "lines"
    assert of(plan, customer()).needed_by == "invoices"


def test_a_hold_that_ended_keeps_nothing() -> None:
    old = invoice(1, date(2019, 12, 31))
    assert of(make_plan([old], replace(RULES, on=date(2025, 12, 31))), old).action == "keep"
    assert of(make_plan([old], replace(RULES, on=date(2026, 1, 1))), old).action == "erase"


def test_a_contract_keeps_its_row_until_the_day_it_names() -> None:
    plan = make_plan([contract(1, date(2027, 1, 31)), contract(2, date(2026, 11, 21))], RULES)
    assert of(plan, contract(1, None)).erase_from == date(2027, 2, 1)
    assert of(plan, contract(2, None)).action == "erase"


def test_a_ground_without_an_end_is_judged_again_after_a_month() -> None:
    item = contract(1, None)
    plan = make_plan([item], RULES)
    again = TODAY + timedelta(days=RECHECK_DAYS)
    assert deferred_erasures(plan, TODAY) == (
        DeferredErasure(item.ref, "contracts", "contract", again, is_recheck=True),
    )


def test_among_several_grounds_the_one_that_ends_last_counts() -> None:
    item = invoice(1, paid=False)
    claim = claim_hold("claim", frozenset({item.ref.identity}), date(2031, 6, 30))
    plan = make_plan([item], replace(RULES, claims=(claim,)))
    assert (of(plan, item).ground, of(plan, item).kept_until) == ("claim", date(2034, 6, 30))


def test_rows_are_erased_before_the_rows_they_point_to() -> None:
    tables = [one.ref.table for one in make_plan([customer(), note(1), invoice(1, date(2010, 1, 1))], RULES).items]
    assert tables == ["invoices", "notes", "customers"]


def test_an_empty_reference_points_nowhere() -> None:
    plan = make_plan([customer(), invoice(1, of=None)], RULES)
    assert not of(plan, customer()).is_redacted


def test_something_found_in_an_undeclared_table_stops_the_plan() -> None:
    with pytest.raises(NoRuleForTable, match=r"crm\.secrets"):
        make_plan([replace(note(1), table="secrets")], RULES)


def test_no_text_of_a_plan_shows_a_value_or_a_key() -> None:
    plan = make_plan([customer(name="Canary Korhonen"), invoice(77_777)], RULES)
    assert "Canary" not in repr(plan) + repr(customer(name="Canary Korhonen"))
    assert "77777" not in repr(plan)
