"""Limits for one network address, counted in PostgreSQL so that they hold across restarts and processes."""

from typing import Literal

from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Database, load_queries

Visit = Literal["form", "link", "file", "api"]


class VisitCounter:
    """Counts what an address does in an hour; the address itself is not stored."""

    def __init__(self, database: Database, ring: KeyRing, limits: dict[Visit, int]) -> None:
        self._database = database
        self._ring = ring
        self._limits = limits
        self._sql = load_queries("dsr_intake")

    async def is_too_many(self, controller_id: str, what: Visit, peer: str) -> bool:
        """Count one more and say whether it is beyond the limit of this hour."""
        hashed = self._ring.mac("network address", peer)
        async with self._database.transaction(controller_id) as connection:
            count: int = await connection.fetchval(self._sql["count_visit"], controller_id, what, hashed)
        return count > self._limits[what]
