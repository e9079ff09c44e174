"""Tasks that ask a person to look: a letter that failed, a date that comes near, an event that got stuck."""

from typing import Final

from dsr_fulfilment.adapters import cases, desk, evidence, work
from dsr_fulfilment.adapters.work import Task, TaskKind
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.deliveries import go_on
from dsr_fulfilment.handlers.staff import NeedsReason, StaffError
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import seal_typed, task_context
from dsr_fulfilment.handlers.withdrawals import set_withdrawal_aside
from dsr_shared.postgres import Connection

SETTLED_BY_WORDS: Final[frozenset[TaskKind]] = frozenset({"letter_failed", "needs_person"})


async def settle_task(tools: Tools, conn: Connection, task: Task, what_was_done: str, user: str) -> None:
    """Record what somebody did about it; when nothing of the kind is left, the case no longer needs a person."""
    if task.kind not in SETTLED_BY_WORDS or not task.is_open:
        raise StaffError("This task is done already, or it is done in another way. Open the case again.")
    if not what_was_done.strip():
        raise NeedsReason
    case = await cases.lock(conn, task.case_id)
    sealed = await seal_typed(tools, conn, case, task_context(case.case_id, task.task_id), what_was_done)
    await work.finish_task(conn, task.task_id, user, "settled", sealed)
    facts = {"kind": task.kind, "outcome": "settled", "by": user}
    await evidence.add(conn, tools.ring, case, "task_done", facts)
    if task.kind == "letter_failed":
        case = await _told_otherwise(tools, conn, case, task)
    purpose = (await desk.task_purposes(conn, case.case_id))[task.task_id]
    if purpose.startswith("withdrawn:") and case.withdrawn_at is not None:
        case = await set_withdrawal_aside(tools, conn, case, user)
    await nothing_left(conn, case)


async def nothing_left(conn: Connection, case: Case) -> None:
    """When no task of the kind is open, the case no longer needs a person, and one that waits for its end goes on."""
    left = [other for other in await work.tasks(conn, case.case_id) if other.is_open and other.kind in SETTLED_BY_WORDS]
    if left:
        return
    if (case.needs_person or "").startswith(("letter_failed", "dead_letter", "extension_too_late")):
        case = await cases.set_needs_person(conn, case.case_id, None)
    if case.state == "closing":
        await work.add_job(conn, case, "conclude")


async def _told_otherwise(tools: Tools, conn: Connection, case: Case, task: Task) -> Case:
    """What the letter was to say was told in another way; an extension holds only by an accepted letter."""
    kind = await work.letter_told_otherwise(conn, task.task_id)
    if kind is not None and kind != "extension":
        await go_on(tools, conn, case, kind)
    return await cases.lock(conn, case.case_id)
