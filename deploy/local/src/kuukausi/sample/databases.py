"""Putting the sample companies into a PostgreSQL server, each database with a role of its own for the connector."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from kuukausi.errors import WrongUse
from kuukausi.sample.records import Rows, crm, portal, shop


@dataclass(frozen=True)
class _Sample:
    controller: str
    database: str
    rows: Callable[[], dict[str, Rows]]

    @property
    def secret(self) -> str:
        return f"{self.database}_dsn"


_SAMPLES: Final = (
    _Sample("esimerkki", "crm", crm),
    _Sample("esimerkki", "portal", portal),
    _Sample("pikku", "shop", shop),
)


@dataclass(frozen=True)
class SampleAccess:
    """How the sample databases are reached."""

    secrets: Mapping[tuple[str, str], str] = field(repr=False)
    """(controller, secret name) -> the connector's address, with only the rights it needs."""
    admin_urls: Mapping[str, str] = field(repr=False)
    """crm, portal, shop -> the administrator's address, to look at the data from outside."""

    def write_secrets(self, directory: Path) -> None:
        """Write `<directory>/<controller>/<secret>`, readable by its owner alone."""
        for (controller, name), address in self.secrets.items():
            path = directory / controller / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(address, encoding="utf-8")


async def create_sample(admin_url: str, *, prefix: str = "sample") -> SampleAccess:
    """Make the three databases anew (an earlier sample of the same prefix is dropped) and fill them."""
    addresses: dict[tuple[str, str], str] = {}
    admin_urls: dict[str, str] = {}
    for sample in _SAMPLES:
        name, password = f"{prefix}_{sample.database}", secrets.token_urlsafe()
        await _create(admin_url, name, password)
        admin_urls[sample.database] = with_parts(admin_url, database=name)
        addresses[(sample.controller, sample.secret)] = with_parts(
            admin_url, database=name, user=f"{name}_connector", password=password
        )
        await _fill(admin_urls[sample.database], sample, f"{name}_connector")
    return SampleAccess(addresses, admin_urls)


def example_registers() -> Path:
    """Give the directory with the registers of the sample companies."""
    for parent in Path(__file__).resolve().parents:
        for place in (parent / "deploy" / "controllers", parent / "controllers"):
            if (place / "esimerkki.yaml").is_file():
                return place
    raise WrongUse(
        "The example registers are not here",
        where="deploy/controllers",
        remedy="run the demo from a clone of the project, or copy deploy/controllers beside the installed package",
    )


def with_parts(url: str, *, database: str, user: str | None = None, password: str | None = None) -> str:
    """Give the same server's address for another database and user."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = parts.netloc if user is None else f"{quote(user)}:{quote(password or '')}@{host}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{quote(database)}"))


async def _create(admin_url: str, name: str, password: str) -> None:
    connection = await asyncpg.connect(admin_url, timeout=10)
    try:
        role = f"{name}_connector"
        await _execute(connection, "DROP DATABASE IF EXISTS %I WITH (FORCE)", name)
        await _execute(connection, "DROP ROLE IF EXISTS %I", role)
        await _execute(connection, "CREATE ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD %L", role, password)
        await _execute(connection, "CREATE DATABASE %I TEMPLATE template0", name)
        await _execute(connection, "REVOKE ALL ON DATABASE %I FROM PUBLIC", name)
        await _execute(connection, "GRANT CONNECT ON DATABASE %I TO %I", name, role)
    finally:
        await connection.close()


async def _fill(url: str, sample: _Sample, role: str) -> None:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        schema = files("kuukausi.sample").joinpath("sql", f"{sample.database}.sql").read_text(encoding="utf-8")
        async with connection.transaction():
            await connection.execute(schema)
            for table, rows in sample.rows().items():
                await connection.copy_records_to_table(table, records=rows)
            await _execute(connection, "GRANT USAGE ON SCHEMA public TO %I", role)
            await _execute(connection, "GRANT SELECT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO %I", role)
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


async def _execute(connection: "asyncpg.Connection[asyncpg.Record]", statement: str, *names: str) -> None:
    """Run a statement that takes no parameters; the server itself quotes the names (%I) and literals (%L)."""
    await connection.execute(
        await connection.fetchval("select format($1, variadic $2::text[])", statement, list(names))
    )
