"""Forgets the letters counted on past days."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import asyncpg

from dsr_shared.backoff import pause
from dsr_shared.calendar import helsinki_date
from dsr_shared.postgres import Database, database_now, load_queries

_EVERY_SECONDS: Final = 3600.0
_log = logging.getLogger(__name__)


class Upkeep:
    """Once an hour."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._sql = load_queries("dsr_notifier")

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.forget()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                _log.warning("Upkeep is put off: PostgreSQL does not answer.")
            await pause(stop, _EVERY_SECONDS)

    async def forget(self) -> None:
        async with self._db.across_controllers() as conn:
            yesterday = helsinki_date(await database_now(conn)) - timedelta(days=1)
            await conn.execute(self._sql["forget_days"], yesterday)
