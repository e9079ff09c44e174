"""The public registers of the controllers, as the pages and the reading of mail need them."""

import time
from collections.abc import Callable
from typing import Final

import asyncpg

from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.postgres import Database, load_queries

DATABASE_TROUBLE: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
"""The server is down, going down or does not take us: nothing was committed."""
_FRESH_SECONDS: Final = 2.0


class ControllerBook:
    """Reads registers and remembers each for two seconds; while the database is down the last one read still names
    the controller on the page that says so."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._sql = load_queries("dsr_intake")
        self._known: dict[str, tuple[float, ControllerPublishedV1]] = {}

    async def find(self, controller_id: str) -> ControllerPublishedV1 | None:
        """The newest register, or None where nobody published one."""
        read_at, known = self._known.get(controller_id, (float("-inf"), None))
        if self._clock() - read_at < _FRESH_SECONDS:
            return known
        try:
            register = await self._read(controller_id)
        except DATABASE_TROUBLE:
            if known is None:
                raise
            return known
        if register is not None:
            self._known[controller_id] = (self._clock(), register)
        return register

    async def _read(self, controller_id: str) -> ControllerPublishedV1 | None:
        async with self._database.transaction(controller_id) as connection:
            document = await connection.fetchval(self._sql["controller"], controller_id)
        return ControllerPublishedV1.model_validate_json(document) if document else None
