"""Every public page at 400 % and with the reader's own spacing: nothing is cut off, too small or out of sight."""

import pytest
from tests.browser.axe import LOOKS, violations
from tests.browser.conftest import PublicWeb
from tests.browser.fit import hidden_stops, misfits
from tests.browser.stages import stage_pages
from tests.browser.walk import form_pages, link_pages

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("walk", [form_pages, link_pages, stage_pages])
async def test_no_page_loses_anything_when_it_is_magnified_or_spaced(
    public_web: PublicWeb, context, walk, language: str
) -> None:
    page = await (await context()).new_page()
    wrong: list[str] = []
    seen = 0
    async for name in walk(page, public_web, language):
        seen += 1
        wrong += [f"{language} {name}: {fault}" for fault in await misfits(page)]
        if language == "fi":
            wrong += [f"{name}: {fault}" for fault in await hidden_stops(page)]
    assert seen >= 10
    assert wrong == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_status_page_is_accessible_at_every_stage(public_web: PublicWeb, context, language: str) -> None:
    page = await (await context()).new_page()
    broken: list[str] = []
    async for name in stage_pages(page, public_web, language):
        broken += await violations(page, f"{language} {name}", LOOKS[language])
    assert broken == []


async def test_the_measures_would_say_so(public_web: PublicWeb, context) -> None:
    """A page that is broken on purpose is found out, so an empty list means something."""
    page = await (await context()).new_page()
    await page.goto(f"{public_web.url}/esimerkki/?lang=fi")
    await page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(`h1 { width: 40rem } .lead { height: 1rem; overflow: hidden } legend { margin-bottom: -2rem }
          .langs * { padding: 0 !important; font-size: 6px; min-height: 0 !important; line-height: 1 }
          .langs { gap: 0 !important }
          .top { position: fixed; inset: 0 0 auto; height: 100vh; z-index: 9 }`);
        const real = Document.prototype.__lookupSetter__('adoptedStyleSheets');
        Object.defineProperty(document, 'adoptedStyleSheets', {set: given => real.call(document, [sheet, ...given])});
        document.adoptedStyleSheets = []; }"""
    )
    said = " ".join([*await misfits(page), *await hidden_stops(page)])
    for fault in ("scrolls sideways", "cut off: P.lead", "overlap:", "too small:", "focus out of sight:"):
        assert fault in said, fault
