"""Erasure plans in PostgreSQL: the items sealed as one document, their fates row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Action, PlannedItem
from dsr_fulfilment.domain.plan import DeferredErasure
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.words import Outcome
from dsr_shared.postgres import Connection

PlanState = Literal["proposed", "approved", "executing", "done", "outdated", "withdrawn"]


Fate: TypeAlias = tuple[int, Outcome, str | None]
"""Position of an item in its plan, what became of it, and a code that says why."""


@dataclass(frozen=True)
class StoredPlan:
    """A plan as it was shown; `hash` is what an approval names."""

    plan_id: UUID
    case_id: UUID
    state: PlanState
    hash: str
    items_sealed: SealedV1
    execute_after: datetime | None


@dataclass(frozen=True)
class PlanLine:
    """Items of one table that share their fate."""

    system: str
    table_name: str
    action: Action
    is_redacted: bool
    ground: str | None
    kept_until: date | None
    outcome: Outcome
    items: int


def _plan(row: dict[str, object]) -> StoredPlan:
    sealed = SealedV1.model_validate_json(str(row["items_sealed"]))
    names = ("plan_id", "case_id", "state", "hash", "execute_after")
    return StoredPlan(items_sealed=sealed, **{name: row[name] for name in names})  # type: ignore[arg-type]  # checked by the table


async def add(
    conn: Connection, case: Case, plan_id: UUID, *, plan_hash: str, sealed: SealedV1, items: Sequence[PlannedItem]
) -> None:
    """Store a plan for approval; raises asyncpg's UniqueViolationError where the case has a living one."""
    sql = statements("plans")
    await conn.execute(sql["add_plan"], plan_id, case.controller_id, case.case_id, plan_hash, sealed.model_dump_json())
    rows = [
        (
            case.controller_id,
            plan_id,
            position,
            item.ref.system,
            item.ref.table,
            item.category,
            item.action,
            item.is_redacted,
            item.needed_by,
            item.ground,
            item.kept_until,
            item.erase_from,
            item.document_date,
        )
        for position, item in enumerate(items)
    ]
    await conn.executemany(sql["add_plan_item"], rows)


async def living(conn: Connection, case_id: UUID) -> StoredPlan | None:
    """The plan that counts, held until the transaction ends."""
    row = await conn.fetchrow(statements("plans")["living_plan"], case_id)
    return None if row is None else _plan(dict(row))


async def outdated(conn: Connection, case_id: UUID) -> tuple[StoredPlan, ...]:
    """Plans of the case that the data overtook while they were carried out."""
    rows = await conn.fetch(statements("plans")["outdated_plans"], case_id)
    return tuple(_plan(dict(row)) for row in rows)


async def set_state(conn: Connection, plan_id: UUID, state: PlanState) -> None:
    await conn.execute(statements("plans")["set_plan_state"], plan_id, state)


async def approve(conn: Connection, plan_id: UUID, user: str, plan_hash: str, execute_after: datetime) -> bool:
    """Approve the plan of exactly this hash; False where it is another by now."""
    row = await conn.fetchrow(statements("plans")["approve_plan"], plan_id, user, plan_hash, execute_after)
    return row is not None


async def withdraw_approval(conn: Connection, plan_id: UUID) -> bool:
    return await conn.fetchrow(statements("plans")["withdraw_approval"], plan_id) is not None


async def outcomes(conn: Connection, plan_id: UUID) -> tuple[tuple[str, Outcome | None], ...]:
    """System and outcome of each item, in the plan's order."""
    rows = await conn.fetch(statements("plans")["plan_items"], plan_id)
    return tuple((row["system"], row["outcome"]) for row in rows)


async def record_intent(conn: Connection, plan_id: UUID) -> None:
    """The plan is being carried out: the outcome of every item is unknown, until it is known."""
    await conn.execute(statements("plans")["set_intent"], plan_id)


async def set_outcomes(conn: Connection, plan_id: UUID, fates: Sequence[Fate]) -> None:
    rows = [(plan_id, position, outcome, detail) for position, outcome, detail in fates]
    await conn.executemany(statements("plans")["set_item_outcome"], rows)


async def forget_outcomes(conn: Connection, plan_id: UUID, positions: Sequence[int]) -> None:
    """Another plan tells of these items."""
    await conn.execute(statements("plans")["forget_outcomes"], plan_id, positions)


async def lines(conn: Connection, case_id: UUID) -> tuple[PlanLine, ...]:
    """What became of everything that plans of the case touched."""
    rows = await conn.fetch(statements("plans")["items_of_case"], case_id)
    return tuple(PlanLine(**dict(row)) for row in rows)


async def add_deferred(
    conn: Connection, case: Case, deferred: Iterable[tuple[UUID, DeferredErasure, SealedV1]]
) -> None:
    rows = [
        (
            deferred_id,
            case.controller_id,
            one.ref.system,
            one.ref.table,
            one.category,
            one.ground,
            one.from_day,
            one.is_recheck,
            sealed.model_dump_json(),
            case.case_id,
        )
        for deferred_id, one, sealed in deferred
    ]
    await conn.executemany(statements("plans")["add_deferred"], rows)
