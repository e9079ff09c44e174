"""The breach desk through its pages, as staff use them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.connected.breach.desk import TEXTS, BreachDesk
from tests.connected.breach.people import BEGAN, ENDED
from uuid6 import uuid7

from dsr_fulfilment.entrypoints.console.breach_acts import BREACH_ACTS
from dsr_fulfilment.entrypoints.console.breach_forms import letter_field, local_text
from dsr_shared.contracts.deliveries import LetterFailedV1
from dsr_shared.contracts.requests import MessageReceivedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.contracts.words import READERS
from dsr_shared.sealing import SealContext, new_data_key, seal_model

pytestmark = pytest.mark.connected
PAGES = ("", "/write", "/people", "/notice", "/notice.txt")
LETTERS = {letter_field(item, language): text for language, texts in TEXTS.items() for item, text in texts.items()}


def filled(**changes):
    aware = datetime.now(UTC) - timedelta(hours=2)
    fields = {
        "title": "A stranger read the support mailbox",
        "aware_at": local_text(aware),
        "began_at": local_text(BEGAN),
        "ended_at": local_text(ENDED),
        "system": ["crm", "portal", "folder"],
        "nature": "A stranger signed in to the support mailbox.",
    }
    return {**fields, **changes}


async def registered(browser, **changes):
    page = await browser.open("/breaches/new")
    return await browser.submit(page.form("#register"), **filled(**changes))


@pytest.mark.promise("P34")
async def test_a_breach_is_carried_to_its_end_through_the_pages(breach_desk: BreachDesk, desk, signed_in) -> None:
    matti = await signed_in()
    page = await matti.open("/breaches")
    assert "No breaches" in page.text
    page = await registered(matti)
    assert not page.errors, page.errors
    assert page.path == "/breaches/B-2026-0001"
    assert "Being found" in page.text
    assert len(page.texts("svg.hours rect.left")) + len(page.texts("svg.hours rect.past")) == 70
    await breach_desk.search()
    page = await matti.open(page.path)
    assert "Customer register (5 people), Customer portal (2 people), Paper folder" in page.text
    assert page.texts("li[data-part=consequences] .badge") == ["Missing"]
    page = await matti.submit(page.form("#judge"), risk="high")
    assert page.status == 422, "a judgement needs its reason"
    page = await matti.submit(page.form("#judge"), risk="high", reason="Identity codes were read.")
    assert "Tell the authority by" in page.text
    page = await matti.open("/breaches/B-2026-0001/write")
    more = {"person_categories": "Customers", "record_categories": "Messages", "consequences": "Phishing"}
    page = await matti.submit(page.form("#write"), **filled(), **more, measures="Password changed", **LETTERS)
    assert not page.errors, page.errors
    assert "6 of 6 parts written" in page.text
    page = await matti.submit(page.form("form#told"), told_at=local_text(datetime.now(UTC)), receipt="D-77")
    assert not page.errors, page.errors
    assert "Now tell the 6 people without delay." in page.text
    page = await matti.open("/breaches/B-2026-0001/people")
    assert page.texts("#approve button") == ["Send 5 letters"]
    assert "Aino" not in page.text, "the list is masked"
    page = await matti.submit(page.form("#approve"))
    assert page.status == 422, "the box must be ticked"
    approve = page.form("#approve")
    page = await matti.submit(approve, sure="yes")
    assert "5 letters" in page.text
    assert not page.has("#approve")
    again = await matti.submit(approve, sure="yes")
    assert again.status == 409
    assert "nobody gets two" in again.errors[0]
    assert len(await breach_desk.letters()) == 5
    await desk.work()
    page = await matti.open("/breaches/B-2026-0001")
    assert "All delivered" in page.text
    assert "5 letters taken by the mail server" in page.text
    assert "Unbroken" in page.text
    for _ in range(2):
        page = await matti.submit(page.form("form.settle"), what_was_done="Reached by post.")
    assert "Everything is done and on record." in page.text


async def test_what_is_missing_is_named_and_what_was_typed_stays(signed_in) -> None:
    matti = await signed_in()
    page = await matti.open("/breaches/new")
    page = await matti.submit(page.form("#register"), nature="Posti meni väärään paikkaan.", aware_at="eilen")
    assert page.status == 422
    assert len(page.errors) == 5
    assert "Posti meni väärään paikkaan." in page.text
    skipped = await matti.submit(page.form("#register"), **filled(began_at="2026-03-29T03:30"))
    assert ["We can’t read when it began" in error for error in skipped.errors] == [True]


async def test_a_late_notice_is_asked_for_its_reasons_on_the_page(signed_in, breach_desk: BreachDesk) -> None:
    matti = await signed_in()
    page = await registered(matti, aware_at=local_text(datetime.now(UTC) - timedelta(hours=80)))
    assert "late" in page.texts(".clock")[0]
    at = local_text(datetime.now(UTC))
    page = await matti.submit(page.form("form#told"), told_at=at, rest_follows="yes")
    assert page.status == 422
    assert "reasons for the delay" in page.errors[0]
    page = await matti.submit(page.form("form#told"), told_at=at, rest_follows="yes", delay_reason="Lokit puuttuivat.")
    assert not page.errors
    assert "Late, because: Lokit puuttuivat." in page.text


async def a_letter_fails(matti, breach_desk: BreachDesk, others) -> UUID:
    """The letters of the breach are approved, and one of them does not arrive; gives the breach's id."""
    await breach_desk.search()
    page = await matti.open("/breaches/B-2026-0001/people")
    await matti.submit(page.form("#approve"), sure="yes")
    async with breach_desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        breach_id, letter_id = await conn.fetchrow("select case_id, letter_id from letters limit 1")
    failed = LetterFailedV1(letter_id=letter_id, failed_at=datetime.now(UTC), reason="rejected")
    await others.send(breach_id, failed)
    return UUID(str(breach_id))


async def test_an_open_breach_and_a_letter_that_failed_are_seen_from_everywhere(
    signed_in, breach_desk: BreachDesk, others
) -> None:
    matti = await signed_in()
    assert (await matti.open("/")).texts("h1") == ["Nothing waits. You may sleep."]
    page = await registered(matti, **LETTERS)
    page = await matti.submit(page.form("#judge"), risk="high", reason="Identity codes were read.")
    assert (await matti.open("/")).texts("h1") == ["No request waits, but a breach does."]
    await a_letter_fails(matti, breach_desk, others)
    assert "B-2026-0001" in (await matti.open("/letters")).text
    assert "Did not arrive" in (await matti.open("/breaches/B-2026-0001/people")).text


async def test_a_letter_that_failed_is_sent_once_more_and_its_person_counts_once(
    signed_in, breach_desk: BreachDesk, others
) -> None:
    matti = await signed_in()
    page = await registered(matti, **LETTERS)
    await matti.submit(page.form("#judge"), risk="high", reason="Identity codes were read.")
    breach_id = await a_letter_fails(matti, breach_desk, others)
    before = await breach_desk.letters()
    page = await matti.open("/breaches/B-2026-0001")
    page = await matti.submit(page.form("form.again"), email="no address")
    assert page.status == 422
    page = await matti.submit(page.form("form.again"), email="uusi@posti.example")
    assert not page.errors
    assert "sent a letter once more, to another address" in page.text
    assert not page.has("form.again")
    after = await breach_desk.letters()
    assert len(after) == len(before) + 1
    assert after[-1][1].recipient_email == "uusi@posti.example"
    states = await breach_desk.states(breach_id)
    assert (states.asked, states.failed) == (len(before), 0)


async def test_an_answer_to_a_letter_and_its_breach_lead_to_each_other(
    signed_in, breach_desk: BreachDesk, others
) -> None:
    matti = await signed_in()
    await registered(matti)
    async with breach_desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        breach_id = await conn.fetchval("select breach_id from breaches")
    await others.request("access", linked_case_id=breach_id)
    assert (await matti.open("/cases/K-2026-0001")).has('[data-linked] a[href="/breaches/B-2026-0001"]')
    assert (await matti.open("/breaches/B-2026-0001")).has('#todo a[href="/cases/K-2026-0001"]')


async def test_a_first_notice_says_what_follows(signed_in) -> None:
    matti = await signed_in()
    page = await registered(matti)
    page = await matti.submit(page.form("form#told"), told_at=local_text(datetime.now(UTC)))
    assert "say that they follow later" in page.errors[0]
    page = await matti.submit(page.form("form#told"), told_at=local_text(datetime.now(UTC)), rest_follows="yes")
    assert not page.errors
    sheet = await matti.client.get("/breaches/B-2026-0001/notice.txt?lang=en")
    assert sheet.headers["content-type"].startswith("text/plain")
    assert "To follow later (Article 33(4))" in sheet.text
    assert "MISSING" not in sheet.text


async def test_the_notice_is_a_document_in_each_language(signed_in, breach_desk: BreachDesk) -> None:
    matti = await signed_in()
    await registered(matti, systems=["crm"])
    await breach_desk.search()
    for language, words in (("fi", "PUUTTUU"), ("sv", "SAKNAS"), ("en", "MISSING")):
        page = await matti.open(f"/breaches/B-2026-0001/notice?lang={language}")
        assert page.html.css_first("html").attributes["lang"] == language
        assert page.texts("[data-part=consequences] .badge") == [words]
        assert "tietosuoja@om.fi" in page.text
        for secret in ("Aino", "koti@", "Yhteinen"):
            assert secret not in page.text


async def test_names_without_an_address_are_shown_for_a_reason_that_is_on_record(
    signed_in, breach_desk: BreachDesk
) -> None:
    matti = await signed_in()
    await registered(matti)
    await breach_desk.search()
    page = await matti.open("/breaches/B-2026-0001/people")
    assert "Eero" not in page.text
    page = await matti.submit(page.form("#reveal"), why="reach")
    assert "Eero Osoitteeton" in page.text
    assert "Aino" not in page.text, "who has an address stays masked"
    liisa = await signed_in(name="liisa")
    assert "Eero" not in (await liisa.open("/breaches/B-2026-0001/people")).text
    page = await matti.open("/breaches/B-2026-0001")
    assert "matti looked at the names of people without an address" in page.text


async def test_a_reader_sees_and_changes_nothing(signed_in, breach_desk: BreachDesk) -> None:
    await registered(await signed_in())
    reader = await signed_in("reader", name="lukija")
    page = await reader.open("/breaches/B-2026-0001")
    assert page.status == 200
    assert not page.has("main form")
    token = page.form("form[action='/sign-out']").fields["form_token"]
    answer = await reader.client.post("/breaches/B-2026-0001/letters", data={"form_token": token, "sure": "yes"})
    assert answer.status_code == 403
    assert (await reader.client.post("/breaches/new", data={"form_token": token})).status_code == 403


async def test_another_company_finds_no_page_of_it(signed_in, breach_desk: BreachDesk) -> None:
    await registered(await signed_in())
    theirs = await signed_in("owner", controller="toinen", name="toinen")
    assert "No breaches" in (await theirs.open("/breaches")).text
    for page in PAGES:
        assert (await theirs.client.get(f"/breaches/B-2026-0001{page}")).status_code == 404
    token = (await theirs.open("/breaches")).form("form[action='/sign-out']").fields["form_token"]
    for act in BREACH_ACTS:
        answer = await theirs.client.post(f"/breaches/B-2026-0001/{act}", data={"form_token": token, "sure": "yes"})
        assert answer.status_code == 404, act


async def test_no_route_of_the_desk_is_forgotten_by_these_tests(app) -> None:
    paths = {route.path for route in app.pages.routes if route.path.startswith("/breaches")}
    ours = {f"/breaches/{{reference}}{page}" for page in (*PAGES, "/{act}")}
    assert paths == {"/breaches", "/breaches/new", *ours}


async def test_a_report_to_another_company_fills_in_no_form(others, signed_in) -> None:
    await _report(others)
    theirs = await signed_in("owner", controller="toinen", name="toinen")
    assert (await theirs.client.get("/breaches/new?from=K-2026-0001")).status_code == 404


async def test_a_report_of_a_breach_opens_the_form_with_its_words(others, signed_in) -> None:
    await _report(others)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    assert page.html.css_first("a[href='/breaches/new?from=K-2026-0001']") is not None
    page = await matti.open("/breaches/new?from=K-2026-0001")
    assert page.html.css_first("#title").attributes["value"] == "Tietovuoto"
    assert "Listanne on netissä." in page.text
    fields = filled(title="Tietovuoto")
    page = await matti.submit(page.form("#register"), **fields)
    assert "reported in K-2026-0001" in page.text


async def _report(others):
    case_id, event_id, key = uuid7(), uuid7(), new_data_key("arrival")
    context = {name: SealContext(event_id, MessageReceivedV1.TYPE, case_id, name) for name in ("person", "message")}
    event = MessageReceivedV1(
        arrival_id=case_id,
        channel="mail",
        received_at=datetime.now(UTC) - timedelta(hours=5),
        kind="breach_report",
        is_readable=True,
        language="fi",
        person=seal_model(key, PersonV1(email="tutkija@posti.example"), context["person"]),
        message=seal_model(key, MessageV1(subject="Tietovuoto", text="Listanne on netissä."), context["message"]),
        raw_sha256="0" * 64,
    )
    keys = tuple(others.public.wrap(key, reader) for reader in READERS["arrival"])
    await others.send(case_id, event, event_id=event_id, keys=keys)
