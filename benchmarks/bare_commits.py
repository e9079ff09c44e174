"""The floor: the rows of one accepted form, written by plain INSERTs through asyncpg, a commit for each form."""

import asyncio
import re
import secrets
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg

TABLES = ("cases", "arrivals", "status_links", "case_keys", "streams", "outbox")
NOT_TO_BE_SENT = {"sent_sequence": 1, "lease_token": None, "lease_until": None, "sent_at": None}
"""The relay leaves such rows alone."""
Row = tuple[str, list[Any]]
_TOKEN = re.compile(r"[0-9a-f]{64}")


async def rows_of_form(connection: "asyncpg.Connection[asyncpg.Record]", case_id: UUID) -> list[Row]:
    """What one post left in intake's tables: an INSERT and its values for each row."""
    found: list[Row] = []
    for table in TABLES:
        for record in await connection.fetch(f"select * from {table} where case_id = $1", case_id):
            columns, places = ", ".join(record.keys()), ", ".join(f"${number}" for number in range(1, len(record) + 1))
            values = [NOT_TO_BE_SENT.get(name, value) for name, value in record.items()]
            found.append((f"insert into {table} ({columns}) values ({places})", values))
    return found


def renamed(rows: Sequence[Row]) -> list[Row]:
    """The same rows for another form: every id and every hash is a new one."""
    known: dict[Any, Any] = {}

    def new(value: Any) -> Any:
        if isinstance(value, UUID):
            return known.setdefault(value, uuid4())
        if isinstance(value, str) and _TOKEN.fullmatch(value):
            return known.setdefault(value, secrets.token_hex(32))
        return value

    return [(statement, [new(value) for value in values]) for statement, values in rows]


async def commits_a_second(url: str, rows: Sequence[Row], clients: int, count: int) -> float:
    """Write the rows `count` times by as many connections at once."""
    connections = [await asyncpg.connect(url) for _ in range(clients)]
    waiting = [renamed(rows) for _ in range(count)]

    async def write(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        while waiting:
            form = waiting.pop()
            async with connection.transaction():
                for statement, values in form:
                    await connection.execute(statement, *values)

    try:
        for connection in connections:
            async with connection.transaction():
                for statement, values in renamed(rows):
                    await connection.execute(statement, *values)
        began = time.perf_counter()
        await asyncio.gather(*(write(connection) for connection in connections))
        return count / (time.perf_counter() - began)
    finally:
        for connection in connections:
            await connection.close()
