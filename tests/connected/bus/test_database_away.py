"""While our own database is away nothing is acknowledged and nothing is lost; then it goes on by itself."""

import asyncio
from uuid import uuid4

import pytest
from tests.connected.bus.bus_stage import Bus, stream
from tests.connected.gate import Gate

from dsr_shared.inbox import Handled
from dsr_shared.postgres import Database
from dsr_shared.testing import wait_until

pytestmark = pytest.mark.connected


@pytest.fixture
async def gate(postgres_server):  # type: ignore[no-untyped-def]
    gate = Gate(postgres_server.port)
    await gate.open()
    yield gate
    gate.shut()


async def test_an_event_waits_in_place_until_the_database_is_back(bus: Bus, gate: Gate, postgres_server) -> None:  # type: ignore[no-untyped-def]
    direct = bus.db
    bus.db = await Database.connect(bus.app_url.replace(f":{postgres_server.port}/", f":{gate.port}/"))
    inbox = bus.inbox
    (first, second) = stream(uuid4(), 2)
    assert await inbox.consume(first) == Handled(had_handler=True)
    gate.shut()
    consuming = asyncio.create_task(inbox.consume(second))
    await wait_until(lambda: inbox.is_waiting_for_database, what="the inbox noticing")
    assert not await bus.db.is_up()
    assert not consuming.done()
    await gate.open()
    assert await consuming == Handled(had_handler=True)
    assert not inbox.is_waiting_for_database
    assert await bus.sequences() == [1, 2]
    await bus.db.close()
    bus.db = direct
