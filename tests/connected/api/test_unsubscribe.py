"""One click in a newsletter, as a mail program makes it (RFC 8058), becomes an opt-out and tells nothing."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from dsr_intake.bootstrap import Intake
from dsr_shared.sealing import hash_token

pytestmark = pytest.mark.connected
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


async def told(intake: Intake) -> list[dict[str, Any]]:
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch("select payload from outbox where event_type = 'request_received'")
    return [json.loads(row["payload"]) for row in rows]


def link(intake: Intake, address: str = "aino@posti.example", controller: str = "esimerkki") -> str:
    return f"/{controller}/unsubscribe/{intake.tokens.make(controller, address)}"


@pytest.mark.promise("P09")
@pytest.mark.parametrize("how", ["multipart", "urlencoded"])
async def test_a_post_without_cookie_or_question_is_an_opt_out(
    browser: httpx.AsyncClient, intake: Intake, how: str
) -> None:
    fields: dict[str, Any] = {"data": ONE_CLICK}
    if how == "multipart":
        fields = {"files": {"List-Unsubscribe": (None, "One-Click")}}
    headers = {"sec-fetch-site": "cross-site", "origin": "https://mail.example"}
    answer = await browser.post(link(intake), headers=headers, **fields)
    assert answer.status_code == 200, "a mail program follows no redirect"
    assert "set-cookie" not in answer.headers
    (envelope,) = await told(intake)
    assert envelope["data"]["rights"] == ["marketing_opt_out"]
    assert not envelope["data"]["needs_person"]


@pytest.mark.promise("P09")
async def test_clicks_of_one_day_are_one_request_whatever_the_newsletter(
    browser: httpx.AsyncClient, intake: Intake
) -> None:
    for _ in range(3):
        assert (await browser.post(link(intake), data=ONE_CLICK)).status_code == 200
    assert (await browser.post(link(intake, "AINO@posti.example"), data=ONE_CLICK)).status_code == 200
    assert len(await told(intake)) == 1
    await intake.unsubscribe("esimerkki", "aino@posti.example", "fi", date(2031, 1, 1))
    assert len(await told(intake)) == 2, "who subscribed again can stop again"


async def test_opening_the_link_changes_nothing_and_shows_one_button_in_each_language(
    browser: httpx.AsyncClient, intake: Intake
) -> None:
    path = link(intake)
    for language, word in (("fi", "Lopeta markkinointi"), ("sv", "Stoppa marknadsföringen"), ("en", "Stop marketing")):
        page = await browser.get(f"{path}?lang={language}")
        assert page.status_code == 200
        assert page.text.count("<button") == 1
        assert word in page.text
        assert "aino" not in page.text
    assert await told(intake) == []


async def test_a_post_that_is_no_one_click_only_asks(browser: httpx.AsyncClient, intake: Intake) -> None:
    for fields in ({}, {"List-Unsubscribe": "Two-Click"}, {"x": "y"}):
        assert (await browser.post(link(intake), data=fields)).status_code == 422
    broken = {"content-type": "multipart/form-data; boundary=x"}
    assert (await browser.post(link(intake), content=b"--x\r\nnonsense", headers=broken)).status_code == 422
    file = {"List-Unsubscribe": ("a.txt", b"One-Click")}
    assert (await browser.post(link(intake), files=file)).status_code == 422
    assert await told(intake) == []


async def test_a_forged_token_and_another_companys_lead_nowhere(browser: httpx.AsyncClient, intake: Intake) -> None:
    good = link(intake).rsplit("/", 1)[-1]
    swapped = good[:-1] + ("A" if good[-1] != "A" else "B")
    for path in (f"/toinen/unsubscribe/{good}", "/esimerkki/unsubscribe/x", f"/esimerkki/unsubscribe/{swapped[:-2]}"):
        assert (await browser.get(path)).status_code == 404
        assert (await browser.post(path, data=ONE_CLICK)).status_code == 404
    assert await told(intake) == []


async def test_an_address_cannot_be_read_from_a_token_nor_its_length(intake: Intake) -> None:
    tokens = {intake.tokens.make("esimerkki", address) for address in ("a@b.example", "aino.esimerkki@posti.example")}
    assert len({len(token) for token in tokens}) == 1
    assert intake.tokens.make("esimerkki", "a@b.example") not in tokens, "the same address gets another token each time"


async def test_while_the_database_is_away_the_click_is_not_called_done(
    browser: httpx.AsyncClient, intake: Intake
) -> None:
    path = link(intake)
    await browser.get(path)
    await intake.database.close()
    assert (await browser.post(path, data=ONE_CLICK)).status_code == 503


async def test_the_status_link_of_a_click_is_nobodys_to_guess(browser: httpx.AsyncClient, intake: Intake) -> None:
    await browser.post(link(intake), data=ONE_CLICK)
    (envelope,) = await told(intake)
    async with intake.database.across_controllers() as connection:
        stored = await connection.fetchval("select token_hash from status_links")
    assert envelope["case_id"].replace("-", "") not in stored
    assert stored != hash_token(envelope["case_id"])
