"""Intake's tables: the schema equals the migrations, and each row belongs to one controller."""

import httpx
import pytest
from tests.connected.intake.builders import filled_form
from tests.connected.intake.test_links import a_challenge, a_package

from dsr_intake.bootstrap import Intake
from dsr_shared.testing import apply_schema, catalogue

pytestmark = pytest.mark.connected
TABLES = (
    "controllers", "arrivals", "mail_threads", "cases", "status_links", "challenges", "packages", "visits",
    "case_keys", "outbox", "streams", "form_files", "letters_sent", "notices",
    "sign_ins",
)  # fmt: skip


async def test_the_schema_equals_the_migrations(service_database) -> None:  # type: ignore[no-untyped-def]
    migrated = await service_database("intake")
    described = await service_database("intake", ("dsr_shared",))
    await apply_schema(described.owner_url, described.app_role, "dsr_intake")
    assert await catalogue(described.owner_url) == await catalogue(migrated.owner_url)


@pytest.mark.promise("P40")
async def test_no_table_shows_another_controllers_rows(intake: Intake, browser: httpx.AsyncClient) -> None:
    await browser.post("/esimerkki/", data={"state": await filled_form(browser), "step": "check"})
    case_id, _ = await a_challenge(intake)
    await a_package(intake)
    await intake.visits.is_too_many("esimerkki", "form", "10.1.2.3")
    async with intake.database.transaction("esimerkki") as connection:
        await connection.execute("insert into mail_threads values ('esimerkki', 'x', $1)", case_id)
        await connection.execute("insert into form_files values ($1, 'esimerkki', $1, $1, 'formfiles/x')", case_id)
        await connection.execute("insert into letters_sent values ($1, 'esimerkki', $1, 'challenge', now())", case_id)
        await connection.execute("insert into sign_ins values ('x', 'esimerkki', $1, 'x', now())", case_id)
        await connection.execute("insert into notices values ('esimerkki', 1, now(), '{}')")
    for table in TABLES:
        query = f"select count(*) from {table} where controller_id = 'esimerkki'"
        async with intake.database.transaction("esimerkki") as connection:
            assert await connection.fetchval(query) > 0, table
        async with intake.database.transaction("toinen") as connection:
            assert await connection.fetchval(query) == 0, table


async def test_every_table_with_a_controller_is_under_row_level_security(intake: Intake) -> None:
    async with intake.database.across_controllers() as connection:
        open_tables = await connection.fetch(
            "select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid "
            "where a.attname = 'controller_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace "
            "and not (c.relrowsecurity and c.relforcerowsecurity)"
        )
    assert [row["relname"] for row in open_tables] == []
