"""The sample databases on a real server, and the connectors that the example registers declare for them."""

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import asyncpg
import pytest

from dsr_fulfilment.adapters.connectors.postgresql import PostgresqlConnector
from dsr_fulfilment.register.loader import load_register
from dsr_fulfilment.register.model import PostgresqlSystem, Register
from kuukausi.sample import SampleAccess, create_sample, example_registers

if TYPE_CHECKING:
    from kuukausi.stack.postgres import PostgresServer


@dataclass
class Sample:
    """The sample companies, with a connection to each database from outside."""

    access: SampleAccess
    registers: dict[str, Register]
    connectors: list[PostgresqlConnector] = field(default_factory=list)

    def connector(
        self, controller: str, system_id: str, declared: PostgresqlSystem | None = None
    ) -> PostgresqlConnector:
        system = declared or self.system(controller, system_id)
        made = PostgresqlConnector(system, self.access.secrets[(controller, system.secret)])
        self.connectors.append(made)
        return made

    def system(self, controller: str, system_id: str) -> PostgresqlSystem:
        system = self.registers[controller].system(system_id)
        assert isinstance(system, PostgresqlSystem)
        return system

    async def sql(self, database: str, statement: str, *arguments: object) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.access.admin_urls[database])
        try:
            found: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
            return found
        finally:
            await connection.close()

    async def everything(self, database: str) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        tables = await self.sql(database, "select tablename from pg_tables where schemaname = 'public'")
        return {
            name: sorted(row["row"] for row in await self.sql(database, f'select t::text as row from "{name}" t'))
            for name in (table["tablename"] for table in tables)
        }


@dataclass
class Template:
    """The sample databases, filled once a run; each test gets copies."""

    access: SampleAccess | None = None

    async def copy(self, admin_url: str, prefix: str) -> SampleAccess:
        if self.access is None:
            self.access = await create_sample(admin_url, prefix="sample_template")
        connection = await asyncpg.connect(admin_url)
        try:
            for name in self.access.admin_urls:
                await connection.execute(f"create database {prefix}_{name} template sample_template_{name}")
        finally:
            await connection.close()
        return SampleAccess(
            {key: _renamed(url, prefix) for key, url in self.access.secrets.items()},
            {name: _renamed(url, prefix) for name, url in self.access.admin_urls.items()},
        )


def _renamed(url: str, prefix: str) -> str:
    server, _, database = url.rpartition("/")
    return f"{server}/{database.replace('sample_template', prefix)}"


@pytest.fixture(scope="session")
def sample_template() -> Template:
    return Template()


@pytest.fixture
async def sample(postgres_server: "PostgresServer", sample_template: Template) -> AsyncIterator[Sample]:
    access = await sample_template.copy(postgres_server.admin_url, f"sample_{secrets.token_hex(3)}")
    directory = example_registers()
    made = Sample(access, {name: load_register(directory / f"{name}.yaml") for name in ("esimerkki", "pikku")})
    yield made
    for connector in made.connectors:
        await connector.close()
