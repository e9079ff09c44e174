"""Carrying out an approved plan: intent, act, outcome, then a second search; nothing unknown counts as done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dsr_fulfilment.adapters import cases, evidence, plans, work
from dsr_fulfilment.adapters.plans import Fate, StoredPlan
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Identifiers, ItemOutcome, PlannedItem
from dsr_fulfilment.handlers.at_once import all_answered, try_each
from dsr_fulfilment.handlers.defer import SETTLED, defer
from dsr_fulfilment.handlers.erasure_answer import answer_erasure
from dsr_fulfilment.handlers.identifiers import identifiers_of
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.plan_erasure import open_items, paper_to_destroy
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.ports import Connector, PlanOutdated
from dsr_shared.contracts.words import Outcome
from dsr_shared.postgres import Connection


@dataclass(frozen=True)
class _Begun:
    """A plan that is being carried out."""

    case: Case
    plan: StoredPlan
    items: tuple[PlannedItem, ...]
    ids: Identifiers
    known: tuple[Outcome | None, ...]
    """What was known of each item before this attempt: unknown where an earlier one broke off."""

    def positions_in(self, system: str) -> list[int]:
        return [position for position, item in enumerate(self.items) if item.ref.system == system]


@dataclass(frozen=True)
class _Erased:
    """What one system holds after its erasure, by position in the plan."""

    system: str
    fates: Sequence[Fate]
    counts: Mapping[Outcome, int] | None
    """What the second search says; None where it was not made."""
    is_outdated: bool
    """Something is there that the plan did not know, or is not as it was planned: nothing more goes on this plan."""


class ErasureIncomplete(Exception):
    """Something planned is still there or its fate is unknown; the job is tried again and a person is told."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"the erasure of {case.reference} is not complete; see its plan in the console")


async def execute_plan(tools: Tools, job: Job) -> None:
    """Erase in every system; after a crash what is unknown is asked again under the same key.

    What was done and the answer are one commit. Where a system or the answer fails, what was done is on record all
    the same.
    """
    begun = await _begin(tools, job)
    if begun is None:
        return
    connectors = tools.connectors.automatic(job.controller_id)
    answers = await try_each(connectors, lambda one: _erase_in(begun, one))
    erased = [one for one in answers.values() if isinstance(one, _Erased)]
    try:
        all_answered(answers)
        async with tools.database.transaction(job.controller_id) as conn:
            case = await cases.lock(conn, job.case_id)
            await _record(tools, conn, begun, erased)
            await _go_on(tools, conn, case, begun, is_outdated=any(one.is_outdated for one in erased))
    except Exception:  # whatever it is goes on to the worker; what was erased must not be forgotten for it
        async with tools.database.transaction(job.controller_id) as conn:
            await _record(tools, conn, begun, erased)
        raise


async def _begin(tools: Tools, job: Job) -> _Begun | None:
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        plan = await plans.living(conn, job.case_id)
        if case.state != "erasing" or plan is None or plan.state == "proposed":
            return None
        known = tuple(outcome for _, outcome in await plans.outcomes(conn, plan.plan_id))
        await plans.record_intent(conn, plan.plan_id)
        items, ids = await open_items(tools, conn, plan), await identifiers_of(tools, conn, case)
        return _Begun(case, plan, items, ids, known)


async def _erase_in(begun: _Begun, connector: Connector) -> _Erased:
    """Erase in one system and search it again."""
    positions = begun.positions_in(connector.system)
    planned = [begun.items[position] for position in positions]
    so_far = [begun.known[position] for position in positions]
    said: Sequence[ItemOutcome] = ()
    if not all(outcome in SETTLED for outcome in so_far):
        try:
            was_tried = any(outcome is not None for outcome in so_far)
            said = await connector.erase(planned, begun.plan.plan_id, intent_recorded=was_tried)
        except PlanOutdated:
            return _Erased(connector.system, (), None, is_outdated=True)
    verified = await connector.verify(begun.ids, planned)
    return _Erased(
        connector.system,
        _fates(positions, planned, verified, said),
        Counter(outcome.outcome for outcome in verified),
        is_outdated=len(verified) > len(planned),
    )


async def _record(tools: Tools, conn: Connection, begun: _Begun, erased: Sequence[_Erased]) -> None:
    """Note what the second search says, of every system in which something was tried."""
    await plans.set_outcomes(conn, begun.plan.plan_id, [fate for one in erased for fate in one.fates])
    for one in erased:
        if one.counts is not None:
            facts = {"system": one.system, "outcomes": dict(one.counts)}
            await evidence.add(conn, tools.ring, begun.case, "erased_in_system", facts)


def _fates(
    positions: Sequence[int],
    planned: Sequence[PlannedItem],
    verified: Sequence[ItemOutcome],
    said: Sequence[ItemOutcome],
) -> list[Fate]:
    """What the second search says of each planned item; why something stayed, only the erasing itself could say."""
    reasons = {outcome.ref.identity: outcome.detail for outcome in said if outcome.outcome == "failed"}
    fates = {outcome.ref.identity: outcome for outcome in verified}
    found = [(position, fates[item.ref.identity]) for position, item in zip(positions, planned, strict=True)]
    return [
        (
            position,
            fate.outcome,
            reasons.get(fate.ref.identity) or fate.detail if fate.outcome == "failed" else fate.detail,
        )
        for position, fate in found
    ]


async def _go_on(tools: Tools, conn: Connection, case: Case, begun: _Begun, *, is_outdated: bool) -> None:
    outcomes = await plans.outcomes(conn, begun.plan.plan_id)
    unsettled = {system for system, outcome in outcomes if outcome not in SETTLED}
    if is_outdated:
        await _plan_again(tools, conn, case, begun, unsettled)
    elif unsettled:
        raise ErasureIncomplete(case)
    else:
        await _finish(tools, conn, case, begun)


async def _plan_again(tools: Tools, conn: Connection, case: Case, begun: _Begun, unsettled: set[str]) -> None:
    """The data changed since the approval: nothing more is erased on it, a new plan is made and shown."""
    done = tuple(item for item in begun.items if item.ref.system not in unsettled)
    await defer(tools, conn, case, done)
    await plans.set_state(conn, begun.plan.plan_id, "outdated")
    await evidence.add(conn, tools.ring, case, "plan_outdated", {"plan": str(begun.plan.plan_id)})
    await work.add_job(conn, await move(tools, conn, case, "replan"), "plan")


async def _finish(tools: Tools, conn: Connection, case: Case, begun: _Begun) -> None:
    if await _waits_for_destruction(tools, conn, case):
        await move(tools, conn, case, "wait_for_destruction")
        return
    await defer(tools, conn, case, begun.items)
    await plans.set_state(conn, begun.plan.plan_id, "done")
    await answer_erasure(tools, conn, case)


async def _waits_for_destruction(tools: Tools, conn: Connection, case: Case) -> bool:
    """Ask a person to destroy what was found on paper; True while somebody still has to."""
    for system in await paper_to_destroy(tools, conn, case):
        await work.add_task(conn, case, "destroy_paper", system)
    return any(task.kind == "destroy_paper" and task.is_open for task in await work.tasks(conn, case.case_id))
