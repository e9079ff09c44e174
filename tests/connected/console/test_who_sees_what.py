"""Companies see their own cases only, roles do what they may, and every look is on record."""

import pytest
from tests.connected.console.conftest import PASSWORD

from dsr_fulfilment.entrypoints.console.acts import ACTS

LISTS = ("/", "/cases", "/tasks", "/letters", "/users", "/record")


async def case_of_ours(desk, others):
    case_id = await others.request("access", "erasure")
    await desk.work()
    await desk.answer_challenge(case_id)
    await desk.work()
    return case_id


@pytest.mark.promise("P40")
async def test_another_companys_case_does_not_exist_on_any_page(desk, others, signed_in, app):
    case_id = await case_of_ours(desk, others)
    ours, theirs = await signed_in("owner"), await signed_in("owner", controller="toinen", name="maija")
    page = await ours.open("/cases/K-2026-0001")
    task = page.form("form.task").fields["task_id"]
    before = await desk.case(case_id)
    for path in ("/cases/K-2026-0001", "/cases/K-2026-0001/person", f"/cases/{case_id}"):
        assert (await theirs.open(path)).status == 404
    own_form = (await theirs.open("/")).form("form[action='/sign-out']").fields
    for act in ACTS:
        fields = {**own_form, "task_id": task, "outcome": "found", "reason": "x", "sure": "yes", "why": "check",
                  "what_was_done": "x", "right": "access", "plan_hash": "x"}  # fmt: skip
        response = await theirs.client.post(f"/cases/K-2026-0001/{act}", data=fields)
        assert response.status_code == 404, act
    for path in LISTS:
        assert "K-2026-0001" not in (await theirs.open(path)).html.text(), path
    assert await desk.case(case_id) == before


async def test_no_route_of_the_console_is_forgotten_by_these_tests(app):
    """Those of the breach desk are named in the tests of breaches; of entries and letters by post in test_entries."""
    elsewhere = ("/breaches", "/entries", "/cases/{reference}/letters/")
    paths = {route.path for route in app.pages.routes if not route.path.startswith(elsewhere)}
    assert paths == {"/static/kuukausi.css", "/sign-in", "/sign-out", *LISTS, "/record.csv", "/record.html",
                     "/cases/{reference}", "/cases/{reference}/person", "/cases/{reference}/attachments/{attachment}",
                     "/cases/{reference}/{act}"}  # fmt: skip


async def test_a_task_of_another_case_is_not_done_through_this_one(desk, others, signed_in):
    await case_of_ours(desk, others)
    second = await others.request("access")
    await desk.work()
    await desk.answer_challenge(second)
    await desk.work()
    matti = await signed_in()
    other = (await matti.open("/cases/K-2026-0002")).form("form.task").fields["task_id"]
    form = (await matti.open("/cases/K-2026-0001")).form("form.task")
    page = await matti.submit(form, task_id=other, outcome="nothing_found", proof="x")
    assert page.status == 404
    page = await matti.submit(form, task_id="ei-ole", outcome="nothing_found", proof="x")
    assert page.status == 404


@pytest.mark.promise("P36")
async def test_a_reader_reads_and_decides_nothing(desk, others, signed_in):
    case_id = await case_of_ours(desk, others)
    reader = await signed_in("reader")
    page = await reader.open("/cases/K-2026-0001")
    assert page.status == 200
    assert not page.has("main form")
    token = page.form("form[action='/sign-out']").fields
    before = await desk.case(case_id)
    for act in ACTS:
        response = await reader.client.post(f"/cases/K-2026-0001/{act}", data={**token, "reason": "x", "why": "check"})
        assert response.status_code == 403, act
    assert await desk.case(case_id) == before
    assert (await reader.open("/users")).status == 403


@pytest.mark.promise("P36")
async def test_an_owner_sees_who_may_see_what(signed_in, accounts):
    owner = await signed_in("owner")
    await accounts.add("esimerkki", "liisa", PASSWORD, "reader")
    await accounts.add("toinen", "salainen", PASSWORD, "reader")
    page = await owner.open("/users")
    assert [row.split()[0] for row in page.texts(".items li")] == ["liisa", "matti"]


@pytest.mark.promise("P40")
async def test_name_and_address_are_shown_for_five_minutes_after_a_reason(desk, others, signed_in, fulfilment):
    await case_of_ours(desk, others)
    matti, liisa = await signed_in(), await signed_in(name="liisa")
    page = await matti.open("/cases/K-2026-0001")
    assert "Aino Esimerkki" not in page.html.html
    assert "aino@posti.example" not in page.html.html
    assert (await matti.open("/cases/K-2026-0001/person")).path == "/cases/K-2026-0001"
    page = await matti.submit(page.form("#reveal"))
    assert page.status == 422
    page = await matti.submit(page.form("#reveal"), why="other", reason="")
    assert page.errors == ["Write your reason for looking."]
    page = await matti.submit(page.form("#reveal"), why="other", reason="Soitan hänelle")
    assert page.path == "/cases/K-2026-0001/person"
    assert "Aino Esimerkki" in page.text
    assert "aino@posti.example" in page.text
    assert 0 < int(page.headers["refresh"].split(";")[0]) <= 301
    assert (await liisa.open("/cases/K-2026-0001/person")).path == "/cases/K-2026-0001", "a reason is one person's own"
    page = await liisa.open("/cases/K-2026-0001")
    assert "matti" in page.text
    assert "soitan hänelle" in page.text
    assert "matti looked at name and address" in page.text


@pytest.mark.promise("P40")
async def test_reading_a_message_is_on_record_before_it_is_shown(desk, others, signed_in, fulfilment):
    await case_of_ours(desk, others)
    liisa = await signed_in("reader", name="liisa")
    await liisa.open("/")
    async with fulfilment.tools.database.across_controllers() as conn:
        assert await conn.fetchval("select count(*) from access_log") == 0, "lists show masked names only"
    await liisa.open("/cases/K-2026-0001")
    async with fulfilment.tools.database.across_controllers() as conn:
        rows = await conn.fetch("select user_name, what, reason, case_id from access_log")
    assert [(row["user_name"], row["what"], row["reason"]) for row in rows] == [("liisa", "message", "handle")]


@pytest.mark.promise("P40")
async def test_the_record_of_looks_cannot_be_changed(desk, others, signed_in, fulfilment):
    import asyncpg

    await case_of_ours(desk, others)
    await (await signed_in()).open("/cases/K-2026-0001")
    for change in ("update access_log set reason = 'x'", "delete from access_log"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with fulfilment.tools.database.across_controllers() as conn:
                await conn.execute(change)
