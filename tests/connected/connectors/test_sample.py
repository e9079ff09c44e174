"""The sample company is the same at every run, and its connectors may do only what they need."""

from typing import TYPE_CHECKING

import asyncpg
import pytest
from tests.connected.connectors.conftest import Sample

from kuukausi.sample import ASKS_BY_MAIL, NAMESAKE, create_sample
from kuukausi.sample.people import people

if TYPE_CHECKING:
    from pathlib import Path

    from kuukausi.stack.postgres import PostgresServer


async def test_it_has_a_thousand_customers_with_namesakes_and_shared_addresses(sample: Sample) -> None:
    (row,) = await sample.sql(
        "crm",
        "select count(*) as people, count(distinct email) as emails,"
        " count(distinct (given_name, family_name)) as names, count(distinct (street, city)) as homes from customers",
    )
    assert (row["people"], row["emails"]) == (1000, 1000)
    assert row["names"] < 1000
    assert row["homes"] < 1000
    years = await sample.sql("crm", "select distinct extract(year from issued_on)::int as y from invoices order by y")
    assert [row["y"] for row in years] == list(range(2019, 2027))


async def test_the_namesake_lives_at_the_same_address_under_another_mail_address(sample: Sample) -> None:
    rows = await sample.sql("crm", "select street, email from customers where family_name = 'Esimerkki' order by id")
    assert [row["email"] for row in rows] == [ASKS_BY_MAIL.email, NAMESAKE.email]
    assert len({row["street"] for row in rows}) == 1


async def test_it_is_the_same_at_every_run(sample: Sample, postgres_server: "PostgresServer") -> None:
    again = Sample(await create_sample(postgres_server.admin_url, prefix="sample_again"), sample.registers)
    for name in ("crm", "portal", "shop"):
        assert await again.everything(name) == await sample.everything(name)


def test_all_addresses_are_reserved_ones() -> None:
    assert {person.email.rpartition(".")[2] for person in people()} == {"example"}


@pytest.mark.parametrize("statement", ["create table x (a int)", "insert into customers select * from customers"])
async def test_a_connector_can_neither_make_tables_nor_add_rows(sample: Sample, statement: str) -> None:
    connection = await asyncpg.connect(sample.access.secrets[("esimerkki", "crm_dsn")])
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


def test_secrets_are_written_for_their_owner_alone(sample: Sample, tmp_path: "Path") -> None:
    sample.access.write_secrets(tmp_path)
    written = tmp_path / "esimerkki" / "crm_dsn"
    assert written.read_text() == sample.access.secrets[("esimerkki", "crm_dsn")]
    assert written.stat().st_mode & 0o077 == 0
