"""Fulfilment's tables: the schema equals the migrations, and each row belongs to one controller."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from dsr_shared.testing import apply_schema, catalogue
from kuukausi.stack.databases import ServiceDatabase

pytestmark = pytest.mark.connected
MakeDatabase = Callable[..., Awaitable[ServiceDatabase]]
OPEN_TABLES = """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where a.attname = 'controller_id' and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and not (c.relrowsecurity and c.relforcerowsecurity)
"""


async def test_the_schema_equals_the_migrations(service_database: MakeDatabase) -> None:
    migrated = await service_database("fulfilment")
    described = await service_database("fulfilment", ("dsr_shared",))
    await apply_schema(described.owner_url, described.app_role, "dsr_fulfilment")
    assert await catalogue(described.owner_url) == await catalogue(migrated.owner_url)


async def test_every_table_with_a_controller_is_under_row_level_security(service_database: MakeDatabase) -> None:
    migrated = await service_database("fulfilment")
    connection = await asyncpg.connect(migrated.owner_url)
    try:
        assert await connection.fetch(OPEN_TABLES) == []
    finally:
        await connection.close()
