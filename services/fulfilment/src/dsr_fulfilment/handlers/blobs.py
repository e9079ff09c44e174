"""Deleting blobs without losing one that a row names: only after the commit that gave it up, crash or not."""

from datetime import timedelta
from typing import Final

from dsr_fulfilment.adapters import blob_refs, work
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Subject
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.postgres import Connection

ROOMS: Final = ("packages", "scans")
"""The rooms that fulfilment writes to; what lies in the others is intake's."""
UNREFERRED_FOR: Final = timedelta(days=1)
"""A blob is stored before the transaction that names it commits; none of ours takes a day."""


async def give_up(conn: Connection, case: Subject, name: str) -> None:
    """Delete a blob once this transaction has committed; one that fails deletes nothing."""
    await blob_refs.give_up(conn, case, name)
    await work.add_job(conn, case, "delete_blobs")


async def delete_blobs(tools: Tools, job: Job) -> None:
    """Delete what was given up; a crash in between leaves the row, and the next try deletes what is left."""
    async with tools.database.transaction(job.controller_id) as conn:
        names = await blob_refs.given_up(conn, job.case_id)
    for name in names:
        await tools.blobs.delete(name)
        async with tools.database.transaction(job.controller_id) as conn:
            await blob_refs.is_gone(conn, name)


async def sweep_blobs(tools: Tools) -> int:
    """Delete sealed blobs that no row has named for a day, as a crash before a commit leaves them; returns how many."""
    deleted = 0
    age = UNREFERRED_FOR.total_seconds()
    for room in ROOMS:
        await tools.blobs.remove_unfinished(room, older_than_seconds=age)
        names = await tools.blobs.names(room, older_than_seconds=age)
        async with tools.database.across_controllers() as conn:
            orphans = await blob_refs.unreferred(conn, names)
        for name in orphans:
            await tools.blobs.delete(name)
        deleted += len(orphans)
    return deleted
