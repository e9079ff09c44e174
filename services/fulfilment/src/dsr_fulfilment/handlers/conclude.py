"""After an answer was accepted: the next phase, or the end of the case (invariant 7)."""

from typing import Final

from dsr_fulfilment.adapters import cases, evidence, work
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.closing import Blocked, CaseLetter, MayClose, SystemOutcome, can_close
from dsr_fulfilment.domain.lifecycle import next_phase
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.phases import phases_done
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.postgres import Connection

TOLD: Final = frozenset({"accepted", "told_otherwise"})


async def conclude(tools: Tools, job: Job) -> None:
    """Take up what is still owed; close only when every system has an outcome and every answer was accepted."""
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if case.state == "answered":
            case = await _next(tools, conn, case)
        if case.state == "closing":
            await _close(tools, conn, case)


async def _next(tools: Tools, conn: Connection, case: Case) -> Case:
    phase = next_phase(case.rights, await phases_done(conn, case))
    if phase is None:
        return await move(tools, conn, case, "close_up")
    if phase == "copy":
        gathering = await move(tools, conn, case, "gather")
        await work.add_job(conn, gathering, "gather")
        return gathering
    if phase == "erasure":
        planning = await move(tools, conn, case, "plan_erasure")
        await work.add_job(conn, planning, "plan")
        return planning
    waiting = await move(tools, conn, case, "ask_for_decision")
    await work.add_task(conn, waiting, "decide", purpose=phase)
    return waiting


async def _close(tools: Tools, conn: Connection, case: Case) -> None:
    tasks, systems = await work.tasks(conn, case.case_id), await cases.systems(conn, case.case_id)
    decision = can_close(
        mapped=tools.registers.system_ids(case.controller_id),
        rights=case.rights,
        outcomes=[SystemOutcome(one.system, one.outcome, "on record" if one.has_reason else None) for one in systems],
        letters=[CaseLetter(one.kind, one.state in TOLD) for one in await work.letters(conn, case.case_id)],
        open_tasks=[task.kind for task in tasks if task.is_open],
    )
    match decision:
        case MayClose():
            await move(tools, conn, case, "close")
        case Blocked(blockers):
            facts = {"blockers": [f"{blocker.problem}:{blocker.subject}" for blocker in blockers]}
            await evidence.add(conn, tools.ring, case, "not_closed", facts)
