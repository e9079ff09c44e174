"""The whole form by keyboard alone, without scripts, in print, and in a frame."""

import pytest
from playwright.async_api import Page, Route
from tests.browser.conftest import PublicWeb
from tests.browser.walk import PDF, press

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="session")]
_FOCUS = """() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
  return {tag: e.tagName, id: e.id, name: e.name || '', value: e.value || '', css: e.className,
          outline: s.outlineStyle === 'none' ? 0 : parseFloat(s.outlineWidth),
          top: r.top, bottom: r.bottom, place: [...document.querySelectorAll('*')].indexOf(e)} }"""


async def tab_to(page: Page, wanted: str, most: int = 40) -> list[dict[str, object]]:
    """Press Tab until the wanted input or button has the focus; every stop on the way must be visible and in order."""
    stops: list[dict[str, object]] = []
    for _ in range(most):
        await page.keyboard.press("Tab")
        stop = await page.evaluate(_FOCUS)
        stops.append(stop)
        assert stop["outline"] >= 2, f"no visible focus on {stop}"
        assert stop["bottom"] > 0, f"focus outside the window: {stop}"
        if wanted in (stop["id"], stop["name"]) or (wanted == "button" and stop["css"] == "btn"):
            places = [int(str(one["place"])) for one in stops]
            assert places == sorted(places), "focus jumps back"
            return stops
    raise AssertionError(f"Tab never came to {wanted}: {stops}")


async def enter(page: Page) -> None:
    async with page.expect_navigation():
        await page.keyboard.press("Enter")


async def test_the_whole_form_can_be_filled_in_and_sent_by_keyboard(public_web: PublicWeb, context) -> None:
    page = await (await context()).new_page()
    await page.goto(f"{public_web.url}/esimerkki/?lang=en")
    await page.keyboard.press("Tab")
    assert "skip" in (await page.evaluate(_FOCUS))["css"]
    await tab_to(page, "button")
    await enter(page)
    await page.locator(".errors:focus").wait_for()
    assert (await page.title()).startswith("Error:")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert (await page.evaluate(_FOCUS))["id"] == "choice-access", "the link leads to the input"
    await page.keyboard.press("Space")
    await tab_to(page, "button")
    await enter(page)
    await tab_to(page, "whose")
    await tab_to(page, "name")
    await page.keyboard.type("Aino Esimerkki")
    await tab_to(page, "email", 1)
    await page.keyboard.type("aino@posti")
    await enter(page)
    await page.locator(".errors:focus").wait_for()
    assert (await page.title()).startswith("Error:"), "Enter in a field goes on, and does not change the language"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    assert (await page.evaluate(_FOCUS))["id"] == "email"
    await page.keyboard.press("Control+A")
    await page.keyboard.type("aino@posti.example")
    await tab_to(page, "button")
    await enter(page)
    assert "Check and send" in await page.inner_text("h1")
    await tab_to(page, "button")
    await enter(page)
    assert "We have your request" in await page.inner_text("h1")
    await tab_to(page, "button")
    await enter(page)
    assert "/status/" in page.url


async def test_everything_works_without_scripts_also_a_file_and_what_is_added_later(
    public_web: PublicWeb, context
) -> None:
    page = await (await context(java_script_enabled=False)).new_page()
    await page.goto(f"{public_web.url}/esimerkki/?lang=sv")
    await page.click("label[for=choice-erasure]")
    await press(page)
    await page.click("label[for=whose-other]")
    await page.fill("#name", "Oili Omainen")
    await page.fill("#email", "oili@posti.example")
    await press(page)
    await page.fill("#subject_name", "Aino Esimerkki")
    await press(page)
    upload = {"name": "fullmakt.pdf", "mimeType": "application/pdf", "buffer": PDF}
    await page.set_input_files("#file", files=[upload])
    await press(page)
    assert "fullmakt.pdf" in await page.inner_text("main")
    await page.click("nav.langs button[value=en]")
    assert "Check and send" in await page.inner_text("h1")
    assert "fullmakt.pdf" in await page.inner_text("main")
    await press(page)
    assert "We have your request" in await page.inner_text("h1")
    await page.click(".answer .btn")
    await page.click("a[href*='/add']")
    await page.fill("#message", "One thing more.")
    await page.set_input_files("#file", files=[upload])
    await press(page)
    assert "We added it to your request" in await page.inner_text("h1")


async def test_the_receipt_prints_as_a_receipt(public_web: PublicWeb, context) -> None:
    page = await (await context()).new_page()
    await page.goto(f"{public_web.url}/esimerkki/?lang=fi")
    await page.click("label[for=choice-access]")
    await press(page)
    await page.fill("#name", "Aino Esimerkki")
    await page.fill("#email", "aino.tulostaa@posti.example")
    await press(page)
    await press(page)
    await page.emulate_media(media="print")
    assert await page.locator("h1").is_visible()
    assert await page.locator(".month .due").is_visible()
    for hidden in (".langs", ".btn", ".skip"):
        assert not await page.locator(hidden).first.is_visible(), hidden
    background = await page.evaluate("getComputedStyle(document.querySelector('.answer')).backgroundColor")
    assert background == "rgb(255, 255, 255)"
    assert (await page.pdf()).startswith(b"%PDF-")


async def _be_site(page: Page, site: str, framed: str) -> None:
    """Answer for a site on the web whose page shows another one in a frame."""
    html = f'<!doctype html><title>site</title><iframe title="form" src="{framed}"></iframe>'

    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=html)

    await page.route(f"{site}/**", answer)


async def test_only_the_site_that_the_register_names_shows_the_form_in_a_frame(public_web: PublicWeb, context) -> None:
    browser = await context()
    for controller, site, is_shown in (
        ("kehys", "https://www.kehys.example", True),
        ("kehys", "https://evil.example", False),
        ("esimerkki", "https://www.kehys.example", False),
    ):
        page = await browser.new_page()
        await _be_site(page, site, f"{public_web.url}/{controller}/?lang=en")
        await page.goto(f"{site}/")
        inner = page.frames[1]
        assert bool(await inner.locator("#choice-access").count()) is is_shown, (controller, site)
        await page.close()


async def test_a_colour_that_hardly_shows_gives_way_to_the_colour_of_the_text(public_web: PublicWeb, context) -> None:
    page = await (await context(color_scheme="light")).new_page()
    colours = {}
    for controller in ("esimerkki", "kehys"):
        await page.goto(f"{public_web.url}/{controller}/")
        colours[controller] = await page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopColor")
    assert colours == {"esimerkki": "rgb(122, 46, 77)", "kehys": "rgb(21, 32, 29)"}
    await page.emulate_media(color_scheme="dark")
    dark = await page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopColor")
    assert dark == "rgb(255, 242, 0)"
