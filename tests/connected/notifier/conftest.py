"""The notifier on a real PostgreSQL, with a mail sender of the test's choice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from tests.connected.notifier.builders import Fulfilment

from dsr_notifier.bootstrap import Notifier, build
from dsr_notifier.config import NotifierSettings
from dsr_notifier.ports import MailSender
from dsr_notifier.testing import FakeMailSender
from dsr_shared.keyring import create_key_rings

MakeDatabase = Callable[..., Awaitable[Any]]
MakeNotifier = Callable[[MailSender], Awaitable[Notifier]]


@pytest.fixture
def rings(tmp_path: Path) -> Path:
    create_key_rings(tmp_path / "keys")
    return tmp_path / "keys"


@pytest.fixture
async def settings(service_database: MakeDatabase, rings: Path, tmp_path: Path) -> NotifierSettings:
    database = await service_database("notifier")
    return NotifierSettings(
        database_url=database.app_url,
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="notifier",
        kafka_password="not used here",
        keyring_path=rings / "notifier.keyring.json",
        public_keys_path=rings / "public-keys.json",
        blob_directory=tmp_path / "blobs",
        health_port=0,
        smtp_path=tmp_path / "smtp.json",
        poll_seconds=0.2,
        smtp_check_seconds=0.2,
        lanes=2,
    )


@pytest.fixture
async def make_notifier(settings: NotifierSettings) -> AsyncIterator[MakeNotifier]:
    """Further instances on the same database."""
    made: list[Notifier] = []

    async def make(sender: MailSender) -> Notifier:
        made.append(await build(settings, CollectorRegistry(), sender=sender))
        return made[-1]

    yield make
    for notifier in made:
        await notifier.database.close()


@pytest.fixture
def sender() -> FakeMailSender:
    return FakeMailSender()


@pytest.fixture
async def notifier(make_notifier: MakeNotifier, sender: FakeMailSender) -> Notifier:
    return await make_notifier(sender)


@pytest.fixture
async def fulfilment(notifier: Notifier, rings: Path) -> Fulfilment:
    """Fulfilment's side; the register of `esimerkki` is published already."""
    side = Fulfilment(notifier, rings / "public-keys.json")
    await side.publish()
    return side
