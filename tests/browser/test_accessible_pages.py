"""No page breaks a rule of WCAG 2.2 AA that axe knows, on phone and desk, in light and dark, in any language."""

import pytest
from tests.browser.axe import LOOKS, scrolls_sideways, violations
from tests.browser.conftest import PASSWORD, Console, PublicWeb
from tests.browser.walk import form_pages, link_pages

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("walk", [form_pages, link_pages])
async def test_every_public_page_is_accessible_and_fits_a_narrow_window(
    public_web: PublicWeb, context, walk, language: str
) -> None:
    page = await (await context()).new_page()
    broken: list[str] = []
    seen = 0
    async for name in walk(page, public_web, language):
        seen += 1
        assert await page.locator("h1").count() == 1, name
        lang = await page.locator("html").get_attribute("lang")
        assert lang == language or name == "no such page"
        broken += await violations(page, f"{language} {name}", LOOKS[language])
        if language == "fi":
            broken += filter(None, [await scrolls_sideways(page)])
    assert seen >= 10
    assert broken == []


async def test_every_main_page_of_the_console_is_accessible(console: Console, context) -> None:
    case_id = await console.others.request("access", "erasure")
    await console.desk.work()
    await console.desk.answer_challenge(case_id)
    await console.desk.work()
    await console.others.request()
    await console.accounts.add("esimerkki", "matti", PASSWORD, "owner")
    page = await (await context()).new_page()
    await page.goto(f"{console.url}/sign-in")
    broken = await violations(page, "sign-in")
    for field, value in (("controller", "esimerkki"), ("name", "matti"), ("password", PASSWORD)):
        await page.fill(f"[name={field}]", value)
    await page.click("#sign-in button")
    for path in (
        "/",
        "/cases",
        "/cases/K-2026-0001",
        "/cases/K-2026-0002",
        "/tasks",
        "/letters",
        "/users",
        "/breaches",
        "/breaches/new",
    ):
        answer = await page.goto(console.url + path)
        assert answer is not None
        assert answer.status == 200, path
        broken += await violations(page, path)
    assert broken == []


async def test_axe_would_say_so(public_web: PublicWeb, context) -> None:
    """A page that is broken on purpose is found out, so an empty list means something."""
    page = await (await context()).new_page()
    await page.goto(f"{public_web.url}/esimerkki/")
    await page.evaluate(
        """() => { document.documentElement.removeAttribute('lang');
        document.querySelector('h1').setAttribute('style', 'color: #eee');
        document.querySelector('input[type=checkbox]').id = 'gone'; }"""
    )
    rules = {line.split(": ")[1].split(" ")[0] for line in await violations(page, "broken", [(390, "light")])}
    assert {"html-has-lang", "label"} <= rules
