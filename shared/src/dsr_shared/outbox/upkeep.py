"""Sending again, and forgetting what was sent long ago."""

from datetime import datetime
from typing import Final

from dsr_shared.contracts.registry import COMPACTED
from dsr_shared.outbox.append import OUTBOX_CHANNEL
from dsr_shared.postgres import Database, hint_after_commit, load_queries

KEEP_SENT_DAYS: Final = 60
_BATCH: Final = 5_000


async def republish(db: Database, since: datetime) -> int:
    """Have the relay send again all that was written since; returns how many events. Receivers know what they had."""
    async with db.across_controllers() as connection:
        count: int = await connection.fetchval(load_queries("dsr_shared", "outbox.sql")["republish"], since)
        await hint_after_commit(connection, OUTBOX_CHANNEL)
    return count


async def purge_outbox(db: Database) -> int:
    """Delete what was sent more than 60 days ago; returns how many rows."""
    total = 0
    while True:
        async with db.across_controllers() as connection:
            query = load_queries("dsr_shared", "outbox.sql")["purge_outbox"]
            done = await connection.execute(query, KEEP_SENT_DAYS, sorted(COMPACTED), _BATCH)
        count = int(done.split()[-1])
        total += count
        if count < _BATCH:
            return total
