"""What would be erased and what stays: made from what is there now, shown to a person before anything happens."""

from collections.abc import Sequence
from datetime import date

from pydantic import TypeAdapter
from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence, plans, work
from dsr_fulfilment.adapters.plans import StoredPlan
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Item, PlannedItem
from dsr_fulfilment.domain.plan import ErasurePlan, make_plan
from dsr_fulfilment.handlers.at_once import ask_each
from dsr_fulfilment.handlers.identifiers import identifiers_of
from dsr_fulfilment.handlers.letters import content_for, move, request_letter
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.register.rules import plan_rules
from dsr_shared.calendar import helsinki_date
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import SealContext, open_sealed, seal

_ITEMS: TypeAdapter[tuple[PlannedItem, ...]] = TypeAdapter(tuple[PlannedItem, ...])


async def plan_erasure(tools: Tools, job: Job) -> None:
    """Find everything again and propose what becomes of it; a system that is down fails the job."""
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.load(conn, job.case_id)
        if case.state != "planning":
            return
        ids = await identifiers_of(tools, conn, case)
        today = helsinki_date(await database_now(conn))
    found = await ask_each(tools.connectors.automatic(job.controller_id), lambda system: system.find(ids))
    items = [item for one in found.values() for item in one.items]
    plan = _plan_of(tools, job.controller_id, items, today)
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if case.state == "planning":
            await _propose(tools, conn, case, plan)


async def plan_found(tools: Tools, conn: Connection, case: Case, items: Sequence[Item]) -> None:
    """Propose at once what becomes of items that were found just now: the case is gathering and owes an erasure."""
    planning = await move(tools, conn, case, "plan_erasure")
    plan = _plan_of(tools, case.controller_id, items, helsinki_date(await database_now(conn)))
    await _propose(tools, conn, planning, plan)


def _plan_of(tools: Tools, controller_id: str, items: Sequence[Item], today: date) -> ErasurePlan:
    return make_plan(items, plan_rules(tools.registers.get(controller_id), today))


async def _propose(tools: Tools, conn: Connection, case: Case, plan: ErasurePlan) -> None:
    if not plan.items and not await paper_to_destroy(tools, conn, case):
        closing = await move(tools, conn, case, "skip_erasure")
        await request_letter(tools, conn, closing, "nothing_found", await content_for(tools, conn, closing))
        return
    plan_id = uuid7()
    key = await tools.keys.current(conn, case.controller_id, case.case_id, "gathered")
    context = SealContext(record_id=plan_id, kind="plans", case_id=case.case_id, field="items")
    sealed = seal(key, _ITEMS.dump_json(plan.items), context)
    await plans.add(conn, case, plan_id, plan_hash=plan.fingerprint, sealed=sealed, items=plan.items)
    facts = {"plan": str(plan_id), "hash": plan.fingerprint, "erase": len(plan.erased), "keep": len(plan.kept)}
    await evidence.add(conn, tools.ring, case, "plan_proposed", facts)
    waiting = await move(tools, conn, case, "propose_plan")
    await work.add_task(conn, waiting, "approve_plan", purpose=str(plan_id))


async def paper_to_destroy(tools: Tools, conn: Connection, case: Case) -> tuple[str, ...]:
    """Paper folders in which something about the person was found."""
    human = {connector.system for connector in tools.connectors.human(case.controller_id)}
    states = await cases.systems(conn, case.case_id)
    return tuple(state.system for state in states if state.system in human and state.outcome == "found")


async def open_items(tools: Tools, conn: Connection, plan: StoredPlan) -> tuple[PlannedItem, ...]:
    """The items of a plan, with their keys, in the order they are carried out."""
    key = await tools.keys.get(conn, plan.items_sealed.key_id)
    context = SealContext(record_id=plan.plan_id, kind="plans", case_id=plan.case_id, field="items")
    return _ITEMS.validate_json(open_sealed(key, plan.items_sealed, context))
