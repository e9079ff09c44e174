"""Fulfilment beside two databases of a small company, and a second company on the same installation."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.connected.breach.desk import BreachDesk
from tests.connected.breach.people import CRM, PORTAL, make
from tests.connected.console.conftest import accounts, app, signed_in, visitor
from tests.connected.fulfilment.conftest import desk, fulfilment, others

from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.config import FulfilmentSettings
from dsr_shared.keyring import PublicKeys, create_key_rings

__all__ = ["accounts", "app", "desk", "fulfilment", "others", "signed_in", "visitor"]

OTHER_COMPANY = "toinen"


@pytest.fixture
async def databases(postgres_server) -> AsyncIterator[dict[str, str]]:
    """Addresses of the customer register and the portal."""
    import asyncpg

    admin = await asyncpg.connect(postgres_server.admin_url)
    made = {}
    for system, content in (("crm", CRM), ("portal", PORTAL)):
        name = f"{system}_{secrets.token_hex(4)}"
        await admin.execute(f"CREATE DATABASE {name}")
        made[system] = postgres_server.admin_url.rsplit("/", 1)[0] + f"/{name}"
        await make(made[system], content)
    yield made
    for url in made.values():
        await admin.execute(f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def settings(service_database, databases: dict[str, str], tmp_path: Path) -> FulfilmentSettings:
    create_key_rings(tmp_path / "keys")
    (tmp_path / "registers").mkdir()
    register = Path(__file__).with_name("esimerkki.yaml").read_text()
    for company in ("esimerkki", OTHER_COMPANY):
        text = register.replace("id: esimerkki", f"id: {company}", 1).replace(
            "Esimerkki Oy", f"{company.title()} Oy", 1
        )
        (tmp_path / "registers" / f"{company}.yaml").write_text(text)
        (tmp_path / "secrets" / company).mkdir(parents=True)
        for system, url in databases.items():
            (tmp_path / "secrets" / company / system).write_text(url)
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
def breach_desk(fulfilment: Fulfilment, settings: FulfilmentSettings, desk) -> BreachDesk:
    """The desk, and the notifier's own key ring to read letters with."""
    return BreachDesk(
        fulfilment,
        desk,
        settings.keyring_path.with_name("notifier.keyring.json"),
        PublicKeys.load(settings.public_keys_path),
    )
