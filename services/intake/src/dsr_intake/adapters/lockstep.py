"""Many alike pieces of work in one transaction, their statements travelling together.

Each piece is an ordinary coroutine that uses the connection it is given. Whenever every piece that still runs waits for
an answer, the same statement of all of them is sent in one go (Bind and Execute for each, one Sync), so that eight
posts cost the round trips and the flush of one. A statement must give one row a piece; where one gives fewer, or a
piece fails, `NotTogether` says so, nothing is committed, and the pieces are to be done one by one.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from dsr_intake.ports import NotTogether
from dsr_shared.postgres import Connection


@dataclass(frozen=True, slots=True)
class _Call:
    """One statement that a piece waits for."""

    statement: str
    arguments: tuple[object, ...]
    wants_row: bool
    answer: "asyncio.Future[Any]"


async def run_in_step(connection: Connection, pieces: Sequence[Callable[[Connection], Awaitable[None]]]) -> None:
    """Run the pieces on one connection, inside the caller's transaction."""
    step = _Step(connection, len(pieces))
    tasks = [asyncio.create_task(step.follow(piece)) for piece in pieces]
    try:
        await asyncio.gather(step.lead(), *tasks)
    except NotTogether:
        raise
    except Exception as error:
        raise NotTogether from error
    finally:
        for task in tasks:
            task.cancel()


class _Step:
    """Collects what the pieces ask for and asks it together."""

    def __init__(self, connection: Connection, count: int) -> None:
        self._connection = connection
        self._running = count
        self._calls: list[_Call] = []
        self._all_wait = asyncio.Event()

    async def follow(self, piece: Callable[[Connection], Awaitable[None]]) -> None:
        try:
            await piece(cast("Connection", _Follower(self, self._connection)))
        finally:
            self._running -= 1
            self._look()

    async def lead(self) -> None:
        while self._running:
            await self._all_wait.wait()
            self._all_wait.clear()
            calls, self._calls = self._calls, []
            for statement in dict.fromkeys(call.statement for call in calls):
                await self._ask([call for call in calls if call.statement == statement])

    async def ask(self, statement: str, arguments: tuple[object, ...], *, wants_row: bool) -> Any:
        call = _Call(statement, arguments, wants_row, asyncio.get_running_loop().create_future())
        self._calls.append(call)
        self._look()
        return await call.answer

    def _look(self) -> None:
        if len(self._calls) == self._running:
            self._all_wait.set()

    async def _ask(self, calls: Sequence[_Call]) -> None:
        arguments = [call.arguments for call in calls]
        if calls[0].wants_row:
            rows = await self._connection.fetchmany(calls[0].statement, arguments)
        else:
            await self._connection.executemany(calls[0].statement, arguments)
            rows = [None] * len(calls)
        if len(rows) != len(calls):
            raise NotTogether
        for call, row in zip(calls, rows, strict=True):
            call.answer.set_result(row)


class _Follower:
    """What a piece sees of the connection."""

    def __init__(self, step: _Step, connection: Any) -> None:
        self._step = step
        self.hints: set[str] = connection.hints
        self.now: datetime | None = connection.now

    async def execute(self, statement: str, *arguments: object) -> str:
        await self._step.ask(statement, arguments, wants_row=False)
        return ""

    async def fetchrow(self, statement: str, *arguments: object) -> Any:
        return await self._step.ask(statement, arguments, wants_row=True)

    async def fetchval(self, statement: str, *arguments: object) -> Any:
        return (await self.fetchrow(statement, *arguments))[0]

    async def fetch(self, statement: str, *arguments: object) -> list[Any]:
        return [await self.fetchrow(statement, *arguments)]
