"""Fulfilment on a real PostgreSQL beside a customer register of its own, worked by hand: no process, no Kafka."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.connected.fulfilment.builders import OtherServices, here, make_customers
from tests.connected.fulfilment.company import a_database, settings_of
from tests.connected.fulfilment.desk import Desk

from dsr_fulfilment.bootstrap import Fulfilment, build
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.handlers.events import event_handlers
from dsr_shared.inbox.consume import Inbox
from dsr_shared.keyring import PublicKeys


@pytest.fixture
async def customers(postgres_server) -> AsyncIterator[str]:
    """Address of a database with two customers of the same name."""
    async with a_database(postgres_server.admin_url, "crm", make_customers) as url:
        yield url


@pytest.fixture
async def settings(service_database, customers: str, tmp_path: Path) -> FulfilmentSettings:
    database = await service_database("fulfilment")
    register = here("esimerkki.yaml").read_text()
    return settings_of(tmp_path, database.app_url, {"esimerkki": register}, {"crm": customers})


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
