"""What staff decide on a case page: what is missing is said, and what was decided is done."""

import pytest
from tests.connected.console.test_the_line import days_ago, searched


@pytest.fixture
async def settings(settings):
    register = settings.registers_directory / "esimerkki.yaml"
    register.write_text(register.read_text().replace("erasure_grace: none", 'erasure_grace: "06:00"'))
    return settings


async def to_approve(desk, others, matti):
    case_id = await searched(desk, others, "erasure")
    page = await matti.open("/cases/K-2026-0001")
    await matti.submit(page.form("form.task"), outcome="found", proof="Kansio A")
    await desk.work()
    return case_id, await matti.open("/cases/K-2026-0001")


@pytest.mark.promise("P18")
async def test_the_plan_shows_what_goes_and_what_stays_before_anything_is_erased(desk, others, signed_in):
    _, page = await to_approve(desk, others, await signed_in())
    rows = page.texts(".plan tbody tr")
    assert any("Invoices" in row and "Kept until 31 Dec 2032" in row and "Accounting Act" in row for row in rows)
    assert any("Notes" in row and "2 rows" in row and "Erased" in row for row in rows)
    assert any("Paper folder, B2" in row and "You do this" in row for row in rows)
    assert page.texts("#approve button") == ["Erase 4 items, keep 1"]


async def test_an_approval_needs_its_tick_and_the_plan_that_was_shown(desk, others, signed_in):
    matti = await signed_in()
    case_id, page = await to_approve(desk, others, matti)
    page = await matti.submit(page.form("#approve"))
    assert page.status == 422
    assert page.html.css_first(".errors a").attributes["href"] == "#sure"
    page = await matti.submit(page.form("#approve"), sure="yes", plan_hash="0" * 64)
    assert page.status == 409
    assert "changed since you read it" in page.errors[0]
    assert (await desk.case(case_id)).state == "awaiting_approval"


async def test_an_approval_can_be_taken_back_while_it_waits(desk, others, signed_in):
    matti = await signed_in()
    case_id, page = await to_approve(desk, others, matti)
    page = await matti.submit(page.form("#approve"), sure="yes")
    assert (await desk.case(case_id)).state == "erasing"
    page = await matti.submit(page.form("#withdraw"))
    assert (await desk.case(case_id)).state == "awaiting_approval"
    assert page.has("#approve")
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_approval", "nothing was carried out"


async def test_a_folder_that_was_not_searched_or_was_kept_needs_its_reason(desk, others, signed_in):
    matti = await signed_in()
    await searched(desk, others)
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("form.task"))
    assert page.errors == ["Say what came of it."]
    page = await matti.submit(page.form("form.task"), outcome="not_searched", proof="")
    assert page.status == 422
    assert page.html.css_first("form.task input[value=not_searched]").attributes.get("checked", "no") != "no"
    page = await matti.submit(page.form("form.task"), outcome="erased", proof="x")
    assert page.status == 409, "a search destroys nothing"
    page = await matti.submit(page.form("form.task"), outcome="not_searched", proof="Huone on lukittu")
    assert not page.errors
    assert "Huone on lukittu" in page.text


async def test_rights_in_doubt_are_said_by_a_person(desk, others, signed_in):
    case_id = await others.request()
    await desk.work()
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    assert len(page.html.css("#rights input[name=right]")) == 9
    page = await matti.submit(page.form("#rights"))
    assert page.errors == ["Choose what is asked, or say that nothing is."]
    page = await matti.submit(page.form("#rights"), right="access", nothing_asked="yes")
    assert page.status == 409
    page = await matti.submit(page.form("#rights"), right=["access", "erasure"])
    assert not page.errors
    assert set((await desk.case(case_id)).rights) == {"access", "erasure"}


async def test_what_is_no_request_is_closed_by_a_person(desk, others, signed_in):
    case_id = await others.request()
    await desk.work()
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("#rights"), nothing_asked="yes")
    assert page.has("[data-closed]")
    assert (await desk.case(case_id)).state == "closed"


async def test_a_person_is_confirmed_only_with_how_it_is_known(desk, others, signed_in):
    case_id = await others.request("access")
    await desk.work()
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("#identity"), reason="")
    assert page.status == 422
    page = await matti.submit(page.form("#identity"), reason="Soitin asiakasrekisterin numeroon")
    assert not page.errors
    assert (await desk.case(case_id)).is_verified


async def test_more_time_and_a_refusal_need_reasons_and_go_out_as_letters(desk, others, signed_in):
    case_id = await searched(desk, others, days=3)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("#more-time form"), reason="")
    assert page.status == 422
    page = await matti.submit(page.form("#more-time form"), reason="Paljon paperia")
    await desk.work()
    assert (await desk.case(case_id)).extended_due_on is not None
    page = await matti.open("/cases/K-2026-0001")
    assert "The first date was" in page.text
    page = await matti.submit(page.form("#refuse form"), reason="")
    assert page.status == 422
    page = await matti.submit(page.form("#refuse form"), reason="Ilmeisen perusteeton")
    await desk.work()
    assert (await desk.case(case_id)).state == "refused"
    assert (await desk.letters(case_id))[-2:] == ["extension", "refusal"]


async def test_what_a_person_wrote_is_shown_as_text_and_never_as_markup(desk, others, signed_in, monkeypatch):
    from tests.connected.fulfilment import builders

    from dsr_shared.contracts.sealed import EvidenceV1, MessageV1

    def hostile(**fields):
        said = (EvidenceV1(right="access", words="<b>Haluan</b>"),)
        return MessageV1(**{**fields, "text": "<script>x</script> <b>Haluan</b> tietoni", "evidence": said})

    monkeypatch.setattr(builders, "MessageV1", hostile)
    await others.request("access", received_at=days_ago(1))
    await desk.work()
    page = await (await signed_in()).open("/cases/K-2026-0001")
    assert not page.has("script")
    assert page.texts("mark") == ["<b>Haluan</b>"]


async def test_a_decision_that_somebody_else_took_meanwhile_changes_nothing(desk, others, signed_in):
    await searched(desk, others)
    matti = await signed_in()
    form = (await matti.open("/cases/K-2026-0001")).form("form.task")
    await matti.submit(form, outcome="nothing_found", proof="Katsottu.")
    page = await matti.submit(form, outcome="found", proof="Sittenkin")
    assert page.status == 409
    assert (await desk.outcomes((await desk.case((await _only(desk)))).case_id))["folder"] == "nothing_found"


async def _only(desk):
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        return await conn.fetchval("select case_id from cases")


async def test_a_letter_that_failed_is_shown_and_settled_with_words(desk, others, signed_in):
    from datetime import UTC, datetime

    from dsr_shared.contracts.deliveries import LetterFailedV1

    case_id = await searched(desk, others)
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        letter_id = await conn.fetchval("select letter_id from letters")
    event = LetterFailedV1(letter_id=letter_id, reason="bounced", failed_at=datetime.now(UTC))
    await others.send(case_id, event)
    matti = await signed_in()
    assert "K-2026-0001" in (await matti.open("/letters")).text
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("form.settle"), what_was_done="")
    assert page.status == 422
    page = await matti.submit(page.form("form.settle"), what_was_done="Soitin hänelle")
    assert not page.errors
    assert (await desk.case(case_id)).needs_person is None
