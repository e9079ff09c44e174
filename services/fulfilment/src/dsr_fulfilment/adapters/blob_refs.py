"""Which blobs rows still refer to, and which a committed transaction gave up, in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Subject
from dsr_shared.postgres import Connection


async def give_up(conn: Connection, case: Subject, name: str) -> None:
    """The blob goes after this transaction committed; the job `delete_blobs` of the case does it."""
    await conn.execute(statements("blobs")["give_up"], name, case.controller_id, case.case_id)


async def given_up(conn: Connection, case_id: UUID) -> tuple[str, ...]:
    return tuple(row["name"] for row in await conn.fetch(statements("blobs")["given_up"], case_id))


async def is_gone(conn: Connection, name: str) -> None:
    await conn.execute(statements("blobs")["is_gone"], name)


async def unreferred(conn: Connection, names: Sequence[str]) -> tuple[str, ...]:
    """Those that no row refers to. Needs every controller."""
    return tuple(row["name"] for row in await conn.fetch(statements("blobs")["unreferred"], list(names)))
