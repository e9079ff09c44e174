"""Does `schema.sql` say what the migrations do? Two databases are compared by their catalogues.

migrated = await service_database("intake")
written = await service_database("intake", ("dsr_shared",))
await apply_schema(written.owner_url, written.app_role, "dsr_intake")
assert await catalogue(written.owner_url) == await catalogue(migrated.owner_url)
"""

from importlib.resources import files

import asyncpg

from dsr_shared.postgres import load_queries


async def apply_schema(owner_url: str, app_role: str, package: str) -> None:
    """Run `<package>/sql/schema.sql` as the owner."""
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("select set_config('app.role', $1, false)", app_role)
        await connection.execute(files(package).joinpath("sql", "schema.sql").read_text(encoding="utf-8"))
    finally:
        await connection.close()


async def empty_database(owner_url: str) -> None:
    """Take away everything in the schema `public`, as its owner."""
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("drop schema public cascade; create schema public")
    finally:
        await connection.close()


async def catalogue(owner_url: str) -> tuple[str, ...]:
    """Tables, columns, constraints, indexes, policies, functions, triggers and rights, a line each, sorted."""
    connection = await asyncpg.connect(owner_url)
    try:
        rows = await connection.fetch(load_queries("dsr_shared", "catalogue.sql")["catalogue"])
    finally:
        await connection.close()
    return tuple(row["line"] for row in rows)
