"""A pool of connections whose transactions each belong to one controller, or say plainly that they cross them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import asyncpg

from dsr_shared.backoff import pause

Connection: TypeAlias = asyncpg.Connection
EVERY_CONTROLLER: Final = "*"
_PAUSE_SECONDS: Final = 1.0
_TRIES_PER_LINE: Final = 15
_BEGIN: Final = "select now(), set_config('app.controller_id', $1, true)"
_BEGIN_WITHOUT_DISK: Final = _BEGIN + ", set_config('synchronous_commit', 'off', true)"
_PLAN_ONCE: Final = {"plan_cache_mode": "force_generic_plan"}
"""Our statements find rows by key, whatever the values. The server would plan those with arrays anew each time."""
_log = logging.getLogger(__name__)


class _PooledConnection(asyncpg.Connection):  # type: ignore[misc]
    """Remembers which hints to give once its transaction is committed, when that began, and what it learned."""

    __slots__ = ("hints", "memory", "now")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.hints: set[str] = set()
        self.memory: dict[object, Any] = {}
        self.now: datetime | None = None

    def note_begin(self, now: datetime) -> None:
        self.now = now


class Hints:
    """Wakes somebody who polls anyway; a lost hint costs time, never work."""

    def __init__(self) -> None:
        self._given = asyncio.Event()

    def give(self) -> None:
        self._given.set()

    async def wait(self, timeout_seconds: float, stop: asyncio.Event | None = None) -> bool:
        """Return at the next hint or at `stop`, at the latest after the timeout; whether there was a hint."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._given, stop) if event is not None]
        try:
            await asyncio.wait(waits, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        was_given = self._given.is_set()
        self._given.clear()
        return was_given


class Database:
    """One service's database. It may be down now or later: every use then raises, and `is_up` says so."""

    def __init__(self, url: str, pool: asyncpg.Pool) -> None:
        self._url = url
        self._pool = pool
        self._hints: dict[str, set[Hints]] = {}

    @classmethod
    async def connect(cls, url: str, *, min_size: int = 0, max_size: int = 8) -> "Database":
        """Make the pool. With `min_size=0` the server need not be there yet."""
        pool = await asyncpg.create_pool(
            url,
            min_size=min_size,
            max_size=max_size,
            timeout=10,
            connection_class=_PooledConnection,
            reset=_reset,
            server_settings=_PLAN_ONCE,
        )
        return cls(url, pool)

    @asynccontextmanager
    async def transaction(self, controller_id: str, *, is_durable: bool = True) -> AsyncIterator[Connection]:
        """A transaction that sees and writes the rows of one controller.

        One that is not durable does not wait for the disk: for notes that are only written anew, such as leases, and
        whose loss in a crash of the server costs a repetition that everybody downstream expects.
        """
        async with self._pool.acquire(timeout=10) as connection:
            connection.hints.clear()
            memory: dict[object, Any] = connection.memory
            try:
                async with connection.transaction():
                    statement = _BEGIN if is_durable else _BEGIN_WITHOUT_DISK
                    connection.note_begin(await connection.fetchval(statement, controller_id))
                    yield connection
            finally:
                memory.clear()
            await self._give(connection, tuple(connection.hints))

    def across_controllers(self, *, is_durable: bool = True) -> AbstractAsyncContextManager[Connection]:
        """A transaction over every controller's rows: for the relay, scans and sign-in."""
        return self.transaction(EVERY_CONTROLLER, is_durable=is_durable)

    async def is_up(self, timeout_seconds: float = 2) -> bool:
        """Whether the server answers now. On a connection of its own: a busy pool is no sign of a dead server."""
        try:
            async with asyncio.timeout(timeout_seconds):
                connection = await asyncpg.connect(self._url)
                try:
                    await connection.fetchval("select 1")
                finally:
                    connection.terminate()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        return True

    async def wait_until_up(self, stop: asyncio.Event | None = None) -> None:
        """Return once the server answers or `stop` is set, and say in the log what is waited for."""
        stop, tries = stop or asyncio.Event(), 0
        while not stop.is_set() and not await self.is_up():
            tries += 1
            if tries % _TRIES_PER_LINE == 1:
                _log.error("PostgreSQL does not answer. Start it, or correct DATABASE_URL. Waiting.", extra=self._place)
            await pause(stop, _PAUSE_SECONDS)
        if tries:
            _log.warning("The wait for PostgreSQL is over.", extra=self._place)

    @property
    def _place(self) -> dict[str, object]:
        parts = urlsplit(self._url)
        return {"system": f"{parts.hostname or 'socket'}:{parts.port or 5432}{parts.path}"}

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[Hints]:
        """Hints of a channel: from this process at once, from others by LISTEN on a watched connection of its own."""
        hints = Hints()
        self._hints.setdefault(channel, set()).add(hints)
        watch = asyncio.create_task(self._watch(channel, hints), name=f"listen {channel}")
        try:
            yield hints
        finally:
            self._hints[channel].discard(hints)
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch

    async def close(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await self._pool.close()
                return
        self._pool.terminate()

    async def _watch(self, channel: str, hints: Hints) -> None:
        while True:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._listen_once(channel, hints)
            await asyncio.sleep(1)

    async def _listen_once(self, channel: str, hints: Hints) -> None:
        lost = asyncio.Event()
        connection = await asyncpg.connect(self._url, timeout=10)
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(channel, lambda *_: hints.give())
            hints.give()
            await lost.wait()
        finally:
            connection.terminate()

    async def _give(self, connection: Connection, channels: tuple[str, ...]) -> None:
        for channel in channels:
            if listeners := self._hints.get(channel):
                for hints in listeners:
                    hints.give()
            else:
                with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                    await connection.execute("select pg_notify($1, '')", channel)


async def hint_after_commit(connection: Connection, channel: str) -> None:
    """Wake the channel's listeners once the transaction is committed.

    Not a NOTIFY inside the transaction: that takes one lock for the whole server until the commit is on disk, so
    that commits no longer share a flush.
    """
    hints = getattr(connection, "hints", None)
    if hints is None:
        await connection.execute("select pg_notify($1, '')", channel)
    else:
        hints.add(channel)


def memory_of(connection: Connection) -> dict[object, Any]:
    """What this transaction learned, so that it need not ask again; forgotten at its end.

    What others could change meanwhile is noted only under a lock that is held until the commit. A connection that is
    not of `Database.transaction` forgets at once.
    """
    memory: dict[object, Any] | None = getattr(connection, "memory", None)
    return {} if memory is None else memory


async def database_now(connection: Connection) -> datetime:
    """The time of the transaction by the database's clock; one of `Database.transaction` was told it at its start."""
    moment: datetime | None = getattr(connection, "now", None)
    return moment or await connection.fetchval("select now()")


async def _reset(_: Connection) -> None:
    """Nothing to undo: settings and locks are the transaction's own."""
