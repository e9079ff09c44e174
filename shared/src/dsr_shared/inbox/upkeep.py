"""Watching what waits, and forgetting what no topic can bring again."""

import asyncio
import logging
from typing import Final
from uuid import UUID

from prometheus_client import CollectorRegistry, Gauge

from dsr_shared.backoff import pause
from dsr_shared.inbox.decision import MEMORY_DAYS
from dsr_shared.inbox.failures import DATABASE_AWAY
from dsr_shared.outbox import purge_outbox
from dsr_shared.postgres import Connection, Database, load_queries

_BATCH: Final = 5_000
_PURGE_EVERY_SECONDS: Final = 3_600.0
_NAMES: Final = {
    "parked_count": "Events that wait in PostgreSQL",
    "oldest_parked_seconds": "How long the oldest of them waits",
    "dead_letter_count": "Open dead letters",
    "unsent_count": "Events in the outbox that were not sent yet",
    "oldest_unsent_seconds": "How long the oldest of them waits",
}
_log = logging.getLogger(__name__)


async def purge_inbox(db: Database) -> int:
    """Delete what was handled more than 90 days ago; returns how many rows."""
    total = 0
    while True:
        async with db.across_controllers() as connection:
            query = load_queries("dsr_shared", "inbox.sql")["purge_inbox"]
            done = await connection.execute(query, MEMORY_DAYS, _BATCH)
        count = int(done.split()[-1])
        total += count
        if count < _BATCH:
            return total


async def blocked_cases(connection: Connection, *, waiting_seconds: float = 60.0) -> frozenset[tuple[str, UUID]]:
    """Controller and case of what needs a person here: a dead letter, or an event that waits longer than a moment."""
    rows = await connection.fetch(load_queries("dsr_shared", "inbox.sql")["blocked_cases"], waiting_seconds)
    return frozenset((row["controller_id"], row["case_id"]) for row in rows)


class BusWatch:
    """Keeps the numbers of inbox and outbox for Prometheus, and purges once an hour."""

    def __init__(self, db: Database, registry: CollectorRegistry, *, poll_seconds: float = 15.0) -> None:
        self._db = db
        self._poll_seconds = poll_seconds
        self._gauges = {name: Gauge(f"dsr_bus_{name}", text, registry=registry) for name, text in _NAMES.items()}

    async def run(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        purge_at = loop.time()
        while not stop.is_set():
            try:
                await self.look_once()
                if loop.time() >= purge_at:
                    purge_at = loop.time() + _PURGE_EVERY_SECONDS
                    await purge_inbox(self._db)
                    await purge_outbox(self._db)
            except DATABASE_AWAY as error:
                _log.warning("The numbers of the bus are not known: PostgreSQL does not answer.", exc_info=error)
            await pause(stop, self._poll_seconds)

    async def look_once(self) -> None:
        async with self._db.across_controllers() as connection:
            row = await connection.fetchrow(load_queries("dsr_shared", "inbox.sql")["bus_state"])
        for name, gauge in self._gauges.items():
            gauge.set(float(row[name]))
