"""Intake on a real PostgreSQL, with key rings and a blob directory of its own."""

import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL, a_register, received
from tests.connected.intake.openid_provider import OpenIdProvider

from dsr_intake.bootstrap import Intake, build
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.keyring import KeyRing, PublicKeys, create_key_rings
from dsr_shared.keys import CaseKeys


@pytest.fixture
def rings(tmp_path: Path) -> Path:
    create_key_rings(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
async def settings(service_database, rings: Path, tmp_path: Path) -> IntakeSettings:
    database = await service_database("intake")
    return IntakeSettings(
        database_url=database.app_url,
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="intake",
        kafka_password="not used here",
        keyring_path=rings / "intake.keyring.json",
        public_keys_path=rings / "public-keys.json",
        blob_directory=tmp_path / "blobs",
        health_port=0,
        web_port=0,
        public_url=PUBLIC_URL,
        requests_a_day=3,
    )


@pytest.fixture
async def intake(settings: IntakeSettings) -> AsyncIterator[Intake]:
    parts = await build(settings)
    for controller_id in ("esimerkki", "toinen"):
        async with parts.database.transaction(controller_id) as connection:
            register = a_register(controller_id)
            await parts.events.handlers()[type(register)](connection, received(controller_id, register))
    yield parts
    await parts.database.close()


@pytest.fixture
async def browser(intake: Intake) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on this machine; it follows no redirects by itself."""
    app = build_app(make_site(intake), public_url=PUBLIC_URL)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield client


@pytest.fixture
def fulfilment_keys(rings: Path) -> KeyRing:
    """The other reader of what intake seals."""
    return KeyRing.load(rings / "fulfilment.keyring.json")


@pytest.fixture
def case_keys(rings: Path) -> CaseKeys:
    ring = KeyRing.load(rings / "intake.keyring.json")
    return CaseKeys(ring, PublicKeys.load(rings / "public-keys.json"))


@pytest.fixture(scope="module")
def served() -> Iterator[OpenIdProvider]:
    with OpenIdProvider(socket.create_server(("127.0.0.1", 0))).serving() as provider:
        yield provider


@pytest.fixture
def provider(served: OpenIdProvider) -> OpenIdProvider:
    served.reset()
    return served
