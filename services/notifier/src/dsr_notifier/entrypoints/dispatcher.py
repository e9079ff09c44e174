"""The dispatcher: sends letters as they come due, reconciles what was left behind, and watches the mail server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from dsr_notifier.bootstrap import Notifier
from dsr_notifier.handlers.dispatching import Dispatching
from dsr_notifier.handlers.mail_server import MailServerState
from dsr_notifier.handlers.receiving import LETTERS_CHANNEL
from dsr_notifier.ports import MailSender
from dsr_shared.backoff import pause
from dsr_shared.postgres import Database, Hints, hint_after_commit, load_queries

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rhythm:
    """How many letters go out at once, and how often each worker looks without being told."""

    lanes: int
    poll_seconds: float
    smtp_check_seconds: float


class Dispatcher:
    """Runs until told to stop; a letter under way is finished first."""

    def __init__(
        self, db: Database, dispatching: Dispatching, sender: MailSender, server: MailServerState, rhythm: Rhythm
    ) -> None:
        self._db = db
        self._dispatching = dispatching
        self._sender = sender
        self._server = server
        self._rhythm = rhythm
        self._sql = load_queries("dsr_notifier")

    async def run(self, stop: asyncio.Event) -> None:
        async with self._db.listen(LETTERS_CHANNEL) as hints, asyncio.TaskGroup() as group:
            for number in range(self._rhythm.lanes):
                group.create_task(self._lane(hints, stop), name=f"lane {number}")
            group.create_task(self._reconcile(stop), name="reconcile")
            group.create_task(self._watch(stop), name="watch mail server")

    async def _lane(self, hints: Hints, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await _at_the_edge(self._dispatching.dispatch_next):
                await hints.wait(self._rhythm.poll_seconds, stop)

    async def _reconcile(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if not await _at_the_edge(self._dispatching.reconcile_next):
                await pause(stop, self._rhythm.poll_seconds)

    async def _watch(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await _at_the_edge(self.check)
            await pause(stop, self._rhythm.smtp_check_seconds if self._server.is_up else self._rhythm.poll_seconds)

    async def check(self) -> bool:
        """Ask the mail server whether it is up; letters that waited for it go out once it is back."""
        is_up = await self._sender.is_reachable()
        if self._server.note(is_up=is_up) or not is_up:
            _log.warning("mail server is back" if is_up else "mail server does not answer; letters wait for it")
        async with self._db.across_controllers() as conn:
            if is_up and await conn.fetch(self._sql["hurry_waiting"]):
                await hint_after_commit(conn, LETTERS_CHANNEL)
            rows = await conn.fetch(self._sql["count_by_state"])
        letters = {row["state"]: row["letters"] for row in rows}
        self._server.show_waiting(letters, max((row["oldest_seconds"] for row in rows), default=0.0))
        return is_up


def dispatcher_of(notifier: Notifier) -> Dispatcher:
    settings = notifier.settings
    rhythm = Rhythm(settings.lanes, settings.poll_seconds, settings.smtp_check_seconds)
    return Dispatcher(notifier.database, notifier.dispatching, notifier.sender, notifier.server, rhythm)


async def _at_the_edge(work: Callable[[], Awaitable[bool]]) -> bool:
    """Whether something was done; a failure is logged and counts as nothing done, so that the worker pauses."""
    try:
        return await work()
    except Exception:  # noqa: BLE001 - the worker's edge: the database may be away, and the worker must outlive it
        _log.exception("dispatching failed; the next try follows")
        return False
