"""Plain, ordered .sql files bring a database up to date: `<package>/sql/migrations/NNNN_name.sql`."""

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import asyncpg

from dsr_shared.postgres.database import EVERY_CONTROLLER, Connection
from dsr_shared.postgres.queries import load_queries

_log = logging.getLogger(__name__)
_FILE = re.compile(r"^\d{4}_[a-z0-9_]+\.sql$")
_LOCK: Final = 0x6B75756B


class MigrationError(Exception):
    """A migration cannot be applied; the text says which and what to do."""


@dataclass(frozen=True)
class Migration:
    """One file of a package."""

    package: str
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(package: str) -> Iterator[Migration]:
    folder = files(package).joinpath("sql", "migrations")
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".sql"):
            continue
        if not _FILE.match(entry.name):
            raise MigrationError(f"{package}: {entry.name} is not named like 0001_name.sql")
        yield Migration(package, entry.name, entry.read_text(encoding="utf-8"))


async def migrate(owner_url: str, app_role: str, packages: Sequence[str]) -> tuple[str, ...]:
    """Apply what is missing, package by package, and grant the application role its rights; returns what was applied.

    Runs alone, however many start it at once. A file that changed after it was applied is an error.
    """
    queries = load_queries("dsr_shared", "migrate.sql")
    connection = await asyncpg.connect(owner_url, timeout=30)
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        await connection.execute("select set_config('app.controller_id', $1, false)", EVERY_CONTROLLER)
        await connection.execute("select set_config('app.role', $1, false)", app_role)
        await connection.execute(queries["prepare_schema"])
        for grant in await connection.fetch(queries["grants"], app_role):
            await connection.execute(grant["statement"])
        return await _apply_missing(connection, packages)
    finally:
        await connection.close()


async def _apply_missing(connection: Connection, packages: Sequence[str]) -> tuple[str, ...]:
    queries = load_queries("dsr_shared", "migrate.sql")
    applied = {(row["package"], row["name"]): row["sha256"] for row in await connection.fetch(queries["applied"])}
    done = []
    for migration in (migration for package in packages for migration in migrations_of(package)):
        known = applied.get((migration.package, migration.name))
        if known is None:
            await _apply(connection, migration)
            done.append(f"{migration.package}/{migration.name}")
        elif known != migration.sha256:
            raise MigrationError(
                f"{migration.package}/{migration.name} changed after it was applied; restore it and add a new file"
            )
    return tuple(done)


async def _apply(connection: Connection, migration: Migration) -> None:
    queries = load_queries("dsr_shared", "migrate.sql")
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(queries["record"], migration.package, migration.name, migration.sha256)
    _log.info("A migration was applied.", extra={"package": migration.package, "migration": migration.name})
