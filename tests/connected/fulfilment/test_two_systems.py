"""An erasure over two databases, one of which changed after the approval."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import asyncpg
import pytest
import yaml
from tests.connected.fulfilment.builders import here
from tests.connected.fulfilment.company import a_database, rows, settings_of

from dsr_fulfilment.adapters import evidence
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.handlers import execute_plan

SHOP = {
    "id": "shop",
    "kind": "postgresql",
    "label": {"fi": "Verkkokauppa", "sv": "Webbutik", "en": "Web shop"},
    "region": "FI",
    "source": {"fi": "Henkilö itse", "sv": "Personen själv", "en": "The person"},
    "hosts": ["127.0.0.1", "localhost"],
    "secret": "shop",
    "tables": [
        {
            "name": "visitors",
            "label": {"fi": "Kävijät", "sv": "Besökare", "en": "Visitors"},
            "category": "contact",
            "primary_key": ["email"],
            "columns": {
                "email": {"label": {"fi": "Sähköposti", "sv": "E-post", "en": "E-mail"}},
                "wish": {"label": {"fi": "Toive", "sv": "Önskan", "en": "Wish"}},
            },
            "identifiers": [{"name": "email", "column": "email", "normalise": "email"}],
            "on_file_email": "email",
        },
        {
            "name": "receipts",
            "label": {"fi": "Kuitit", "sv": "Kvitton", "en": "Receipts"},
            "category": "invoices",
            "primary_key": ["number"],
            "columns": {
                "number": {"label": {"fi": "Numero", "sv": "Nummer", "en": "Number"}},
                "email": {"label": {"fi": "Sähköposti", "sv": "E-post", "en": "E-mail"}},
                "bought_on": {"label": {"fi": "Päivä", "sv": "Datum", "en": "Date"}},
            },
            "identifiers": [{"name": "email", "column": "email", "normalise": "email"}],
            "on_file_email": "email",
            "document_date": "bought_on",
            "hold": "voucher",
        },
    ],
}


async def fill_shop(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("create table visitors (email text primary key, wish text)")
        await connection.execute("insert into visitors values ('aino@posti.example', 'sininen')")
        await connection.execute("create table receipts (number int primary key, email text, bought_on date)")
        await connection.execute("insert into receipts values (1, 'aino@posti.example', '2026-04-01')")
    finally:
        await connection.close()


@pytest.fixture
async def shop(postgres_server) -> AsyncIterator[str]:
    async with a_database(postgres_server.admin_url, "shop", fill_shop) as url:
        yield url


@pytest.fixture
async def settings(service_database, customers: str, shop: str, tmp_path: Path) -> FulfilmentSettings:
    database = await service_database("fulfilment")
    register = yaml.safe_load(here("esimerkki.yaml").read_text())
    register["systems"].append(SHOP)
    register["activities"][0]["systems"].append("shop")
    text = yaml.safe_dump(register, allow_unicode=True)
    return settings_of(tmp_path, database.app_url, {"esimerkki": text}, {"crm": customers, "shop": shop})


async def approved(desk, others):
    case_id = await others.request("erasure")
    await desk.search_through(case_id)
    return case_id


async def test_what_was_erased_stays_done_and_only_the_changed_system_is_planned_anew(desk, others, customers, shop):
    case_id = await approved(desk, others)
    await rows(shop, "update visitors set wish = 'punainen' returning 1")
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_approval"
    assert await rows(customers, "select * from notes where customer_id = 1") == [], "this one matched its plan"
    assert await rows(shop, "select wish from visitors") == [("punainen",)], "nobody has approved that"
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        days = await conn.fetch("select distinct erase_from from deferred_erasures")
    assert [row["erase_from"] for row in days] == [date(2033, 1, 1)]
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    assert await rows(shop, "select * from visitors") == []
    assert await desk.outcomes(case_id) == {"crm": "kept", "folder": "nothing_found", "shop": "kept"}


async def test_what_two_plans_keep_is_told_once_and_erased_once_later(desk, others, customers, shop):
    case_id = await approved(desk, others)
    await rows(customers, "update notes set body = 'Muuttui' where customer_id = 1 and line = 2 returning 1")
    await desk.approve(case_id)
    await desk.work()
    assert await rows(shop, "select * from visitors") == [], "this one matched its plan"
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    kept = (await desk.published("case_stage_changed"))[-2]["kept"]
    assert [(line["label"]["en"], line["count"]) for line in kept] == [("Invoices", 1), ("Receipts", 1)]
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        deferred = await conn.fetch("select table_name from deferred_erasures order by table_name")
    assert [row["table_name"] for row in deferred] == ["customers", "invoices", "receipts"]


class Crash(Exception):
    """Something that nobody expected."""


async def erased_in(desk, case_id) -> list[str]:
    """The systems whose erasure is in the chain of evidence, in its order."""
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        chain = await evidence.entries(conn, case_id)
    return [entry.facts["system"] for entry in chain if entry.kind == "erased_in_system"]


async def try_again(desk) -> None:
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        await conn.execute("update jobs set not_before = now(), lease_until = null where done_at is null")
    await desk.work()


async def test_what_was_erased_is_on_record_though_the_other_system_fails(desk, others, customers, shop):
    case_id = await approved(desk, others)
    await rows(shop, "alter table visitors rename to guests")
    await desk.approve(case_id)
    await desk.work()
    assert await erased_in(desk, case_id) == ["crm"]
    assert (await desk.case(case_id)).state == "erasing"
    await rows(shop, "alter table guests rename to visitors")
    await try_again(desk)
    assert await erased_in(desk, case_id) == ["crm", "crm", "shop"], "searched again, both of them"
    assert await desk.outcomes(case_id) == {"crm": "kept", "folder": "nothing_found", "shop": "kept"}


async def test_what_was_erased_is_on_record_though_the_answer_fails(
    desk, others, shop, monkeypatch: pytest.MonkeyPatch
):
    case_id = await approved(desk, others)
    await desk.approve(case_id)

    async def die(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(execute_plan, "answer_erasure", die)
        await desk.work()
    assert await erased_in(desk, case_id) == ["crm", "shop"]
    assert await rows(shop, "select * from visitors") == []
    await try_again(desk)
    assert (await desk.case(case_id)).state == "closed"
    assert (await desk.letters(case_id)).count("erasure_reply") == 1
