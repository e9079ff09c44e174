"""The notice and the record in Chromium: accessible, no wider than the window, and whole on paper."""

from uuid import uuid4

import pytest
from tests.browser.axe import LOOKS, scrolls_sideways, violations
from tests.browser.conftest import PASSWORD, Console, PublicWeb
from tests.browser.fit import hidden_stops, misfits
from tests.browser.walk import tell
from tests.connected.intake.test_notice_page import versions

from dsr_fulfilment.handlers.publish_registers import publish_registers

pytestmark = [pytest.mark.connected, pytest.mark.promise("P39"), pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_version_is_accessible_fits_a_narrow_window_and_prints(
    public_web: PublicWeb, context, language: str
) -> None:
    for notice in versions():
        await tell(public_web.intake, notice, uuid4())
    page = await (await context()).new_page()
    broken: list[str] = []
    for path in ("notice", "notice/1"):
        answer = await page.goto(f"{public_web.url}/esimerkki/{path}?lang={language}")
        assert answer is not None
        assert answer.status == 200
        assert await page.locator("h1").count() == 1
        broken += await violations(page, f"{language} {path}", LOOKS[language])
        broken += [*await misfits(page), *await hidden_stops(page)]
        await page.emulate_media(media="print")
        assert not await page.locator("nav").first.is_visible()
        assert await page.locator("#part-rights").is_visible()
        await page.emulate_media(media="screen")
    assert broken == []


async def test_the_record_of_processing_is_accessible(console: Console, context) -> None:
    await publish_registers(console.desk.fulfilment.tools)
    await console.accounts.add("esimerkki", "omistaja", PASSWORD, "owner")
    page = await (await context()).new_page()
    await page.goto(f"{console.url}/sign-in")
    for field, value in (("controller", "esimerkki"), ("name", "omistaja"), ("password", PASSWORD)):
        await page.fill(f"[name={field}]", value)
    await page.click("#sign-in button")
    await page.locator("form[action='/sign-out']").wait_for(state="attached")
    broken: list[str] = []
    for language in ("en", "fi"):
        await page.goto(f"{console.url}/record?language={language}")
        assert await page.locator("h1").text_content() == "Record of processing"
        broken += await violations(page, f"record {language}")
        broken += filter(None, [await scrolls_sideways(page)])
    assert broken == []
