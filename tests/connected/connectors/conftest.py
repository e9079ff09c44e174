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
            return await connection.fetch(statement, *arguments)
        finally:
            await connection.close()

    async def everything(self, database: str) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        tables = await self.sql(database, "select tablename from pg_tables where schemaname = 'public'")
        return {
            name: sorted(row["row"] for row in await self.sql(database, f'select t::text as row from "{name}" t'))
            for name in (table["tablename"] for table in tables)
        }


@pytest.fixture
async def sample(postgres_server: "PostgresServer") -> AsyncIterator[Sample]:
    prefix = f"sample_{secrets.token_hex(3)}"
    access = await create_sample(postgres_server.admin_url, prefix=prefix)
    directory = example_registers()
    made = Sample(access, {name: load_register(directory / f"{name}.yaml") for name in ("esimerkki", "pikku")})
    yield made
    for connector in made.connectors:
        await connector.close()
