"""The worker that takes up parked events when it is their turn."""

import asyncio
import logging
from typing import Final
from uuid import UUID, uuid4

from dsr_shared.contracts.registry import COMPACTED
from dsr_shared.inbox.consume import Inbox
from dsr_shared.inbox.failures import DATABASE_AWAY
from dsr_shared.inbox.model import Record
from dsr_shared.inbox.origins import FromParked, LeaseLostError
from dsr_shared.inbox.turn import PARKED_CHANNEL
from dsr_shared.postgres import Connection, Database, load_queries

_log = logging.getLogger(__name__)
LEASE_SECONDS: Final = 120.0
_BATCH: Final = 5


class Parked:
    """Leases parked events whose turn it is, a batch at a time, and hands them to the inbox."""

    def __init__(self, db: Database, inbox: Inbox, *, poll_seconds: float = 1.0) -> None:
        self._db = db
        self._inbox = inbox
        self._poll_seconds = poll_seconds
        self._claim = load_queries("dsr_shared", "inbox.sql")["claim_parked"]

    async def run(self, stop: asyncio.Event) -> None:
        async with self._db.listen(PARKED_CHANNEL) as hints:
            while not stop.is_set():
                if not await self._work():
                    await hints.wait(self._poll_seconds, stop)

    async def work_once(self) -> int:
        """Take up what is due; returns how many events."""
        token = uuid4()
        async with self._db.across_controllers() as connection:
            origins = await self._lease(connection, token)
        for origin in origins:
            try:
                await self._inbox.take(origin)
            except LeaseLostError:
                _log.warning("Another process took over a parked event.", extra={"event_id": origin.event_id})
        return len(origins)

    async def _work(self) -> int:
        try:
            return await self.work_once()
        except DATABASE_AWAY as error:
            _log.warning("Parked events wait until PostgreSQL answers again.", exc_info=error)
            return 0

    async def _lease(self, connection: Connection, token: UUID) -> list[FromParked]:
        rows = await connection.fetch(self._claim, token, sorted(COMPACTED), _BATCH, LEASE_SECONDS)
        return [
            FromParked(
                record=Record(
                    topic=row["topic"],
                    partition=row["partition"],
                    offset=row["log_offset"],
                    key=None,
                    value=row["payload"],
                ),
                event_id=row["event_id"],
                lease_token=token,
                attempts=row["attempts"],
            )
            for row in sorted(rows, key=lambda row: row["sequence"])
        ]
