"""The main job, end to end, as the command line shows it: only mail, forms, letters and the console are touched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from dsr_shared.calendar import due_dates_of
from kuukausi.sample import ASKS_BY_MAIL, create_sample
from kuukausi.stack.layout import Layout
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.ports import free_ports
from kuukausi.stack.postgres import PostgresServer

pytestmark = pytest.mark.connected

NOT_OF_THE_PERSON = {
    "crm": {
        "customers": "id <> 1",
        "contacts": "customer_id <> 1",
        "orders": "customer_id <> 1",
        "order_lines": "order_id <> all(:orders)",
        "invoices": "customer_id <> 1",
        "invoice_lines": "invoice_id <> all(:invoices)",
        "support_notes": "customer_id <> 1",
    },
    "portal": {
        "logins": "id <> all(:logins)",
        "login_events": "login_id <> all(:logins)",
        "newsletter_consents": f"email <> '{ASKS_BY_MAIL.email}'",
    },
    "shop": {"clients": "true", "purchases": "true"},
}
"""Every row of every sample table but the person's own: the namesake and the other controller are among them."""


@pytest.fixture(scope="module")
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    import shutil
    import tempfile

    directory = Path(tempfile.mkdtemp(prefix="kuukausi-e2e-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def demo(state_home: Path) -> list[dict[str, Any]]:
    """What `kuukausi demo --once --json` prints, line by line."""
    done = subprocess.run(
        [sys.executable, "-m", "kuukausi", "demo", "--once", "--json", "--name", "e2e"],
        env={**os.environ, "XDG_STATE_HOME": str(state_home)},
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def result(demo: list[dict[str, Any]]) -> dict[str, Any]:
    assert demo[-1]["step"] == "done"
    return demo[-1]


def case_by(result: dict[str, Any], channel: str) -> dict[str, Any]:
    (case,) = [case for case in result["cases"] if case["channel"] == channel]
    return case


@pytest.mark.promise("P05")
def test_a_mailed_and_a_posted_request_are_both_carried_to_a_closed_case(result):
    mailed, posted = case_by(result, "mail"), case_by(result, "form")
    assert set(mailed["rights"]) == {"access", "erasure"}
    assert posted["rights"] == ["access"]
    assert mailed["closed_at"]
    assert posted["closed_at"]


@pytest.mark.promise("P07")
def test_each_due_date_is_a_month_from_its_receipt(result):
    for case in result["cases"]:
        received = date.fromisoformat(case["received"][:10])
        assert date.fromisoformat(case["due"]) == due_dates_of(received).due


@pytest.mark.promise("P01")
def test_every_mapped_system_has_an_outcome_and_the_person_got_a_package(result):
    for case in result["cases"]:
        assert len(case["outcome"]) >= 3
        assert all(case["outcome"].values())
        files = result["package"][case["case"]]["files"]
        assert any(name.endswith(".html") for name in files)
        assert any(name.endswith(".json") for name in files)
        assert any(name.endswith(".csv") for name in files)


def test_each_person_gets_each_letter_once(result):
    message_ids = [letter["message_id"] for letter in result["letters"]]
    assert len(message_ids) == len(set(message_ids)) == 7


@pytest.mark.promise("P16")
def test_held_invoices_are_kept_until_the_day_the_law_gives(result):
    kept = {line["kept_until"] for line in result["kept"]}
    assert kept == {"2027-12-31", "2030-12-31", "2032-12-31"}
    assert sum(line["items"] for line in result["erased"]) > 0


async def test_only_the_person_who_asked_was_changed(result, state_home, monkeypatch):
    """Every row of every database but the person's own is what a fresh sample has, the namesake's included."""
    monkeypatch.setenv("XDG_STATE_HOME", str(state_home))
    layout = Layout.of("e2e")
    passwords = Passwords.load(layout.passwords)
    (port,) = free_ports(1)
    server = PostgresServer(
        directory=layout.postgres,
        log_path=layout.log_of("postgres-after"),
        port=port,
        admin_password=passwords.postgres_admin,
        mark=str(state_home),
    )
    child = server.start()
    try:
        server.wait(child)
        fresh = await create_sample(server.admin_url, prefix="fresh")
        for sample, tables in NOT_OF_THE_PERSON.items():
            before, after = fresh.admin_urls[sample], fresh.admin_urls[sample].replace("/fresh_", "/sample_")
            keys = await keys_of_the_person(fresh.admin_urls["crm"], fresh.admin_urls["portal"])
            for table, condition in tables.items():
                expected = await contents(before, table, condition, keys)
                assert expected, table
                assert await contents(after, table, condition, keys) == expected, table
        assert await own_invoices(fresh.admin_urls["crm"].replace("/fresh_", "/sample_")) == [2021, 2024, 2026]
    finally:
        child.kill()


async def keys_of_the_person(crm: str, portal: str) -> dict[str, list[Any]]:
    queries = {
        "orders": (crm, "select id from orders where customer_id = 1"),
        "invoices": (crm, "select id from invoices where customer_id = 1"),
        "logins": (portal, f"select id from logins where email = '{ASKS_BY_MAIL.email}'"),
    }
    found: dict[str, list[Any]] = {}
    for name, (url, query) in queries.items():
        connection = await asyncpg.connect(url)
        found[name] = [row["id"] for row in await connection.fetch(query)]
        await connection.close()
    assert all(found.values())
    return found


async def contents(url: str, table: str, condition: str, keys: dict[str, list[Any]]) -> list[str]:
    names = [name for name in keys if f":{name}" in condition]
    for position, name in enumerate(names, 1):
        condition = condition.replace(f":{name}", f"${position}")
    connection = await asyncpg.connect(url)
    try:
        query = f"select t::text as row from {table} t where {condition} order by 1"
        return [row["row"] for row in await connection.fetch(query, *(keys[name] for name in names))]
    finally:
        await connection.close()


async def own_invoices(url: str) -> list[int]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("select issued_on from invoices where customer_id = 1 order by 1")
        return [row["issued_on"].year for row in rows]
    finally:
        await connection.close()
