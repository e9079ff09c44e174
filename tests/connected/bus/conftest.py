"""The stage of the bus tests, made anew for each."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.connected.bus.bus_stage import Bus, Effects, make_effects_table

from dsr_shared.contracts.base import Event
from dsr_shared.contracts.requests import PackageOpenedV1
from dsr_shared.inbox import Handler
from dsr_shared.postgres import Database
from dsr_shared.testing import make_rings


@pytest.fixture
async def bus(service_database, tmp_path: Path) -> AsyncIterator[Bus]:  # type: ignore[no-untyped-def]
    described = await service_database("fulfilment", ("dsr_shared",))
    await make_effects_table(described.owner_url)
    db = await Database.connect(described.app_url)
    effects = Effects()
    handlers: dict[type[Event], Handler] = {PackageOpenedV1: effects.handle}
    yield Bus(db, described.owner_url, described.app_url, make_rings(tmp_path), effects, handlers)
    await db.close()
