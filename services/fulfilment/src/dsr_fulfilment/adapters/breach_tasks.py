"""What people do about a breach, in PostgreSQL; a task names no person."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.domain.case import sealed
from dsr_shared.contracts.base import SealedV1
from dsr_shared.postgres import Connection

BreachTaskKind = Literal["search_paper", "search_failed", "no_address", "letter_failed", "reminder"]


@dataclass(frozen=True)
class BreachTask:
    """One thing to do; `about` is a system, a letter or a reminder."""

    breach_task_id: UUID
    kind: BreachTaskKind
    about: str
    due_at: datetime
    created_at: datetime
    done_at: datetime | None
    done_by: str | None
    what_was_done_sealed: SealedV1 | None = field(repr=False)

    @property
    def is_open(self) -> bool:
        return self.done_at is None


def _task(row: Any) -> BreachTask:
    values = {name: row[name] for name in BreachTask.__dataclass_fields__}
    return BreachTask(**{**values, "what_was_done_sealed": sealed(values["what_was_done_sealed"])})


async def add(conn: Connection, breach: Breach, kind: BreachTaskKind, about: str = "") -> None:
    """Ask a person; all of it belongs into the authority's time."""
    await conn.execute(
        statements("breaches")["add_task"],
        uuid7(),
        breach.controller_id,
        breach.breach_id,
        kind,
        about,
        breach.authority_due_at,
    )


async def load(conn: Connection, breach_id: UUID, task_id: UUID) -> BreachTask | None:
    """None where it belongs to another breach."""
    return next((task for task in await of_breach(conn, breach_id) if task.breach_task_id == task_id), None)


async def reopen(conn: Connection, breach: Breach, kind: BreachTaskKind) -> None:
    """What the machine had taken back is needed again."""
    await conn.execute(statements("breaches")["reopen_task"], breach.breach_id, kind)


async def of_breach(conn: Connection, breach_id: UUID) -> tuple[BreachTask, ...]:
    return tuple(_task(row) for row in await conn.fetch(statements("breaches")["tasks"], breach_id))


async def finish(
    conn: Connection, breach_id: UUID, task_id: UUID, *, done_by: str, what_was_done: SealedV1
) -> BreachTask | None:
    """None where it was done already, or belongs to another breach."""
    said = what_was_done.model_dump_json()
    row = await conn.fetchrow(statements("breaches")["finish_task"], breach_id, task_id, done_by, said)
    return None if row is None else _task(row)


async def finish_kind(conn: Connection, breach_id: UUID, kind: BreachTaskKind) -> None:
    await conn.execute(statements("breaches")["finish_tasks_of_kind"], breach_id, kind)
