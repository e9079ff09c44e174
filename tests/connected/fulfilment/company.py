"""A small company in PostgreSQL and on disk: its own databases, registers, secrets, and fulfilment's settings."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from dsr_fulfilment.config import FulfilmentSettings
from dsr_shared.keyring import create_key_rings


@asynccontextmanager
async def a_database(admin_url: str, system: str, fill: Callable[[str], Awaitable[None]]) -> AsyncIterator[str]:
    """Address of a database of the company's own, for as long as it is needed."""
    admin, name = await asyncpg.connect(admin_url), f"{system}_{secrets.token_hex(4)}"
    try:
        await admin.execute(f"CREATE DATABASE {name}")
        url = admin_url.rsplit("/", 1)[0] + f"/{name}"
        await fill(url)
        yield url
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


async def rows(url: str, query: str) -> list[tuple[object, ...]]:
    """What a query gives in one of the company's databases."""
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


def settings_of(
    home: Path, database_url: str, registers: Mapping[str, str], systems: Mapping[str, str]
) -> FulfilmentSettings:
    """Settings for the companies of `registers` (YAML by id), each of which reaches every database of `systems`."""
    create_key_rings(home / "keys")
    (home / "registers").mkdir()
    for company, register in registers.items():
        (home / "registers" / f"{company}.yaml").write_text(register)
        (home / "secrets" / company).mkdir(parents=True)
        for system, url in systems.items():
            (home / "secrets" / company / system).write_text(url)
    return FulfilmentSettings(
        database_url=database_url,
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="fulfilment",
        kafka_password="not used here",
        keyring_path=home / "keys" / "fulfilment.keyring.json",
        public_keys_path=home / "keys" / "public-keys.json",
        blob_directory=home / "blobs",
        health_port=0,
        console_port=0,
        console_url="http://localhost:8081",
        intake_url="http://localhost:8080",
        registers_directory=home / "registers",
        connector_secrets_directory=home / "secrets",
    )
