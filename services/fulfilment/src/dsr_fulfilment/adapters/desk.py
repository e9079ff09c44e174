"""What the console reads: the queue, a case with everything about it, and lists. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from dsr_fulfilment.adapters import breaches
from dsr_fulfilment.adapters.plans import PlanState
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.adapters.work import TaskKind
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Action
from dsr_fulfilment.domain.lifecycle import State
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.words import Channel, LetterKind, MailKind, Outcome, Right
from dsr_shared.postgres import Connection


@dataclass(frozen=True)
class OpenCase:
    """A case in the queue, and how many tasks of it wait for staff."""

    case: Case
    open_tasks: int

    @property
    def waits_for_staff(self) -> bool:
        """Whether somebody has to do something; what waits for the machine or the person does not block the line."""
        return self.case.state.startswith("awaiting_") or self.open_tasks > 0 or self.case.needs_person is not None


@dataclass(frozen=True)
class ClosedCase:
    """A case that is done."""

    reference: str
    rights: tuple[Right, ...]
    state: State
    channel: Channel
    received_at: datetime
    due_on: date
    closed_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class Counts:
    """The numbers beside the navigation."""

    cases: int
    tasks: int
    letters: int
    breaches: int


@dataclass(frozen=True)
class TaskLine:
    """An open task, with its case."""

    task_id: UUID
    kind: TaskKind
    system: str | None
    purpose: str
    due_on: date
    created_at: datetime
    reference: str
    received_at: datetime


@dataclass(frozen=True)
class LetterLine:
    """A letter that did not arrive, with its case."""

    kind: LetterKind
    state: Literal["requested", "accepted", "failed"]
    requested_at: datetime
    failed_at: datetime | None
    failure: str | None
    reference: str


@dataclass(frozen=True)
class PlanGroup:
    """Items of one table that share their fate and their end."""

    system: str
    table_name: str
    action: Action
    is_redacted: bool
    needed_by: str | None
    ground: str | None
    kept_until: date | None
    outcome: Outcome | None
    items: int
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True)
class ShownPlan:
    """The newest plan of a case."""

    plan_id: UUID
    state: PlanState
    hash: str
    created_at: datetime
    approved_at: datetime | None
    approved_by: str | None
    execute_after: datetime | None
    executed_at: datetime | None
    groups: tuple[PlanGroup, ...]

    def count(self, action: Action) -> int:
        return sum(group.items for group in self.groups if group.action == action)


@dataclass(frozen=True)
class Verification:
    """How the person was found to be the right one."""

    verified_by: str | None
    verified_at: datetime | None


@dataclass(frozen=True)
class LaterMessage:
    """Something that came after the case was opened, still sealed."""

    message_id: UUID
    channel: Channel
    kind: MailKind
    received_at: datetime
    sealed: SealedV1


async def case_by_reference(conn: Connection, reference: str) -> Case | None:
    row = await conn.fetchrow(statements("desk")["case_by_reference"], reference)
    return None if row is None else Case.from_row(row)


async def open_cases(conn: Connection) -> tuple[OpenCase, ...]:
    """Every case that is not final, in order of arrival."""
    rows = await conn.fetch(statements("desk")["open_cases"])
    return tuple(OpenCase(Case.from_row(row), row["open_tasks"]) for row in rows)


async def closed_cases(conn: Connection, limit: int, offset: int) -> tuple[tuple[ClosedCase, ...], int]:
    """A page of closed cases, the latest first, and how many there are in all."""
    rows = await conn.fetch(statements("desk")["closed_cases"], limit, offset)
    total = await conn.fetchval(statements("desk")["count_closed"])
    return tuple(ClosedCase(**{**dict(row), "rights": tuple(row["rights"])}) for row in rows), total


async def counts(conn: Connection) -> Counts:
    row = await conn.fetchrow(statements("desk")["counts"])
    return Counts(**dict(row), breaches=await breaches.count_open(conn))


async def open_tasks(conn: Connection) -> tuple[TaskLine, ...]:
    return tuple(TaskLine(**dict(row)) for row in await conn.fetch(statements("desk")["open_tasks"]))


async def troubled_letters(conn: Connection) -> tuple[LetterLine, ...]:
    return tuple(LetterLine(**dict(row)) for row in await conn.fetch(statements("desk")["troubled_letters"]))


async def verification(conn: Connection, case_id: UUID) -> Verification:
    return Verification(**dict(await conn.fetchrow(statements("desk")["verification"], case_id)))


async def latest_plan(conn: Connection, case_id: UUID) -> ShownPlan | None:
    row = await conn.fetchrow(statements("desk")["latest_plan"], case_id)
    if row is None:
        return None
    groups = await conn.fetch(statements("desk")["plan_groups"], row["plan_id"])
    return ShownPlan(**dict(row), groups=tuple(PlanGroup(**dict(group)) for group in groups))


async def later_messages(conn: Connection, case_id: UUID) -> tuple[LaterMessage, ...]:
    rows = await conn.fetch(statements("desk")["later_messages"], case_id)
    return tuple(
        LaterMessage(
            message_id=row["message_id"],
            channel=row["channel"],
            kind=row["kind"],
            received_at=row["received_at"],
            sealed=SealedV1.model_validate_json(row["message_sealed"]),
        )
        for row in rows
    )


async def task_purposes(conn: Connection, case_id: UUID) -> dict[UUID, str]:
    """What each task of a case is about, as a code."""
    rows = await conn.fetch(statements("desk")["task_purposes"], case_id)
    return {row["task_id"]: row["purpose"] for row in rows}
