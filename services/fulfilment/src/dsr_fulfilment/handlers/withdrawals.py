"""A request that the person takes back: nothing more is erased, and somebody of the staff closes the case."""

from dsr_fulfilment.adapters import cases, evidence, messages, plans, work
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.staff import NotNow
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.requests import RequestWithdrawnV1
from dsr_shared.inbox import Received
from dsr_shared.postgres import Connection, database_now


async def on_request_withdrawn(tools: Tools, conn: Connection, received: Received, event: RequestWithdrawnV1) -> None:
    """Tell the staff, and take back an approval that still waits; an erasure that began is brought to its end."""
    case = await cases.lock(conn, received.envelope.case_id)
    if not case.is_open or case.withdrawn_at is not None:
        return
    facts = {"withdrawn_at": event.withdrawn_at.isoformat()}
    await evidence.add(conn, tools.ring, case, "request_withdrawn", facts)
    case = await _stop_erasure(tools, conn, case)
    withdrawn = await messages.set_withdrawn(conn, case.case_id, event.withdrawn_at)
    await work.add_task(conn, withdrawn, "needs_person", purpose=f"withdrawn:{event.withdrawn_at.isoformat()}")


async def _stop_erasure(tools: Tools, conn: Connection, case: Case) -> Case:
    plan = await plans.living(conn, case.case_id)
    if case.state != "erasing" or plan is None or not await plans.withdraw_approval(conn, plan.plan_id):
        return case
    await work.cancel_jobs(conn, case, "execute")
    await evidence.add(conn, tools.ring, case, "approval_withdrawn", {"by": "The withdrawal"})
    moved = await move(tools, conn, case, "withdraw_approval")
    await work.add_task(conn, moved, "approve_plan", purpose=str(await database_now(conn)))
    return moved


async def close_withdrawn(tools: Tools, conn: Connection, case: Case, user: str) -> Case:
    """Close a case that the person took back, with the outcome that it was withdrawn."""
    locked = await cases.lock(conn, case.case_id)
    if locked.withdrawn_at is None:
        raise NotNow(locked, "closing it as withdrawn")
    moved = await move(tools, conn, locked, "accept_withdrawal")
    plan = await plans.living(conn, case.case_id)
    if plan is not None:
        await plans.set_state(conn, plan.plan_id, "withdrawn")
    await messages.leave_nothing_to_do(conn, case.case_id, user, "withdrawn")
    await evidence.add(conn, tools.ring, moved, "closed_withdrawn", {"by": user})
    return await cases.set_needs_person(conn, case.case_id, None)


async def set_withdrawal_aside(tools: Tools, conn: Connection, case: Case, user: str) -> Case:
    """Somebody found out that the person wants it after all: the case goes on where it stood."""
    going_on = await messages.clear_withdrawn(conn, case.case_id)
    await evidence.add(conn, tools.ring, going_on, "withdrawal_set_aside", {"by": user})
    return going_on
