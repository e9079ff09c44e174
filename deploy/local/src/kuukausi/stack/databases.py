"""Databases and roles of the services: an init step that may be repeated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

import asyncpg

from kuukausi.stack.postgres import connect

_ROLE: Final = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE LOGIN"


class Cluster(Protocol):
    """A PostgreSQL server to prepare."""

    @property
    def admin_url(self) -> str: ...
    def url(self, user: str, password: str, database: str) -> str: ...


@dataclass(frozen=True)
class ServiceDatabase:
    """Where a service's data lives: the owner migrates it, the app role uses it under row-level security."""

    name: str
    owner_role: str
    app_role: str
    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)


def service_database(
    server: Cluster, service: str, passwords: Mapping[str, str], name: str | None = None
) -> ServiceDatabase:
    """Describe a service's database; `passwords` is by role name."""
    owner, app, database = f"{service}_owner", f"{service}_app", name or service
    return ServiceDatabase(
        name=database,
        owner_role=owner,
        app_role=app,
        owner_url=server.url(owner, passwords[owner], database),
        app_url=server.url(app, passwords[app], database),
    )


async def create_roles(server: Cluster, passwords: Mapping[str, str]) -> None:
    """Make the roles or set their passwords anew."""
    connection = await connect(server.admin_url)
    try:
        for role, password in passwords.items():
            known = await connection.fetchval("select true from pg_roles where rolname = $1", role)
            verb = "ALTER" if known else "CREATE"
            await _execute(connection, f"{verb} ROLE %I {_ROLE} PASSWORD %L", role, password)
    finally:
        await connection.close()


async def create_database(server: Cluster, database: ServiceDatabase, template: str = "template0") -> None:
    """Make the database, unless it is there; only its two roles may connect."""
    connection = await connect(server.admin_url)
    try:
        if not await connection.fetchval("select true from pg_database where datname = $1", database.name):
            statement = "CREATE DATABASE %I OWNER %I TEMPLATE %I"
            await _execute(connection, statement, database.name, database.owner_role, template)
        await _execute(connection, "REVOKE ALL ON DATABASE %I FROM PUBLIC", database.name)
        await _execute(connection, "GRANT CONNECT ON DATABASE %I TO %I", database.name, database.app_role)
    finally:
        await connection.close()


async def drop_database(server: Cluster, name: str) -> None:
    """Remove it with its connections."""
    connection = await connect(server.admin_url)
    try:
        await _execute(connection, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)
    finally:
        await connection.close()


async def _execute(connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *names: str) -> None:
    """Run a statement that takes no parameters; the server itself quotes the names (%I) and literals (%L)."""
    quoted = await connection.fetchval("select format($1, variadic $2::text[])", statement, list(names))
    await connection.execute(quoted)
