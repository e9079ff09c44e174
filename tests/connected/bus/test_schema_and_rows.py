"""The written schema is what the migrations make; a row is seen by its controller alone."""

import json
from uuid import uuid4

import asyncpg
import pytest
from tests.connected.bus.bus_stage import Bus, an_event, stream

from dsr_shared.inbox import Rejected
from dsr_shared.outbox import Draft, NotTheWriterError, Outbox
from dsr_shared.postgres import Database, MigrationError, migrate, migrations
from dsr_shared.testing import apply_schema, catalogue
from dsr_shared.testing.schema import empty_database

pytestmark = pytest.mark.connected


async def test_the_written_schema_is_what_the_migrations_make(service_database) -> None:  # type: ignore[no-untyped-def]
    described = await service_database("intake", ("dsr_shared",))
    migrated = await catalogue(described.owner_url)
    await empty_database(described.owner_url)
    await migrate(described.owner_url, described.app_role, ())
    await apply_schema(described.owner_url, described.app_role, "dsr_shared")
    assert await catalogue(described.owner_url) == migrated
    assert any("own_controller" in line for line in migrated)


async def test_migrations_are_applied_once(service_database) -> None:  # type: ignore[no-untyped-def]
    described = await service_database("intake", ("dsr_shared",))
    assert await migrate(described.owner_url, described.app_role, ("dsr_shared",)) == ()


async def test_a_migration_changed_after_it_was_applied_is_refused(service_database, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    described = await service_database("intake", ("dsr_shared",))
    known = list(migrations.migrations_of("dsr_shared"))
    changed = [migrations.Migration(known[0].package, known[0].name, "select 1"), *known[1:]]
    monkeypatch.setattr(migrations, "migrations_of", lambda _: iter(changed))
    with pytest.raises(MigrationError, match=r"0001_bus\.sql changed after it was applied"):
        await migrate(described.owner_url, described.app_role, ("dsr_shared",))


async def fill_every_table(bus: Bus) -> None:
    case_id = uuid4()
    first, second, third, _, fifth = stream(case_id, 5)
    bus.effects.failures = []
    await bus.give(first, second)
    bus.effects.failures = [Rejected("no")]
    await bus.give(third, fifth)
    async with bus.db.transaction("acme") as connection:
        await bus.keys.destroy(connection, "acme", uuid4())


async def test_no_table_shows_or_takes_a_row_of_another_controller(bus: Bus) -> None:
    await fill_every_table(bus)
    tables = [
        str(row[0])
        for row in await bus.rows(
            "select table_name from information_schema.columns where column_name = 'controller_id' order by 1"
        )
    ]
    assert len(tables) == 8
    for table in tables:
        (count,) = (await bus.rows(f"select count(*) from {table}"))[0]
        assert count, f"{table} has no row to hide"
        async with bus.db.transaction("other") as connection:
            assert await connection.fetchval(f"select count(*) from {table}") == 0, table
            if table != "destroyed_cases":  # nobody may update it at all
                assert await connection.execute(f"update {table} set controller_id = 'other'") == "UPDATE 0", table
    async with bus.db.transaction("other") as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "insert into inbox_streams (controller_id, case_id, topic) values ('acme', $1, 'x')", uuid4()
            )


async def test_a_connection_that_names_no_controller_sees_nothing(bus: Bus) -> None:
    await fill_every_table(bus)
    connection = await asyncpg.connect(bus.app_url)
    try:
        assert await connection.fetchval("select count(*) from inbox") == 0
    finally:
        await connection.close()


async def test_events_get_their_sequence_without_holes_whoever_rolls_back(bus: Bus) -> None:
    case_id, outbox = uuid4(), Outbox("intake")

    async def append(*, fails: bool = False) -> int:
        async with bus.db.transaction("acme") as connection:
            envelope = await outbox.append(connection, Draft(uuid4(), "acme", case_id, an_event()))
            if fails:
                raise asyncpg.SerializationError
        return envelope.sequence

    assert await append() == 1
    with pytest.raises(asyncpg.SerializationError):
        await append(fails=True)
    assert await append() == 2
    payloads = await bus.rows("select convert_from(payload, 'utf8') from outbox order by sequence")
    assert [json.loads(str(row[0]))["sequence"] for row in payloads] == [1, 2]


async def test_a_service_cannot_put_another_services_event_into_its_outbox(bus: Bus) -> None:
    async with bus.db.transaction("acme") as connection:
        with pytest.raises(NotTheWriterError, match=r"fulfilment may not write requests\.v1"):
            await Outbox("fulfilment").append(connection, Draft(uuid4(), "acme", uuid4(), an_event()))


async def test_a_hint_reaches_a_listener_here_and_in_another_process(bus: Bus) -> None:
    elsewhere = await Database.connect(bus.app_url)
    async with bus.db.listen("outbox_appended") as here, elsewhere.listen("outbox_appended") as there:
        assert await there.wait(10)  # given once LISTEN stands
        async with bus.db.transaction("acme") as connection:
            await Outbox("intake").append(connection, Draft(uuid4(), "acme", uuid4(), an_event()))
        assert await here.wait(10)
    async with elsewhere.listen("outbox_appended") as there:
        assert await there.wait(10)
        async with bus.db.transaction("acme") as connection:
            await Outbox("intake").append(connection, Draft(uuid4(), "acme", uuid4(), an_event()))
        assert await there.wait(10)
    await elsewhere.close()
