"""The clock's numbers counted on a real PostgreSQL."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client import CollectorRegistry, generate_latest

from dsr_fulfilment.entrypoints.clock_metrics import ClockMetrics
from dsr_shared.calendar import helsinki_date
from dsr_shared.postgres import Database, database_now

pytestmark = pytest.mark.connected


@pytest.fixture
async def database(service_database):
    made = await service_database("fulfilment")
    database = await Database.connect(made.app_url, max_size=2)
    yield database
    await database.close()


async def add_case(connection: asyncpg.Connection, controller: str, *, due_in: int, closed: bool = False) -> None:
    now = await database_now(connection)
    await connection.execute(
        "insert into cases (case_id, controller_id, reference, channel, language, rights, state, received_at, due_on,"
        " is_on_behalf, arrival_event_id, arrival_event_type, raw_sha256, closed_at)"
        " values ($1, $2, $3, 'form', 'fi', '{access}', $4, $5, $6, false, $1, 'request_received', '', $7)",
        uuid4(),
        controller,
        uuid4().hex,
        "closed" if closed else "gathering",
        now - timedelta(days=20),
        helsinki_date(now) + timedelta(days=due_in),
        now if closed else None,
    )


async def extend(connection: asyncpg.Connection, controller: str) -> None:
    await connection.execute("update cases set extended_due_on = due_on + 60 where controller_id = $1", controller)


async def shown(database: Database) -> str:
    registry = CollectorRegistry()
    metrics = ClockMetrics(database, registry)
    await metrics.scan_once()
    return generate_latest(registry).decode()


@pytest.mark.promise("P07")
async def test_what_is_overdue_shows_until_it_is_closed(database: Database) -> None:
    async with database.across_controllers() as connection:
        await add_case(connection, "acme", due_in=-1)
        await add_case(connection, "acme", due_in=-30, closed=True)
        await add_case(connection, "other", due_in=3)
    text = await shown(database)
    assert 'dsr_cases_overdue{controller_id="acme"} 1.0' in text
    assert 'dsr_cases_overdue{controller_id="other"} 0.0' in text
    assert 'dsr_cases_due{controller_id="other",within_days="1"} 0.0' in text
    assert 'dsr_cases_due{controller_id="other",within_days="3"} 1.0' in text
    assert 'dsr_cases_open{controller_id="acme",state="gathering"} 1.0' in text


async def test_an_extension_in_effect_moves_the_due_day(database: Database) -> None:
    async with database.across_controllers() as connection:
        await add_case(connection, "acme", due_in=-1)
        await extend(connection, "acme")
    text = await shown(database)
    assert 'dsr_cases_overdue{controller_id="acme"} 0.0' in text


async def test_a_breach_that_the_authority_was_not_told_of_shows_its_clock(database: Database) -> None:
    async with database.across_controllers() as connection:
        for controller, risk, hours in (("acme", None, 5), ("calm", "none", 5)):
            await connection.execute(
                "insert into breaches (breach_id, controller_id, reference, state, aware_at, authority_due_at,"
                " began_at, ended_at, systems, risk, details_sealed, registered_by)"
                " values ($1, $2, 'B-1', 'searching', now(), now() + make_interval(hours => $4), now(), now(),"
                " '{}', $3, '{}', 'matti')",
                uuid4(),
                controller,
                risk,
                hours,
            )
    text = await shown(database)
    assert 'dsr_breach_seconds_left{controller_id="acme"} 1' in text
    assert 'dsr_breach_seconds_left{controller_id="calm"}' not in text


async def test_before_the_first_scan_there_are_no_numbers_and_a_stopped_scan_ends(database: Database) -> None:
    registry = CollectorRegistry()
    metrics = ClockMetrics(database, registry, scan_seconds=0.05)
    assert b"dsr_clock" not in generate_latest(registry)
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(metrics.run(stop), 5)
