"""The public web among enemies: other sites' forms and frames, forged hosts, redirects, paths and uploads."""

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL, a_register, filled_form, received
from tests.connected.intake.test_form_request import envelopes

from dsr_intake.bootstrap import Intake

pytestmark = pytest.mark.connected
TOKEN = "x" * 43
POSTS = (
    "/esimerkki/",
    "/esimerkki/files",
    f"/esimerkki/verify/{TOKEN}",
    f"/esimerkki/verify/{TOKEN}/sign-in",
    f"/esimerkki/status/{TOKEN}/sign-in",
    f"/esimerkki/package/{TOKEN}",
    f"/esimerkki/package/{TOKEN}/code",
    f"/esimerkki/status/{TOKEN}/ask",
    f"/esimerkki/status/{TOKEN}/code",
    f"/esimerkki/status/{TOKEN}/add",
    f"/esimerkki/status/{TOKEN}/withdraw",
)


@pytest.mark.parametrize("path", POSTS)
async def test_no_page_takes_a_form_from_another_site(browser: httpx.AsyncClient, path: str) -> None:
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": f"{PUBLIC_URL}.evil.example"},
    ):
        answer = await browser.post(path, data={}, headers=headers)
        assert answer.status_code == 403, (path, headers)


async def test_a_form_of_our_own_goes_through_whatever_an_honest_browser_says(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    for headers in ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": PUBLIC_URL}, {}):
        state = await filled_form(browser)
        answer = await browser.post("/esimerkki/", data={"state": state, "step": "check"}, headers=headers)
        assert answer.status_code == 303, headers
    assert len(await envelopes(intake)) == 3


async def test_no_frame_but_of_the_origins_in_the_register_and_only_the_form_and_its_receipt(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    origins = ("https://www.kehys.example", "https://evil.example; script-src *", "http://plain.example", "*")
    register = a_register("toinen", register_version=2, embed_origins=origins)
    async with intake.database.transaction("toinen") as connection:
        await intake.events.handlers()[type(register)](connection, received("toinen", register))
    form = await browser.get("/toinen/")
    policy = form.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors https://www.kehys.example")
    assert "evil" not in policy
    assert "x-frame-options" not in form.headers
    for path in (f"/toinen/status/{TOKEN}", f"/toinen/verify/{TOKEN}", f"/toinen/package/{TOKEN}", "/esimerkki/", "/x"):
        page = await browser.get(path)
        assert page.headers["content-security-policy"].endswith("frame-ancestors 'none'"), path
        assert page.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:8080.evil.example", "localhost:8080@evil.example", "evil.example:8080", ""]
)
async def test_a_forged_host_gets_no_page(browser: httpx.AsyncClient, host: str) -> None:
    page = await browser.get("/esimerkki/", headers={"host": host, "x-forwarded-host": host})
    assert page.status_code == 421
    assert "evil" not in page.text


async def test_no_answer_leads_to_another_site(browser: httpx.AsyncClient) -> None:
    state = await filled_form(browser)
    for query in (
        "?next=https://evil.example",
        "?lang=//evil.example",
        "?url=%2F%2Fevil.example&lang=fi%0d%0aLocation:x",
    ):
        answer = await browser.post(f"/esimerkki/{query}", data={"state": state, "step": "check"})
        assert answer.headers["location"].startswith("/esimerkki/receipt/"), query
        assert "evil" not in answer.headers["location"]
        soon = await browser.get(f"/esimerkki/status/{TOKEN}{query}")
        assert soon.headers["refresh"].partition("url=")[2].startswith("/esimerkki/status/")
        assert "evil" not in soon.headers["refresh"]
    for path in ("//evil.example/", "/%2f%2fevil.example/", "/\\evil.example/"):
        answer = await browser.get(f"{PUBLIC_URL}{path}")
        assert answer.status_code == 404
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/static/..%2f..%2fkuukausi.css",
        "/esimerkki/package/..%2f..%2fx",
        "/esimerkki/%00",
        "/..",
        "/esimerkki/status/" + "a" * 43 + "/../../x",
    ],
)
async def test_paths_lead_to_our_own_pages_alone(browser: httpx.AsyncClient, path: str) -> None:
    answer = await browser.get(PUBLIC_URL + path)
    assert answer.status_code in (404, 307)
    assert "root:" not in answer.text


async def test_large_bodies_are_taken_on_the_pages_for_files_alone(browser: httpx.AsyncClient) -> None:
    large = {"file": ("a.pdf", b"%PDF-" + b"x" * 300_000)}
    for path in POSTS:
        answer = await browser.post(path, files=large)
        takes_files = path.endswith(("/files", "/add"))
        assert (answer.status_code == 413) is not takes_files, path


async def test_text_of_a_person_never_becomes_markup(browser: httpx.AsyncClient) -> None:
    hostile = '"><script>alert(1)</script>{{7919*7907}}{% raw %}\u202e'
    page = await browser.get("/esimerkki/")
    from tests.connected.intake.test_form_steps import step

    page = await step(browser, page, "what", choice=["access", hostile])
    page = await step(browser, page, "who", name=hostile, email=hostile, message=hostile, whose=hostile)
    assert page.status_code == 422
    assert "<script" not in page.text
    assert "62615533" not in page.text, "the product; the sealed state is random, so a short number could be in it"
