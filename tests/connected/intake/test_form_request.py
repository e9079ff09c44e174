"""From the form to a committed event."""

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL, filled_form, hidden_state

from dsr_intake.bootstrap import Intake
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.requests import MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import SealContext, open_model

pytestmark = pytest.mark.connected


async def envelopes(intake: Intake) -> list[Envelope]:
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch("select payload from outbox order by created_at, sequence")
    return [Envelope.model_validate_json(row["payload"]) for row in rows]


@pytest.mark.promise("P05")
async def test_a_sent_form_is_a_committed_request_that_fulfilment_can_open(
    intake: Intake, browser: httpx.AsyncClient, fulfilment_keys: KeyRing
) -> None:
    state = await filled_form(browser)
    answer = await browser.post("/esimerkki/", data={"state": state, "step": "check"})
    assert answer.status_code == 303

    (envelope,) = await envelopes(intake)
    event = RequestReceivedV1.model_validate(envelope.data)
    assert event.rights == ("access", "erasure")
    assert event.channel == "form"
    assert envelope.case_id == event.arrival_id
    (wrapped,) = [key for key in envelope.keys if key.reader == "fulfilment"]
    context = SealContext(envelope.event_id, "request_received", envelope.case_id, "person")
    person = open_model(fulfilment_keys.unwrap(wrapped), event.person, context, PersonV1)
    assert person == PersonV1(name="Aino Esimerkki", email="aino@posti.example")


@pytest.mark.promise("P07")
async def test_the_receipt_says_by_when_and_leads_to_the_status_page(browser: httpx.AsyncClient) -> None:
    state = await filled_form(browser)
    answer = await browser.post("/esimerkki/", data={"state": state, "step": "check"})
    receipt = await browser.get(answer.headers["location"])
    assert receipt.status_code == 200
    assert "Saimme pyyntösi. Vastaamme viimeistään" in receipt.text
    assert 'class="due"' in receipt.text
    status = await browser.get(answer.headers["location"].replace("/receipt/", "/status/"))
    assert "Saat vastauksen viimeistään" in status.text


async def test_sending_the_same_form_twice_is_one_request(intake: Intake, browser: httpx.AsyncClient) -> None:
    state = await filled_form(browser)
    answers = [await browser.post("/esimerkki/", data={"state": state, "step": "check"}) for _ in range(2)]
    assert len(await envelopes(intake)) == 1
    assert answers[0].headers["location"] == answers[1].headers["location"]


async def test_two_requests_of_one_person_both_go_through_each_with_its_own_receipt(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    states = [await filled_form(browser) for _ in range(2)]
    answers = [await browser.post("/esimerkki/", data={"state": state, "step": "check"}) for state in states]
    told = await envelopes(intake)
    assert len({envelope.case_id for envelope in told}) == 2
    assert len({answer.headers["location"] for answer in answers}) == 2


async def test_a_flood_from_one_address_becomes_one_case_for_a_person_and_nothing_is_lost(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    for _ in range(6):
        await browser.post("/esimerkki/", data={"state": await filled_form(browser), "step": "check"})
    told = await envelopes(intake)
    surplus = [envelope for envelope in told if envelope.type == MessageReceivedV1.TYPE]
    assert len(told) == 6
    assert len(surplus) == 3
    assert len({envelope.case_id for envelope in surplus}) == 1
    assert {envelope.data["problem"] for envelope in surplus} == {"flood"}


async def test_an_unknown_address_gets_the_same_words_as_any_other(browser: httpx.AsyncClient) -> None:
    pages = []
    for email in ("aino@posti.example", "nobody@nowhere.example"):
        state = await filled_form(browser, email=email)
        answer = await browser.post("/esimerkki/", data={"state": state, "step": "check"})
        page = (await browser.get(answer.headers["location"])).text
        token = answer.headers["location"].split("/")[-1].split("?")[0]
        pages.append(page.replace(token, ""))
    assert pages[0] == pages[1]


async def test_without_the_database_the_page_says_that_nothing_was_received(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    state = await filled_form(browser)
    await intake.database.close()
    answer = await browser.post("/esimerkki/", data={"state": state, "step": "check"})
    assert answer.status_code == 503
    assert "Emme saaneet pyyntöäsi" in answer.text
    assert hidden_state(answer)


async def test_errors_are_listed_first_and_what_was_typed_stays(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/esimerkki/?lang=sv")
    page = await browser.post("/esimerkki/", data={"state": hidden_state(page), "step": "what"})
    assert page.status_code == 422
    assert "<title>Fel:" in page.text
    page = await browser.post("/esimerkki/", data={"state": hidden_state(page), "step": "what", "choice": "access"})
    fields = {"state": hidden_state(page), "step": "who", "name": "Åsa <b>", "email": "asa@post"}
    page = await browser.post("/esimerkki/", data=fields)
    assert page.status_code == 422
    assert 'href="#email"' in page.text
    assert "Åsa &lt;b&gt;" in page.text
    assert 'value="asa@post"' in page.text


async def test_a_form_of_another_controller_or_a_forged_one_starts_again(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    state = await filled_form(browser)
    for path, text in (("/toinen/", state), ("/esimerkki/", "forged"), ("/esimerkki/", state[:-6] + "AAAAAA")):
        answer = await browser.post(path, data={"state": text, "step": "check"})
        assert answer.status_code == 422
    assert await envelopes(intake) == []


async def test_an_unknown_controller_and_the_root_are_the_same_neutral_page(browser: httpx.AsyncClient) -> None:
    pages = [await browser.get(path) for path in ("/", "/nobody/", "/NOBODY/", "/esimerkki/nothing")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1


async def test_without_https_only_local_addresses_are_served(intake: Intake) -> None:
    app = build_app(make_site(intake), public_url=PUBLIC_URL)
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as stranger:
        answer = await stranger.get("/esimerkki/")
    assert answer.status_code == 403
    assert "INTAKE_PUBLIC_URL" in answer.text


async def test_headers_keep_the_page_to_itself(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/esimerkki/")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    refused = await browser.get("/esimerkki/", headers={"host": "evil.example"})
    assert refused.status_code == 421
    crossed = await browser.post("/esimerkki/", data={}, headers={"sec-fetch-site": "cross-site"})
    assert crossed.status_code == 403
    large = await browser.post("/esimerkki/", content=b"x" * 200_000)
    assert large.status_code == 413


async def test_posts_of_one_network_address_are_limited(intake: Intake) -> None:
    app = build_app(make_site(intake), public_url=PUBLIC_URL)
    transport = httpx.ASGITransport(app, client=("10.1.2.3", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as neighbour:
        for _ in range(intake.settings.form_posts_an_hour):
            await intake.visits.is_too_many("esimerkki", "form", "10.1.2.3")
        state = await filled_form(neighbour)
        answer = await neighbour.post("/esimerkki/", data={"state": state, "step": "check"})
    assert answer.status_code == 429
    assert await envelopes(intake) == []
