"""Whatever staff type about a case or a breach lies in no row in clear, and their pages still show it."""

import secrets

import pytest
from tests.connected.console.test_the_line import searched

ROWS = """
    select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'
"""


@pytest.fixture
def mark() -> str:
    return "zqk" + "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(10))


async def in_clear(desk, mark: str) -> list[str]:
    """Tables with a row that holds the mark, in text or as bytes of any column."""
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        found = []
        for row in await conn.fetch(ROWS):
            table = row["table_name"]
            rows = await conn.fetch(f'select t::text as line from "{table}" as t')  # names of our own schema
            found += [table for line in rows if mark in line["line"] or mark.encode().hex() in line["line"]]
    return found


@pytest.mark.promise("P37")
async def test_every_word_that_is_typed_about_a_case_is_sealed(desk, others, signed_in, mark):
    await searched(desk, others, days=5)
    await searched(desk, others, "access", days=2)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0002")
    page = await matti.submit(page.form("#ahead"), reason=f"Hyllyllä {mark}")
    assert f"Hyllyllä {mark}" in page.text
    page = await matti.submit(page.form("#reveal"), why="other", reason=f"Soitin {mark}")
    page = await matti.open("/cases/K-2026-0002")
    assert f"oitin {mark}" in page.text
    page = await matti.submit(page.form("form.task"), outcome="not_searched", proof=f"Lukossa {mark}")
    assert f"Lukossa {mark}" in page.text
    assert not page.errors
    await desk.work()
    assert await in_clear(desk, mark) == []
    assert await in_clear(desk, "not_searched"), "the scan sees what is in clear"


@pytest.mark.promise("P37")
async def test_how_staff_know_a_person_and_why_they_refuse_is_sealed(desk, others, signed_in, mark):
    case_id = await others.request("access")
    await desk.work_without_mail()
    await desk.fail_letter(case_id, "challenge")
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("form.settle"), what_was_done=f"Postitin {mark}")
    assert not page.errors
    page = await matti.submit(page.form("#identity"), reason=f"Tunnen {mark}")
    assert f"Tunnen {mark}" in page.text, "the history shows it"
    page = await matti.submit(page.form("#more-time form"), reason=f"Paljon {mark}")
    page = await matti.submit(page.form("#refuse form"), reason=f"Perusteeton {mark}")
    assert not page.errors
    assert await in_clear(desk, mark) == []
