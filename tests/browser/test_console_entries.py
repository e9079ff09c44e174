"""Entering a letter in Chromium: accessible at every width, by the keyboard, and the same without a script."""

from datetime import date, timedelta

import pytest
from tests.browser.axe import scrolls_sideways, violations
from tests.browser.conftest import PASSWORD, Console
from tests.browser.pictures import picture

pytestmark = [pytest.mark.connected, pytest.mark.asyncio(loop_scope="session"), pytest.mark.promise("P05")]


async def test_a_visit_is_entered_and_answered_by_post_without_a_script(console: Console, context, tmp_path) -> None:
    await console.accounts.add("esimerkki", "kirjaaja", PASSWORD, "handler")
    page = await (await context(java_script_enabled=False)).new_page()
    looking = await (await context()).new_page()
    for one in (page, looking):
        await one.goto(f"{console.url}/sign-in")
        for field, value in (("controller", "esimerkki"), ("name", "kirjaaja"), ("password", PASSWORD)):
            await one.fill(f"[name={field}]", value)
        await one.click("#sign-in button")
        await one.wait_for_url(f"{console.url}/")
    old = (date.today() - timedelta(days=50)).isoformat()  # noqa: DTZ011  # any old day will do
    paths = ("/entries/new", f"/entries/new?channel=letter&received_on={old}",
             "/entries/new?channel=visit&received_on=2026-11-16&old_day=2026-11-16")  # fmt: skip
    broken: list[str] = []
    for number, path in enumerate(paths):
        await looking.goto(console.url + path)
        broken += await violations(looking, path)
        broken += filter(None, [await scrolls_sideways(looking)])
        await picture(looking, f"entry-{number}")
    await page.goto(console.url + paths[2])
    scan = tmp_path / "kirje.pdf"
    scan.write_bytes(b"%PDF-1.7 " + b"x" * 100)
    await page.set_input_files("#scan", scan)
    await page.fill("#name", "Aino Esimerkki")
    await page.fill("#said", "Haluan kopion tiedoistani.")
    await page.fill("#postal_address", "Kuja 3\n00100 Helsinki")
    for box in ("right-access", "whose-self", "language-fi", "id_seen"):
        await page.click(f"label[for={box}]")
    await page.click("#entry button.btn")
    assert "document you saw" in await page.inner_text(".errors")
    await page.fill("#document_seen", "Passi, kasvot ja nimi")
    await page.set_input_files("#scan", scan)
    await page.click("#entry button.btn")
    assert "/cases/K-" in page.url
    reference = page.url.rsplit("/", 1)[1]
    assert "kirje.pdf" in await page.inner_text("main")
    await console.desk.work()
    async with console.desk.fulfilment.tools.database.across_controllers() as conn:
        case_id = await conn.fetchval("select case_id from cases where reference = $1", reference)
    await console.desk.finish_tasks(case_id, "nothing_found")
    await console.desk.work()
    for number, path in enumerate((f"/cases/{reference}", "/cases", "/tasks")):
        await looking.goto(console.url + path)
        broken += await violations(looking, path)
        broken += filter(None, [await scrolls_sideways(looking)])
        await picture(looking, f"after-{number}")
    await page.goto(f"{console.url}/cases/{reference}")
    await page.click("form.post a")
    assert await page.get_attribute("html", "lang") == "fi"
    assert "Kuja 3" in await page.inner_text("main")
    await looking.goto(page.url)
    broken += await violations(looking, "letter")
    await picture(looking, "letter")
    assert broken == []
