"""An approved plan is carried out whole or not at all, in foreign-key order, and proved by searching again."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import date
from uuid import uuid4

import asyncpg
import pytest
from tests.connected.connectors.conftest import Sample

from dsr_fulfilment.adapters.connectors.postgresql import PostgresqlConnector
from dsr_fulfilment.domain.items import Identifiers, ItemOutcome, PlannedItem
from dsr_fulfilment.domain.plan import deferred_erasures, make_plan
from dsr_fulfilment.ports import PlanOutdated, SystemUnavailable
from dsr_fulfilment.register.rules import plan_rules
from kuukausi.sample import ASKS_BY_MAIL, HAS_OPEN_ORDER, NAMESAKE

LIISA = Identifiers({"email": ASKS_BY_MAIL.email})
TODAY = date(2026, 11, 22)


async def planned(sample: Sample, connector: PostgresqlConnector, ids: Identifiers = LIISA) -> tuple[PlannedItem, ...]:
    controller = next(name for name, r in sample.registers.items() if any(s.id == connector.system for s in r.systems))
    found = await connector.find(ids)
    return make_plan(found.items, plan_rules(sample.registers[controller], TODAY)).items


def counted(outcomes: tuple[ItemOutcome, ...]) -> Counter[tuple[str, str]]:
    return Counter((one.ref.table, one.outcome) for one in outcomes)


@pytest.mark.promise("P04")
@pytest.mark.promise("P16")
async def test_the_person_goes_and_held_invoices_stay_with_an_empty_customer_card(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    outcomes = await crm.erase(plan, uuid4())
    assert counted(outcomes)["invoices", "kept"] == 3
    assert counted(outcomes)["invoices", "erased"] == 1
    assert not [one for one in outcomes if one.outcome not in ("erased", "kept")]
    until = {one.ref.key["id"]: one.until for one in outcomes if one.ref.table == "invoices"}
    assert until == {10: None, 11: date(2027, 12, 31), 12: date(2030, 12, 31), 13: date(2032, 12, 31)}
    (card,) = await sample.sql("crm", "select * from customers where id = 1")
    assert (card["given_name"], card["family_name"], card["email"]) == ("", "", "poistettu-1")
    assert {card[name] for name in ("phone", "street", "postcode", "city", "personal_identity_code")} == {None}
    assert card["number"] == ASKS_BY_MAIL.number
    for table in ("contacts", "orders", "support_notes"):
        assert await sample.sql("crm", f"select from {table} where customer_id = 1") == []
    held = await sample.sql("crm", "select id, billed_name from invoices where customer_id = 1 order by id")
    assert [tuple(row) for row in held] == [(n, ASKS_BY_MAIL.name) for n in (11, 12, 13)]


@pytest.mark.promise("P20")
async def test_portal_accounts_and_consents_with_composite_keys_are_erased_wholly(sample: Sample) -> None:
    portal = sample.connector("esimerkki", "portal")
    outcomes = await portal.erase(await planned(sample, portal), uuid4())
    assert {one.outcome for one in outcomes} == {"erased"}
    assert {one.ref.table for one in outcomes} == {"logins", "login_events", "newsletter_consents"}
    assert (await portal.find(LIISA)).outcome == "nothing_found"


async def test_the_namesake_and_everybody_else_and_the_other_company_are_untouched(sample: Sample) -> None:
    before = {name: await sample.everything(name) for name in ("crm", "portal", "shop")}
    for system in ("crm", "portal"):
        connector = sample.connector("esimerkki", system)
        await connector.erase(await planned(sample, connector), uuid4())
    assert await sample.everything("shop") == before["shop"]
    after = {name: await sample.everything(name) for name in ("crm", "portal")}
    for name, tables in after.items():
        for table, rows in tables.items():
            gone = set(before[name][table]) - set(rows)
            assert all(NAMESAKE.email not in row for row in gone)
    others = "select t::text from invoices t where customer_id <> 1 order by id"
    assert [r[0] for r in await sample.sql("crm", others)] == sorted(
        (r for r in before["crm"]["invoices"] if r.split(",")[2] != "1"), key=lambda r: int(r[1:].split(",")[0])
    )
    assert len(before["crm"]["customers"]) == len(after["crm"]["customers"]) == 1000
    assert len(set(before["crm"]["customers"]) - set(after["crm"]["customers"])) == 1


async def test_verify_searches_again_and_says_what_is_true(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    before = await crm.verify(LIISA, plan)
    assert {one.detail for one in before if one.outcome == "failed"} == {"still_there"}
    await crm.erase(plan, uuid4())
    after = await crm.verify(LIISA, plan)
    assert {one.outcome for one in after} == {"erased", "kept"}
    assert len(after) == len(plan)


async def test_verify_reports_a_row_that_turned_up_again(sample: Sample) -> None:
    portal = sample.connector("esimerkki", "portal")
    plan = await planned(sample, portal)
    await portal.erase(plan, uuid4())
    await sample.sql(
        "portal", "insert into newsletter_consents values ($1, 'muu', now(), 'tuonti', null)", ASKS_BY_MAIL.email
    )
    again = [one for one in await portal.verify(LIISA, plan) if one.detail == "found_again"]
    assert [(one.ref.table, one.outcome) for one in again] == [("newsletter_consents", "failed")]


@pytest.mark.promise("P18")
async def test_an_open_order_and_an_unpaid_invoice_are_shown_as_kept_before_anything_goes(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm, Identifiers({"email": HAS_OPEN_ORDER.email}))
    grounds = {(one.ref.table, one.action): one.ground for one in plan}
    assert grounds["orders", "keep"] == "open_order"
    assert grounds["invoices", "keep"] == "voucher"


@pytest.mark.parametrize(
    "change",
    [
        "update invoices set status = 'reminded' where id = 13",
        "update customers set city = 'Espoo' where id = 1",
        "delete from support_notes where customer_id = 1",
        "insert into contacts values (1, 9, 'uusi', 'Liisa', null, null)",
        "insert into order_lines values (10, 99, 'Uusi', 1, 1.00)",
    ],
)
async def test_a_plan_that_no_longer_fits_erases_nothing_at_all(sample: Sample, change: str) -> None:
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    await sample.sql("crm", change)
    before = await sample.everything("crm")
    with pytest.raises(PlanOutdated):
        await crm.erase(plan, uuid4())
    assert await sample.everything("crm") == before


async def test_a_repeat_after_a_crash_finds_the_rows_gone_and_says_erased(sample: Sample) -> None:
    crm, key = sample.connector("esimerkki", "crm"), uuid4()
    plan = await planned(sample, crm)
    first = await crm.erase(plan, key)
    state = await sample.everything("crm")
    assert await crm.erase(plan, key, intent_recorded=True) == first
    assert await sample.everything("crm") == state


async def test_a_repeat_whose_first_attempt_did_nothing_does_it_now(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    outcomes = await crm.erase(plan, uuid4(), intent_recorded=True)
    assert counted(outcomes)["orders", "erased"] == 4
    assert await sample.sql("crm", "select from orders where customer_id = 1") == []


async def test_missing_rows_without_a_recorded_intent_are_never_a_success(sample: Sample) -> None:
    portal = sample.connector("esimerkki", "portal")
    plan = await planned(sample, portal)
    await portal.erase(plan, uuid4())
    with pytest.raises(PlanOutdated):
        await portal.erase(plan, uuid4())


async def with_undeclared_table(sample: Sample, references: str, *, is_readable: bool) -> None:
    """A table that points to customers and that nobody declared; no held invoice is in the way."""
    await sample.sql("crm", "delete from invoice_lines where invoice_id in (11, 12, 13)")
    await sample.sql("crm", "delete from invoices where id in (11, 12, 13)")
    await sample.sql("crm", f"create table loyalty (customer_id bigint not null {references}, points int)")
    await sample.sql("crm", "insert into loyalty values (1, 70)")
    if is_readable:
        await sample.sql("crm", "grant select on loyalty to public")


@pytest.mark.parametrize(
    ("references", "is_readable", "detail"),
    [
        ("references customers", True, "referenced_by:public.loyalty"),
        ("references customers on delete cascade", True, "would_cascade_to:public.loyalty"),
        ("references customers on delete cascade", False, "would_cascade_to:public.loyalty"),
    ],
)
async def test_an_undeclared_reference_is_reported_for_its_item_before_anything_goes(
    sample: Sample, references: str, is_readable: bool, detail: str
) -> None:
    await with_undeclared_table(sample, references, is_readable=is_readable)
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    before = await sample.everything("crm")
    outcomes = await crm.erase(plan, uuid4())
    assert {one.ref.table: one.detail for one in outcomes}["customers"] == detail
    assert {one.detail for one in outcomes if one.ref.table != "customers"} == {"not_attempted"}
    assert {one.outcome for one in outcomes} == {"failed"}
    assert await sample.everything("crm") == before


async def test_a_reference_that_we_may_not_see_stops_everything_by_the_database_itself(sample: Sample) -> None:
    await with_undeclared_table(sample, "references customers", is_readable=False)
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    before = await sample.everything("crm")
    outcomes = await crm.erase(plan, uuid4())
    assert {(one.outcome, one.detail) for one in outcomes} == {("failed", "refused_by_database:23503:public.loyalty")}
    assert await sample.everything("crm") == before


async def test_a_trigger_that_keeps_a_row_undoes_everything(sample: Sample) -> None:
    await sample.sql("crm", "create function stay() returns trigger language plpgsql as 'begin return null; end'")
    await sample.sql(
        "crm", "create trigger stay before delete on orders for each row when (old.id = 12) execute function stay()"
    )
    crm = sample.connector("esimerkki", "crm")
    before = await sample.everything("crm")
    outcomes = await crm.erase(await planned(sample, crm), uuid4())
    assert {one.detail for one in outcomes if one.outcome == "failed"} == {"not_deleted"}
    assert "erased" not in {one.outcome for one in outcomes}
    assert await sample.everything("crm") == before


async def test_a_connection_killed_in_the_middle_leaves_nothing_half_deleted(sample: Sample) -> None:
    """The erasure is stopped at its last table by a lock, then its server process is ended."""
    crm = sample.connector("esimerkki", "crm")
    plan = await planned(sample, crm)
    before = await sample.everything("crm")
    await sample.sql(
        "crm", "create function wait_for_us() returns trigger language plpgsql as"
        " 'begin perform pg_advisory_lock(4711); return old; end'"
    )  # fmt: skip
    await sample.sql(
        "crm", "create trigger wait before update on customers for each row execute function wait_for_us()"
    )
    holder = await asyncpg.connect(sample.access.admin_urls["crm"])
    try:
        await holder.execute("select pg_advisory_lock(4711)")
        erasing = asyncio.create_task(crm.erase(plan, uuid4()))
        await _ended_while_waiting(holder)
        with pytest.raises(SystemUnavailable):
            await erasing
    finally:
        await holder.close()
    assert await sample.everything("crm") == before


async def _ended_while_waiting(holder: asyncpg.Connection) -> None:
    ended = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and wait_event = 'advisory'"
    )
    async with asyncio.timeout(10):
        while not await holder.fetch(ended):
            pass


async def test_deferred_erasures_finish_the_work_when_the_hold_ends(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    found = await crm.find(LIISA)
    plan = make_plan(found.items, plan_rules(sample.registers["esimerkki"], TODAY))
    await crm.erase(plan.items, uuid4())
    later = tuple(
        PlannedItem(replace(one.ref, fingerprint=""), "erase", one.category) for one in deferred_erasures(plan, TODAY)
    )
    outcomes = await crm.erase(later, uuid4())
    assert {one.outcome for one in outcomes} == {"erased"}
    for table, column in (("customers", "id"), ("invoices", "customer_id")):
        assert await sample.sql("crm", f"select from {table} where {column} = 1") == []


async def test_a_shell_that_an_invoice_still_needs_is_not_deleted(sample: Sample) -> None:
    crm = sample.connector("esimerkki", "crm")
    found = await crm.find(LIISA)
    plan = make_plan(found.items, plan_rules(sample.registers["esimerkki"], TODAY))
    await crm.erase(plan.items, uuid4())
    shell = next(one for one in plan.items if one.is_redacted)
    with pytest.raises(PlanOutdated):
        await crm.erase([replace(shell, ref=replace(shell.ref, fingerprint=""), is_redacted=False)], uuid4())
    assert len(await sample.sql("crm", "select from invoices where customer_id = 1")) == 3


async def test_a_table_that_left_the_register_makes_the_plan_outdated(sample: Sample) -> None:
    portal = sample.connector("esimerkki", "portal")
    plan = await planned(sample, portal)
    strange = tuple(replace(one, ref=replace(one.ref, table="gone")) for one in plan)
    with pytest.raises(PlanOutdated):
        await portal.erase(strange, uuid4())


async def test_the_other_company_erases_its_own_customer_of_the_same_address(sample: Sample) -> None:
    before = {name: await sample.everything(name) for name in ("crm", "portal")}
    shop = sample.connector("pikku", "shop")
    outcomes = await shop.erase(await planned(sample, shop), uuid4())
    assert counted(outcomes) == {("purchases", "kept"): 2, ("clients", "erased"): 1}
    until = sorted(str(one.until) for one in outcomes if one.ref.table == "purchases")
    assert until == ["2031-12-31", "2032-12-31"]
    assert {name: await sample.everything(name) for name in ("crm", "portal")} == before
