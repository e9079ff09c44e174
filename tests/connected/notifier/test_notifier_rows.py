"""The notifier's tables: the schema equals the migrations, and each row belongs to one controller."""

import pytest
from tests.connected.notifier.builders import Fulfilment, dispatch_all
from tests.connected.notifier.conftest import MakeDatabase

from dsr_notifier.bootstrap import Notifier
from dsr_shared.testing import apply_schema, catalogue

pytestmark = pytest.mark.connected


async def test_the_schema_equals_the_migrations(service_database: MakeDatabase) -> None:
    migrated = await service_database("notifier")
    described = await service_database("notifier", ("dsr_shared",))
    await apply_schema(described.owner_url, described.app_role, "dsr_notifier")
    assert await catalogue(described.owner_url) == await catalogue(migrated.owner_url)


@pytest.mark.parametrize("table", ["controllers", "letters", "letter_attempts"])
async def test_another_controller_sees_and_changes_nothing(
    notifier: Notifier, fulfilment: Fulfilment, table: str
) -> None:
    await fulfilment.ask_for_letter()
    await dispatch_all(notifier)
    async with notifier.database.transaction("esimerkki") as conn:
        assert await conn.fetchval(f"select count(*) from {table}") == 1
    async with notifier.database.transaction("toinen") as conn:
        assert await conn.fetchval(f"select count(*) from {table}") == 0
        assert await conn.execute(f"delete from {table}") == "DELETE 0"
