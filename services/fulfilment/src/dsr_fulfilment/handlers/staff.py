"""What a member of staff decides: rights, identity, paper tasks, the erasure plan, more time, a refusal.

StaffError
├── NotNow        the case is not in a state for this; somebody else may have been faster
├── PlanChanged   the plan is not the one that was shown
└── NeedsReason   the law wants a reason here
"""

from typing import Literal
from uuid import UUID

from dsr_fulfilment.adapters import cases, evidence, plans, work
from dsr_fulfilment.adapters.work import Task
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.deadline import refusal_is_in_time
from dsr_fulfilment.domain.grace import execute_after
from dsr_fulfilment.domain.opt_out import DONE_BY_HAND, needs_nothing_else
from dsr_fulfilment.handlers.letters import content_for, move, request_letter
from dsr_fulfilment.handlers.opt_out import add_first_jobs
from dsr_fulfilment.handlers.requests import verify
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import decide_outcome, seal_typed, sealed_fact, task_context
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.words import Outcome, Right
from dsr_shared.postgres import Connection, database_now

PaperOutcome = Literal["found", "nothing_found", "erased", "kept", "not_searched"]


class StaffError(Exception):
    """A decision that could not be taken; the text says what to do."""


class NotNow(StaffError):
    """The case moved on in the meantime."""

    def __init__(self, case: Case, what: str) -> None:
        super().__init__(f"{case.reference} is {case.state}: {what} is not possible now. Open the case again.")


class PlanChanged(StaffError):
    """The data changed since the plan was shown."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"The plan of {case.reference} changed since you read it. Read the new one and approve that.")


class NeedsReason(StaffError):
    """A decision against the person needs its reason."""

    def __init__(self) -> None:
        super().__init__("Write the reason: the person has a right to it, and the record needs it.")


async def confirm_rights(tools: Tools, conn: Connection, case_id: UUID, rights: tuple[Right, ...], user: str) -> Case:
    """Say what a person asks for, where the reading was in doubt; without rights it was no request."""
    case = await cases.lock(conn, case_id)
    if case.state != "awaiting_rights":
        raise NotNow(case, "confirming what is asked")
    await work.finish_tasks_of_kind(conn, case, "confirm_rights", user, "confirmed")
    await work.finish_tasks_of_kind(conn, case, "unreadable", user, "confirmed")
    confirmed = await cases.set_rights(conn, case_id, rights)
    await evidence.add(conn, tools.ring, confirmed, "rights_confirmed", {"rights": list(rights), "by": user})
    if not rights:
        return await move(tools, conn, confirmed, "dismiss")
    moved = await move(tools, conn, confirmed, "confirm_rights")
    await add_first_jobs(conn, moved)
    return moved


async def decide_identity(tools: Tools, conn: Connection, case_id: UUID, reason: str, user: str) -> Case:
    """A person found another proof sufficient; the reason is recorded."""
    case = await cases.lock(conn, case_id)
    if case.state not in ("awaiting_identity", "identifying"):
        raise NotNow(case, "deciding who it is")
    if not reason.strip():
        raise NeedsReason
    why = await sealed_fact(tools, conn, case, "reason", reason)
    await evidence.add(conn, tools.ring, case, "identity_decided", {"by": user, **why})
    if case.state == "identifying":
        case = await move(tools, conn, case, "ask_for_identity")
    return await verify(tools, conn, case, f"staff:{user}")


async def cannot_identify(tools: Tools, conn: Connection, case_id: UUID, user: str) -> Case:
    """Nobody could show who it is: the person is told so, with remedies, by the due date."""
    case = await cases.lock(conn, case_id)
    if case.state != "awaiting_identity":
        raise NotNow(case, "answering that nobody was found")
    await work.finish_tasks_of_kind(conn, case, "identify", user, "not_identified")
    await evidence.add(conn, tools.ring, case, "not_identified", {"by": user})
    for system in tools.registers.system_ids(case.controller_id):
        await cases.set_outcome(conn, case, system, "not_searched", reason="person_not_identified", decided_by=user)
    moved = await move(tools, conn, case, "answer")
    await request_letter(tools, conn, moved, "not_identified", await content_for(tools, conn, moved))
    return moved


async def finish_paper_task(
    tools: Tools,
    conn: Connection,
    task_id: UUID,
    *,
    outcome: PaperOutcome,
    proof: str,
    user: str,
) -> Task:
    """Record what a person found or destroyed on paper; not searching and keeping need a reason."""
    task = await work.load_task(conn, task_id)
    if task is None or not task.is_open or task.system is None:
        raise StaffError("This task is done already, or it is not yours. Open the list of tasks again.")
    if outcome in ("kept", "not_searched") and not proof.strip():
        raise NeedsReason
    case = await cases.lock(conn, task.case_id)
    sealed = await seal_typed(tools, conn, case, task_context(case.case_id, task_id), proof)
    done = await work.finish_task(conn, task_id, user, outcome, sealed)
    reason = proof if outcome in ("kept", "not_searched") else ""
    await decide_outcome(
        tools, conn, case, task.system, outcome=outcome, item_count=_count(outcome), reason=reason, user=user
    )
    facts = {"system": task.system, "kind": task.kind, "outcome": outcome, "by": user}
    await evidence.add(conn, tools.ring, case, "task_done", facts)
    await _go_on(tools, conn, case, task)
    return done or task


def _count(outcome: Outcome) -> int:
    return 0 if outcome in ("nothing_found", "not_searched") else 1


async def _go_on(tools: Tools, conn: Connection, case: Case, task: Task) -> None:
    """When the last paper task is done the machine takes over again."""
    if any(other.kind == task.kind and other.is_open for other in await work.tasks(conn, case.case_id)):
        return
    if case.state == "awaiting_paper":
        await work.add_job(conn, await move(tools, conn, case, "complete_paper"), "gather")
    elif case.state == "awaiting_destruction":
        await work.add_job(conn, await move(tools, conn, case, "complete_destruction"), "execute")


async def approve_plan(tools: Tools, conn: Connection, case_id: UUID, plan_hash: str, user: str) -> Case:
    """Approve exactly the plan that was shown; it takes effect after the controller's time to think."""
    case = await cases.lock(conn, case_id)
    if case.state != "awaiting_approval" or case.withdrawn_at is not None:
        raise NotNow(case, "approving the erasure")
    grace = tools.registers.get(case.controller_id).erasure_grace
    after = execute_after(grace, await database_now(conn))
    plan = await plans.living(conn, case_id)
    if plan is None or not await plans.approve(conn, plan.plan_id, user, plan_hash, after):
        raise PlanChanged(case)
    await work.finish_tasks_of_kind(conn, case, "approve_plan", user, "approved")
    facts = {"plan": str(plan.plan_id), "hash": plan_hash, "by": user, "after": after.isoformat()}
    await evidence.add(conn, tools.ring, case, "plan_approved", facts)
    moved = await move(tools, conn, case, "approve_plan")
    await work.add_job(conn, moved, "execute", not_before=after)
    return moved


async def withdraw_approval(tools: Tools, conn: Connection, case_id: UUID, user: str) -> Case:
    """Take an approval back while it still waits."""
    case = await cases.lock(conn, case_id)
    plan = await plans.living(conn, case_id)
    if case.state != "erasing" or plan is None or not await plans.withdraw_approval(conn, plan.plan_id):
        raise NotNow(case, "taking the approval back")
    await work.cancel_jobs(conn, case, "execute")
    await evidence.add(conn, tools.ring, case, "approval_withdrawn", {"by": user})
    moved = await move(tools, conn, case, "withdraw_approval")
    await work.add_task(conn, moved, "approve_plan", purpose=str(await database_now(conn)))
    return moved


async def decide_by_hand(tools: Tools, conn: Connection, case_id: UUID, what_was_done: str, user: str) -> Case:
    """Record what was done for a right that a person carries out, and tell the person."""
    case = await cases.lock(conn, case_id)
    if case.state != "awaiting_decision":
        raise NotNow(case, "deciding")
    if not what_was_done.strip():
        raise NeedsReason
    await work.finish_tasks_of_kind(conn, case, "decide", user, "done")
    await evidence.add(conn, tools.ring, case, "decided", {"by": user})
    if needs_nothing_else(case.rights):
        await _done_by_hand(tools, conn, case, user)
    moved = await move(tools, conn, await move(tools, conn, case, "decide"), "answer")
    content = (await content_for(tools, conn, moved)).model_copy(update={"reason": what_was_done})
    await request_letter(tools, conn, moved, "confirmation", content)
    return moved


async def _done_by_hand(tools: Tools, conn: Connection, case: Case, user: str) -> None:
    """An opt-out searches no system: where the machine did not write, a person says to have done it."""
    known = {one.system for one in await cases.systems(conn, case.case_id) if one.outcome is not None}
    for system in tools.registers.system_ids(case.controller_id):
        if system not in known:
            await cases.set_outcome(conn, case, system, "not_searched", reason=DONE_BY_HAND, decided_by=user)


async def extend(tools: Tools, conn: Connection, case_id: UUID, ground: str, user: str) -> Case:
    """Ask for two months more; it holds once the mail server took the notice, by the first due date (Art. 12(3))."""
    case = await cases.lock(conn, case_id)
    if not ground.strip():
        raise NeedsReason
    now = await database_now(conn)
    if not case.is_open or case.extended_due_on or not refusal_is_in_time(case.due_on, now):
        raise NotNow(case, "taking more time")
    proposed = await cases.propose_extension(conn, case_id, "complexity_or_number")
    await evidence.add(conn, tools.ring, proposed, "extension_asked", {"by": user})
    content = await content_for(tools, conn, proposed)
    update = {"reason": ground, "extended_due_on": due_dates(case.received_at).extended_due}
    await request_letter(tools, conn, proposed, "extension", content.model_copy(update=update))
    return proposed


async def refuse(tools: Tools, conn: Connection, case_id: UUID, reason: str, user: str) -> Case:
    """Say no, with reasons and remedies, by the first due date (Art. 12(4)); the mail server's acceptance counts."""
    case = await cases.lock(conn, case_id)
    if not reason.strip():
        raise NeedsReason
    if not refusal_is_in_time(case.due_on, await database_now(conn)):
        raise NotNow(case, "a refusal after the first due date")
    await evidence.add(conn, tools.ring, case, "refused", {"by": user})
    moved = await move(tools, conn, case, "refuse")
    content = (await content_for(tools, conn, moved)).model_copy(update={"reason": reason})
    await request_letter(tools, conn, moved, "refusal", content)
    return moved
