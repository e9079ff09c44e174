"""Fulfilment on a real PostgreSQL beside a customer register of its own, worked by hand: no process, no Kafka."""

import secrets
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.connected.fulfilment.builders import OtherServices, here, make_customers
from tests.connected.fulfilment.desk import Desk

from dsr_fulfilment.bootstrap import Fulfilment, build
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.handlers.events import event_handlers
from dsr_shared.inbox.consume import Inbox
from dsr_shared.keyring import PublicKeys, create_key_rings


@pytest.fixture
async def customers(postgres_server) -> AsyncIterator[str]:
    """Address of a database with two customers of the same name."""
    import asyncpg

    name = f"crm_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    await admin.execute(f"CREATE DATABASE {name}")
    url = postgres_server.admin_url.rsplit("/", 1)[0] + f"/{name}"
    await make_customers(url)
    yield url
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def settings(service_database, customers: str, tmp_path: Path) -> FulfilmentSettings:
    create_key_rings(tmp_path / "keys")
    (tmp_path / "registers").mkdir()
    shutil.copy(here("esimerkki.yaml"), tmp_path / "registers")
    (tmp_path / "secrets" / "esimerkki").mkdir(parents=True)
    (tmp_path / "secrets" / "esimerkki" / "crm").write_text(customers)
    database = await service_database("fulfilment")
    return FulfilmentSettings(
        database_url=database.app_url,
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="fulfilment",
        kafka_password="not used here",
        keyring_path=tmp_path / "keys" / "fulfilment.keyring.json",
        public_keys_path=tmp_path / "keys" / "public-keys.json",
        blob_directory=tmp_path / "blobs",
        health_port=0,
        console_port=0,
        console_url="http://localhost:8081",
        intake_url="http://localhost:8080",
        registers_directory=tmp_path / "registers",
        connector_secrets_directory=tmp_path / "secrets",
    )


@pytest.fixture
async def fulfilment(settings: FulfilmentSettings) -> AsyncIterator[Fulfilment]:
    parts = await build(settings)
    yield parts
    await parts.tools.connectors.close()
    await parts.tools.database.close()


@pytest.fixture
def others(fulfilment: Fulfilment, settings: FulfilmentSettings) -> OtherServices:
    tools = fulfilment.tools
    inbox = Inbox(tools.database, "fulfilment", tools.keys, event_handlers(tools), tools.outbox)
    return OtherServices(inbox, PublicKeys.load(settings.public_keys_path))


@pytest.fixture
def desk(fulfilment: Fulfilment, others: OtherServices) -> Desk:
    return Desk(fulfilment, others)
