"""Today: requests in order of arrival, nothing that is due left out, and a reason for taking a later one first."""

from datetime import UTC, datetime, timedelta

import pytest


def days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)


async def searched(desk, others, *rights, days=0):
    """A case whose paper folder waits to be searched."""
    case_id = await others.request(*(rights or ("access",)), received_at=days_ago(days))
    await desk.work()
    await desk.answer_challenge(case_id)
    await desk.work()
    return case_id


@pytest.mark.promise("P06")
async def test_the_queue_shows_every_open_case_the_earliest_first(desk, others, signed_in):
    await searched(desk, others, days=3)
    await others.request("access", email="kukaan@muualla.example", received_at=days_ago(9))
    await others.request(received_at=days_ago(1))
    await desk.work()
    page = await (await signed_in()).open("/")
    assert page.texts(".queue .ref") == ["K-2026-0002", "K-2026-0001", "K-2026-0003"]


@pytest.mark.promise("P07")
async def test_a_late_case_is_shown_late_whatever_it_waits_for(desk, others, signed_in):
    await others.request("access", email="kukaan@muualla.example", received_at=days_ago(45))
    await others.request(received_at=days_ago(40))
    await desk.work()
    page = await (await signed_in()).open("/")
    assert len(page.texts(".badge.late")) == 2
    assert "2 requests are late" in page.text


async def test_with_nothing_to_do_the_page_says_so(signed_in):
    page = await (await signed_in()).open("/")
    assert "No requests." in page.text
    assert page.texts("h1") == ["Nothing waits. You may sleep."]


@pytest.mark.promise("P06")
async def test_a_later_case_is_taken_first_only_with_a_reason_that_is_recorded_once(desk, others, signed_in):
    await searched(desk, others, days=5)
    later = await searched(desk, others, days=2)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0002")
    page = await matti.submit(page.form("form.task"), outcome="nothing_found", proof="Katsottu.")
    assert page.status == 422
    assert page.errors == ["K-2026-0001 came earlier. Write why you take this one first."]
    assert (await desk.case(later)).state == "awaiting_paper"
    page = await matti.submit(page.form("#ahead"), reason=" ")
    assert page.status == 422
    page = await matti.submit(page.form("#ahead"), reason="Hyllyllä ollaan nyt")
    assert not page.has("#ahead")
    page = await matti.submit(page.form("form.task"), outcome="nothing_found", proof="Katsottu.")
    assert not page.errors
    await desk.work()
    assert (await desk.case(later)).state == "closed"
    page = await matti.open("/cases/K-2026-0002")
    assert sum("took it before 1 earlier request: Hyllyllä ollaan nyt" in line for line in page.texts(".chain li")) == 1


@pytest.mark.promise("P06")
async def test_a_case_that_waits_for_its_person_does_not_hold_up_the_line(desk, others, signed_in):
    await others.request("access", received_at=days_ago(9))
    await desk.work()
    await searched(desk, others, days=2)
    page = await (await signed_in()).open("/cases/K-2026-0002")
    assert not page.has("#ahead")
