"""Does due jobs, one of a case at a time; a job that fails is tried again and in the end shown to a person."""

import asyncio
import logging
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import uuid4

from dsr_fulfilment.adapters import cases, work
from dsr_fulfilment.adapters.work import JOBS_CHANNEL, Job, JobKind
from dsr_fulfilment.handlers.breach_people import search_failed
from dsr_fulfilment.handlers.jobs import JobHandler
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.inbox.failures import DATABASE_AWAY
from dsr_shared.postgres import Hints
from dsr_shared.telemetry import continue_trace

LEASE: Final = timedelta(seconds=30)
"""How long a job waits for another worker when its own was killed; a living worker renews it."""
RENEW_SECONDS: Final = 10.0
POLL_SECONDS: Final = 5.0
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 3600))
ATTEMPTS_BEFORE_PERSON: Final = 4
_log = logging.getLogger(__name__)


class Worker:
    """Takes jobs as long as there are any, then waits for a hint or the next poll."""

    def __init__(self, tools: Tools, handlers: Mapping[JobKind, JobHandler], parallel: int = 4) -> None:
        self._tools = tools
        self._handlers = handlers
        self._parallel = parallel

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what was begun is finished or left to its lease."""
        async with self._tools.database.listen(JOBS_CHANNEL) as hints, asyncio.TaskGroup() as group:
            for _ in range(self._parallel):
                group.create_task(self._loop(stop, hints))

    async def work_once(self) -> bool:
        """Do one due job; False where there is none or the database is away: a job under way waits for its lease."""
        try:
            job = await self._next(None)
            if job is not None and (done := await self._attempt(job)):
                await self._finish(done)
        except DATABASE_AWAY as error:
            _log.warning("jobs wait for PostgreSQL", extra={"error": type(error).__name__})
            return False
        return job is not None

    async def _loop(self, stop: asyncio.Event, hints: Hints) -> None:
        """Do job after job. A hint brings one loop to look, and a job found there the next one."""
        done: Job | None = None
        while not stop.is_set():
            try:
                job, done = await self._next(done), None
                if job is not None:
                    hints.give()
                    done = await self._attempt(job)
                    continue
            except DATABASE_AWAY as error:
                _log.warning("jobs wait for PostgreSQL", extra={"error": type(error).__name__})
            await _wait(hints, stop)
        if done is not None:
            with suppress(*DATABASE_AWAY):
                await self._finish(done)

    async def _next(self, done: Job | None) -> Job | None:
        """Put a job away and take the next one, in one commit.

        It does not wait for the disk: if the server loses it, the job is done again, and finds its case moved on.
        """
        async with self._tools.database.across_controllers(is_durable=False) as conn:
            if done is not None:
                await work.finish_job(conn, done)
            return await work.claim_job(conn, uuid4(), LEASE)

    async def _finish(self, job: Job) -> None:
        async with self._tools.database.transaction(job.controller_id) as conn:
            await work.finish_job(conn, job)

    async def _attempt(self, job: Job) -> Job | None:
        """Do the job; returns it where it can be put away, None where it is to be tried again."""
        holding = asyncio.create_task(self._hold(job))
        try:
            with continue_trace(f"job {job.kind}", job.traceparent):
                await self._handlers[job.kind](self._tools, job)
        except Exception as error:  # noqa: BLE001  # a worker's edge: whatever went wrong, the job stays and is retried
            await self._postpone(job, type(error).__name__)
            _log.warning("job failed", extra={"job": job.kind, "case_id": str(job.case_id)}, exc_info=error)
            return None
        else:
            return job
        finally:
            holding.cancel()

    async def _hold(self, job: Job) -> None:
        """Keep the lease while the job runs, however long that takes."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                async with self._tools.database.transaction(job.controller_id) as conn:
                    await work.renew_job(conn, job, LEASE)
            except DATABASE_AWAY as error:
                _log.warning("a lease could not be renewed", extra={"error": type(error).__name__})

    async def _postpone(self, job: Job, error: str) -> None:
        pause = PAUSES[min(job.attempts, len(PAUSES)) - 1]
        async with self._tools.database.transaction(job.controller_id) as conn:
            await work.postpone_job(conn, job, pause, error)
            if job.attempts >= ATTEMPTS_BEFORE_PERSON and job.kind == "find_concerned":
                await search_failed(conn, job, error)
            elif job.attempts >= ATTEMPTS_BEFORE_PERSON:
                case = await cases.set_needs_person(conn, job.case_id, f"job_failed:{job.kind}")
                await work.add_task(conn, case, "needs_person", purpose=job.kind)


async def _wait(hints: Hints, stop: asyncio.Event) -> None:
    """Until a hint that no other loop took, or the next poll."""
    until = time.monotonic() + POLL_SECONDS
    while (left := until - time.monotonic()) > 0 and not stop.is_set():
        if await hints.wait(left, stop):
            return
