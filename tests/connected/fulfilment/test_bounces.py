"""A bounce is no answer: a letter that came back counts no longer, whatever the case did meanwhile."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dsr_fulfilment.adapters import work
from dsr_fulfilment.handlers import staff
from dsr_shared.contracts.requests import LetterBouncedV1
from dsr_shared.contracts.words import LetterKind


async def letter(desk, case_id: UUID, kind: LetterKind) -> work.Letter:
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        return next(one for one in await work.letters(conn, case_id) if one.kind == kind)


async def bounce(desk, others, case_id: UUID, kind: LetterKind) -> None:
    found = await letter(desk, case_id, kind)
    event = LetterBouncedV1(letter_id=found.letter_id, bounced_at=datetime.now(UTC), cause="mailbox_full")
    await others.send(case_id, event)


async def open_tasks(desk, case_id: UUID) -> list[str]:
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        return [task.kind for task in await work.tasks(conn, case_id) if task.is_open]


async def answered(desk, others) -> UUID:
    case_id = await others.request("access", "erasure")
    await desk.search_through(case_id)
    return case_id


async def test_an_accepted_answer_that_bounced_keeps_the_case_open_until_somebody_reached_the_person(
    desk, others
) -> None:
    case_id = await answered(desk, others)
    await bounce(desk, others, case_id, "access_reply")
    assert (await letter(desk, case_id, "access_reply")).state == "failed"
    assert (await desk.case(case_id)).needs_person == "letter_failed:access_reply"
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closing", "erased, but the copy did not arrive"
    await desk.settle(case_id, "letter_failed", "Soitin ja lähetin kirjeen.")
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"


async def test_a_second_report_of_the_same_letter_changes_nothing(desk, others) -> None:
    case_id = await answered(desk, others)
    for _ in range(2):
        await bounce(desk, others, case_id, "access_reply")
    assert (await desk.history(case_id)).count("letter_failed") == 1
    assert (await open_tasks(desk, case_id)).count("letter_failed") == 1


async def test_a_report_that_overtakes_the_acceptance_is_not_undone_by_it(desk, others) -> None:
    case_id = await others.request("access")
    await desk.work_without_mail()
    await bounce(desk, others, case_id, "challenge")
    await others.accept_letter(case_id, (await letter(desk, case_id, "challenge")).letter_id)
    assert (await letter(desk, case_id, "challenge")).state == "failed"


async def test_a_letter_that_came_back_after_the_case_was_closed_is_a_task_and_reopens_nothing(desk, others) -> None:
    case_id = await answered(desk, others)
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    await bounce(desk, others, case_id, "erasure_reply")
    assert (await desk.case(case_id)).state == "closed"
    assert await open_tasks(desk, case_id) == ["letter_failed"]


@pytest.mark.promise("P07")
async def test_an_extension_whose_notice_came_back_is_void(desk, others) -> None:
    case_id = await others.request("access", received_at=datetime.now(UTC) - timedelta(days=3))
    await desk.work()
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        await staff.extend(desk.fulfilment.tools, conn, case_id, "Paljon järjestelmiä.", "matti")
    await desk.work()
    assert (await desk.case(case_id)).extended_due_on is not None
    await bounce(desk, others, case_id, "extension")
    assert (await desk.case(case_id)).extended_due_on is None
    assert (await desk.published("case_stage_changed"))[-1]["extended_due_on"] is None
    assert "extension_void" in await desk.history(case_id)
