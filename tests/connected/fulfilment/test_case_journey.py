"""A case from its arrival to its end, on real PostgreSQL: what is found, sent, erased, kept and proved."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.connected.fulfilment.company import rows

from dsr_fulfilment.domain.evidence import Unbroken
from dsr_fulfilment.handlers.deferred import erase_what_became_due
from dsr_fulfilment.handlers.reminders import fire_reminders


@pytest.mark.promise("P01")
async def test_a_verified_person_gets_a_package_only_after_the_paper_folder_was_searched(desk, others):
    case_id = await others.request("access")
    await desk.work()
    assert (await desk.case(case_id)).state == "identifying"
    assert await desk.letters(case_id) == ["challenge"]
    await desk.answer_challenge(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_paper"
    assert await desk.published("package_ready") == []
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert await desk.letters(case_id) == ["challenge", "access_reply"]
    assert len(await desk.published("package_ready")) == 1
    assert (await desk.case(case_id)).state == "closed"
    assert await desk.outcomes(case_id) == {"crm": "found", "folder": "nothing_found"}


@pytest.mark.promise("P04")
@pytest.mark.promise("P16")
async def test_erasure_removes_what_nothing_holds_and_keeps_the_voucher_until_its_day(desk, others, customers):
    case_id = await others.request("access", "erasure")
    await desk.search_through(case_id)
    assert (await desk.case(case_id)).state == "awaiting_approval"
    assert len(await rows(customers, "select * from notes where customer_id = 1")) == 2, "nothing before approval"
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    assert await desk.letters(case_id) == ["challenge", "access_reply", "erasure_reply"]
    assert await rows(customers, "select number from invoices where customer_id = 1") == [(11,)]
    assert await rows(customers, "select * from notes where customer_id = 1") == []
    assert await rows(customers, "select name, email from customers where id = 1") == [("", None)]
    kept = (await desk.published("case_stage_changed"))[-2]["kept"]
    assert [(line["count"], line["until"]) for line in kept] == [(1, "2032-12-31")]
    assert await desk.outcomes(case_id) == {"crm": "kept", "folder": "nothing_found"}
    assert isinstance(await desk.chain(case_id), Unbroken)


async def test_a_namesake_is_untouched(desk, others, customers):
    before = await rows(customers, "select * from customers where id = 2")
    case_id = await others.request("erasure")
    await desk.search_through(case_id)
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    assert await rows(customers, "select * from customers where id = 2") == before
    assert await rows(customers, "select number from invoices where customer_id = 2") == [(12,)]
    assert await rows(customers, "select body from notes where customer_id = 2") == [("Ei mainoksia",)]


async def test_somebody_unknown_gets_the_same_first_letter_and_in_the_end_nothing_found(desk, others):
    case_id = await others.request("access", email="kukaan@muualla.example")
    await desk.work()
    assert (await desk.case(case_id)).state == "identifying"
    assert await desk.letters(case_id) == ["challenge"]
    await desk.answer_challenge(case_id)
    await desk.work()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert await desk.letters(case_id) == ["challenge", "nothing_found"]
    assert (await desk.case(case_id)).state == "closed"


async def test_rights_in_doubt_wait_for_a_person_with_the_clock_running(desk, others):
    case_id = await others.request()
    await desk.work()
    case = await desk.case(case_id)
    assert (case.state, case.needs_person) == ("awaiting_rights", "rights_unclear")
    assert await desk.letters(case_id) == ["acknowledgement"]


async def test_a_plan_that_no_longer_matches_the_data_is_made_anew_and_shown_again(desk, others, customers):
    case_id = await others.request("erasure")
    await desk.search_through(case_id)
    await rows(customers, "update notes set body = 'Muuttui' where customer_id = 1 and line = 2 returning 1")
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_approval"
    assert len(await rows(customers, "select * from notes where customer_id = 1")) == 2
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"


@pytest.mark.promise("P16")
async def test_on_the_day_a_hold_ends_the_kept_invoice_and_the_empty_card_are_erased_by_themselves(
    desk, others, customers
):
    case_id = await others.request("erasure")
    await desk.search_through(case_id)
    await desk.approve(case_id)
    await desk.work()
    tools = desk.fulfilment.tools
    await erase_what_became_due(tools)
    assert await rows(customers, "select number from invoices where customer_id = 1") == [(11,)], "the hold lasts"
    async with tools.database.transaction("esimerkki") as conn:
        days = await conn.fetch("select distinct erase_from from deferred_erasures")
        assert [row["erase_from"] for row in days] == [date(2033, 1, 1)]
        await conn.execute("update deferred_erasures set erase_from = current_date")
    await erase_what_became_due(tools)
    assert await rows(customers, "select number from invoices where customer_id = 1") == []
    assert await rows(customers, "select id from customers") == [(2,)]
    assert isinstance(await desk.chain(case_id), Unbroken)


async def test_somebody_who_never_opens_the_link_is_reminded_once_with_a_fresh_one(desk, others):
    case_id = await others.request("access", received_at=datetime.now(UTC) - timedelta(days=20))
    await desk.work()
    await fire_reminders(desk.fulfilment.tools)
    await fire_reminders(desk.fulfilment.tools)
    await desk.work()
    assert await desk.letters(case_id) == ["challenge", "reminder"]
    assert len(await desk.published("challenge_issued")) == 2
    assert (await desk.case(case_id)).state == "identifying"


@pytest.mark.promise("P07")
async def test_after_ten_days_without_scans_an_overdue_case_fires_each_reminder_once(desk, others):
    case_id = await others.request(received_at=datetime.now(UTC) - timedelta(days=45))
    await desk.work()
    await fire_reminders(desk.fulfilment.tools)
    await fire_reminders(desk.fulfilment.tools)
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        fired = await conn.fetch("select kind from reminders where case_id = $1 order by 1", case_id)
    kinds = sorted(row["kind"].split(":")[0] for row in fired)
    assert kinds == ["due_in_1", "due_in_10", "due_in_3", "due_in_5", "due_today", "overdue"]


async def test_a_letter_that_failed_can_be_told_in_another_way_and_the_case_still_closes(desk, others):
    case_id = await others.request("access", email="kukaan@muualla.example")
    await desk.work()
    await desk.answer_challenge(case_id)
    await desk.work_without_mail()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work_without_mail()
    await desk.fail_letter(case_id, "nothing_found")
    case = await desk.case(case_id)
    assert (case.state, case.needs_person) == ("answering", "letter_failed:nothing_found")
    await desk.settle(case_id, "letter_failed", "Told by phone at the number in our register.")
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
