"""The status page: what the link shows, what needs a code, what can be added, and taking the request back."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL, filled_form, stage_changed
from tests.connected.intake.test_form_request import envelopes
from tests.connected.intake.test_links import tell, told
from uuid6 import uuid7

from dsr_intake.bootstrap import Intake
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import COOKIE, make_site
from dsr_shared.contracts.cases import ChallengeIssuedV1, KeptV1, LetterSentV1, StatusCodeIssuedV1
from dsr_shared.contracts.requests import MessageReceivedV1, RequestWithdrawnV1
from dsr_shared.sealing import hash_token, new_token

pytestmark = pytest.mark.connected


async def sent(browser: httpx.AsyncClient) -> str:
    """Send a form; the address of its status page."""
    answer = await browser.post("/esimerkki/", data={"state": await filled_form(browser), "step": "check"})
    return str(answer.headers["location"]).replace("/receipt/", "/status/").replace("lang=fi", "lang=en")


async def proved(intake: Intake, browser: httpx.AsyncClient) -> tuple[UUID, str]:
    """A case whose person opened the link of the letter: the case and the address of the page they came to."""
    case_id, token, now = uuid7(), new_token(), datetime.now(UTC)
    expires_at = now + timedelta(days=14)
    await tell(
        intake, ChallengeIssuedV1(challenge_id=uuid7(), token_hash=hash_token(token), expires_at=expires_at), case_id
    )
    kept = KeptV1(label={"en": "Invoices"}, ground={"en": "Accounting Act"}, count=1, until=now.date())
    stage = stage_changed("gathering", f"K-2026-{case_id.int % 10**6}", kept=(kept,))
    await tell(intake, stage, case_id)
    await tell(intake, LetterSentV1(letter_id=uuid7(), kind="challenge", sent_at=now), case_id)
    answer = await browser.post(f"/esimerkki/verify/{token}?lang=en")
    return case_id, str(answer.headers["location"])


def token_in(url: str) -> str:
    return url.split("/status/")[1].split("?")[0].split("/")[0]


def page_of(url: str, page: str) -> str:
    return url.replace("?", f"/{page}?")


async def issue_code(intake: Intake, case_id: UUID, url: str, code: str, *, minutes: int = 10) -> None:
    hashed = hash_token(token_in(url))
    code_hash = hashlib.sha256(f"{hashed}:{code}".encode()).hexdigest()
    expires_at = datetime.now(UTC) + timedelta(minutes=minutes)
    await tell(
        intake, StatusCodeIssuedV1(token_hash=hashed, code_hash=code_hash, expires_at=expires_at, tries=5), case_id
    )


async def test_whoever_proved_the_address_sees_everything_and_the_link_alone_shows_how_it_stands(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    _, url = await proved(intake, browser)
    page = await browser.get(url)
    assert "Show that the request comes from you" in page.text
    assert "Invoices" in page.text
    browser.cookies.clear()
    page = await browser.get(url)
    assert "We answer by" in page.text
    assert "Send a code to my e-mail" in page.text
    for hidden in ("Show that the request comes from you", "Invoices", "Take back the request"):
        assert hidden not in page.text
    for act in ("add", "withdraw"):
        assert (await browser.get(page_of(url, act))).headers["location"].split("?")[0] == url.split("?")[0]
        assert (await browser.post(page_of(url, act), files={"id": (None, "x")})).status_code == 303
    assert "request_withdrawn" not in await told(intake)


async def test_a_code_opens_the_page_on_this_browser_for_half_an_hour_once(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    case_id, url = await proved(intake, browser)
    browser.cookies.clear()
    asked = await browser.post(page_of(url, "ask"))
    assert asked.status_code == 303
    assert (await told(intake))[-1] == "status_code_wanted"
    await issue_code(intake, case_id, url, "123456")
    for code, words in (("12345", "six digits"), ("000000", "Tries left: 4")):
        wrong = await browser.post(page_of(url, "code"), data={"code": code})
        assert wrong.status_code == 422
        assert COOKIE not in browser.cookies
        assert words.lower() in wrong.text.lower()
    right = await browser.post(page_of(url, "code"), data={"code": "123 456"})
    assert right.status_code == 303
    cookie = right.headers["set-cookie"]
    assert {"HttpOnly", "Max-Age=1800", "SameSite=lax"} <= set(cookie.split("; "))
    assert f"Path=/esimerkki/status/{token_in(url)}" in cookie
    assert "Take back the request" in (await browser.get(url)).text
    again = await browser.post(page_of(url, "code"), data={"code": "123456"})
    assert again.status_code == 422, "a code counts once"


async def test_five_wrong_codes_and_an_expired_one_open_nothing(intake: Intake, browser: httpx.AsyncClient) -> None:
    case_id, url = await proved(intake, browser)
    browser.cookies.clear()
    await issue_code(intake, case_id, url, "123456")
    for _ in range(5):
        await browser.post(page_of(url, "code"), data={"code": "999999"})
    assert (await browser.post(page_of(url, "code"), data={"code": "123456"})).status_code == 422
    await issue_code(intake, case_id, url, "123456", minutes=-1)
    assert (await browser.post(page_of(url, "code"), data={"code": "123456"})).status_code == 422
    answers = [await browser.post(page_of(url, "ask")) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]


async def test_a_session_cannot_be_planted_guessed_or_used_for_another_page(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    _, url = await proved(intake, browser)
    (session,) = [cookie.value for cookie in browser.cookies.jar if cookie.name == COOKIE]
    _, other = await proved(intake, browser)
    browser.cookies.clear()
    until, _, mac = str(session).partition(".")
    forged = (f"{int(until) + 10**6}.{mac}", "9999999999.", "x", "1e9.abc", f"{until}.{'0' * len(mac)}", "٣.x")
    for target, value in [(other, session), *((url, value) for value in forged)]:
        page = await browser.get(target, headers={"cookie": f"{COOKIE}={value}".encode()})
        assert "Take back the request" not in page.text, value
    fresh = await browser.get(url, headers={"cookie": f"{COOKIE}={session}"})
    assert "Take back the request" in fresh.text


async def test_what_is_added_reaches_the_case_once_and_moves_no_date(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    url = await sent(browser)
    before = await browser.get(url)
    page = await browser.get(page_of(url, "add"))
    (message_id,) = re.findall(r'name="id" value="([0-9a-f-]+)"', page.text)
    nothing = await browser.post(page_of(url, "add"), files={"id": (None, message_id), "message": (None, " ")})
    assert nothing.status_code == 422
    assert "Write a message or choose a file" in nothing.text
    fields = {"id": (None, message_id), "message": (None, "Asiakasnumeroni on 77."), "file": ("a.txt", b"liite")}
    for _ in range(2):
        answer = await browser.post(page_of(url, "add"), files=fields)
        assert "We added it to your request" in answer.text
    request, added = await envelopes(intake)
    assert added.case_id == request.case_id
    event = MessageReceivedV1.model_validate(added.data)
    assert (event.kind, event.channel, len(event.attachments)) == ("follow_up", "form", 1)
    assert "Asiakasnumeroni" not in added.model_dump_json()
    due = re.findall(r"We answer by [^<]+", before.text)
    assert due == re.findall(r"We answer by [^<]+", (await browser.get(url)).text)


async def test_a_wrong_file_is_named_and_nothing_of_the_message_is_lost_or_kept(
    intake: Intake, browser: httpx.AsyncClient, tmp_path
) -> None:
    url = await sent(browser)
    fields = [
        ("id", (None, "x")),
        ("message", (None, "Katso liite.")),
        ("file", ("good.txt", b"hello")),
        ("file", ("bad.exe", b"MZ\x00\x01")),
    ]
    answer = await browser.post(page_of(url, "add"), files=fields)
    assert answer.status_code == 422
    assert "We cannot take the file bad.exe" in answer.text
    assert "Katso liite." in answer.text
    assert list((tmp_path / "blobs" / "formfiles").iterdir()) == []
    assert len(await envelopes(intake)) == 1


async def test_a_request_is_taken_back_once_after_a_page_that_asks(intake: Intake, browser: httpx.AsyncClient) -> None:
    url = await sent(browser)
    page = await browser.get(page_of(url, "withdraw"))
    assert "Do you want to take back the request?" in page.text
    assert await told(intake) == ["request_received"]
    done = await browser.post(page_of(url, "withdraw"))
    assert "You took back the request" in done.text
    again = await browser.post(page_of(url, "withdraw"))
    assert again.status_code == 303
    assert await told(intake) == ["request_received", RequestWithdrawnV1.TYPE]
    status = await browser.get(url)
    assert "You took back the request" in status.text
    assert (await browser.get(page_of(url, "add"))).status_code == 303


async def test_tries_on_the_status_page_of_one_network_address_are_limited(intake: Intake) -> None:
    app = build_app(make_site(intake), public_url=PUBLIC_URL)
    transport = httpx.ASGITransport(app, client=("10.1.2.3", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as neighbour:
        for _ in range(intake.settings.link_tries_an_hour):
            await intake.visits.is_too_many("esimerkki", "link", "10.1.2.3")
        answers = [
            await neighbour.get(f"/esimerkki/status/{new_token()}"),
            await neighbour.post(f"/esimerkki/status/{new_token()}/code", data={"code": "123456"}),
            await neighbour.post(f"/esimerkki/status/{new_token()}/ask"),
        ]
    assert {answer.status_code for answer in answers} == {429}


async def test_another_controllers_pages_do_not_know_the_link(intake: Intake, browser: httpx.AsyncClient) -> None:
    url = await sent(browser)
    for page in ("", "/code", "/add", "/withdraw"):
        foreign = url.replace("/esimerkki/", "/toinen/").replace("?", f"{page}?")
        assert (await browser.get(foreign)).status_code == 404
    assert (await browser.post(url.replace("/esimerkki/", "/toinen/").replace("?", "/withdraw?"))).status_code == 404
    assert await told(intake) == ["request_received"]


async def test_an_opt_out_is_ticked_off_with_its_day_while_the_rest_goes_on(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    case_id, url = await proved(intake, browser)
    now = datetime.now(UTC)
    stage = stage_changed("gathering", "K-2026-0007", "access", "marketing_opt_out")
    await tell(intake, stage, case_id)
    assert "We stop the advertising at once" in (await browser.get(url)).text
    await tell(intake, LetterSentV1(letter_id=uuid7(), kind="confirmation", sent_at=now), case_id)
    page = (await browser.get(url)).text
    assert re.search(r'class="was">\s*<h3><span class="vh">Done: </span>We stopped the advertising</h3>', page)
    assert "consent" not in page
    browser.cookies.clear()
    assert "We stopped the advertising" in (await browser.get(url)).text


async def test_the_receipt_says_that_the_number_comes_and_then_shows_it(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    url = await sent(browser)
    receipt = url.replace("/status/", "/receipt/")
    assert "The number of your request comes in a moment" in (await browser.get(receipt)).text
    assert "the number comes in a moment" in (await browser.get(url)).text
    (case_id,) = {envelope.case_id for envelope in await envelopes(intake)}
    stage = stage_changed("identifying", "K-2026-0042")
    await tell(intake, stage, case_id)
    for page in (receipt, url):
        text = (await browser.get(page)).text
        assert "K-2026-0042" in text
        assert "in a moment" not in text


async def test_a_request_that_was_taken_back_promises_no_answer_not_even_when_it_is_closed(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    case_id, url = await proved(intake, browser)
    await browser.post(page_of(url, "withdraw"))
    closed = stage_changed("closed", "K-2026-0008")
    for event in (None, closed):
        if event:
            await tell(intake, event, case_id)
        page = (await browser.get(url)).text
        assert "You took back the request</h1>" in page
        assert "You showed that the request came from you" in page, "what was done stays"
        for promise in ("By ", "You get a letter", "We sent you a letter", "The answer is in", 'class="month"'):
            assert promise not in page, promise
    answer = await browser.get(url.replace("/status/", "/receipt/"))
    assert "/status/" in answer.headers["location"]


async def test_what_is_kept_without_an_end_is_not_said_to_be_erased_the_day_after(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    case_id, url = await proved(intake, browser)
    assert "erase these ourselves the day after" in (await browser.get(url)).text
    stage = stage_changed(
        "answered",
        "K-2026-0009",
        "erasure",
        kept=(KeptV1(label={"en": "Complaint"}, ground={"en": "Defence of a claim"}, count=1),),
    )
    await tell(intake, stage, case_id)
    page = (await browser.get(url)).text
    assert "Kept for the time being" in page
    assert "the day after" not in page
