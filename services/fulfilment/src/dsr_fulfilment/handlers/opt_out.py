"""Carrying out an opt-out or a withdrawn consent: intent, act, second look, and the answer, without a person where the
register says how (invariants 2 and 7)."""

from dataclasses import dataclass
from typing import assert_never

from dsr_fulfilment.adapters import cases, evidence, opt_outs, work
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Identifiers
from dsr_fulfilment.domain.lifecycle import is_final
from dsr_fulfilment.domain.opt_out import (
    CONFIRMED,
    DECIDED_BY_REGISTER,
    NOTHING_TO_OPT_OUT_OF,
    By,
    asked,
    course,
    needs_nothing_else,
)
from dsr_fulfilment.handlers.identifiers import identifiers_of
from dsr_fulfilment.handlers.letters import content_for, move, request_letter
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.ports import Connector, ConnectorError
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import LetterKind
from dsr_shared.postgres import Connection

ADDRESS_DOMAIN = "suppression"
"""What the keyed hashes of suppressed addresses are made for; no other hash of ours equals them."""


class OptOutIncomplete(Exception):
    """A row still says otherwise although it was written; the job is tried again and in the end a person is told."""

    def __init__(self, system: str) -> None:
        super().__init__(
            f"the opt-out does not stand in {system}; look for a trigger or another program that undoes it"
        )


@dataclass(frozen=True)
class _Begun:
    """An opt-out whose intent is committed."""

    case: Case
    ids: Identifiers
    systems: frozenset[str]


async def add_first_jobs(conn: Connection, case: Case) -> None:
    """What takes effect at once is not kept waiting by the proof that the rest of the case needs."""
    if asked(case.rights):
        await work.add_job(conn, case, "opt_out")
    if not needs_nothing_else(case.rights):
        await work.add_job(conn, case, "match")


async def opt_out(tools: Tools, job: Job) -> None:
    """Write it in every system that says how; one that is away holds up none of the others."""
    begun = await _begin(tools, job)
    if begun is None:
        return
    failures: list[Exception] = []
    for connector in tools.connectors.automatic(job.controller_id):
        if connector.system in begun.systems:
            try:
                await _write(tools, begun, connector)
            except (ConnectorError, OptOutIncomplete) as error:
                failures.append(error)
    if failures:
        raise failures[0]
    await _finish(tools, job)


async def _begin(tools: Tools, job: Job) -> _Begun | None:
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if is_final(case.state) or not asked(case.rights):
            return None
        ids = await identifiers_of(tools, conn, case)
        if address := ids.values.get("email"):
            await opt_outs.suppress(conn, case.controller_id, tools.ring.mac(ADDRESS_DOMAIN, address))
        open_systems = [one for one, by in _carried_out_by(tools, case, ids).items() if by == "machine"]
        done = {one.system for one in await opt_outs.of_case(conn, case) if one.is_done}
        for system in open_systems:
            await opt_outs.intend(conn, case, system)
        return _Begun(case, ids, frozenset(open_systems) - done)


def _carried_out_by(tools: Tools, case: Case, ids: Identifiers) -> dict[str, By]:
    """Who does it in each system; without the identifier that a system asks for, a person."""
    by: dict[str, By] = {}
    for system in tools.registers.get(case.controller_id).systems:
        rules = [rule for rule in system.opt_out or () if set(rule.rights) & set(case.rights)]
        if system.opt_out is None or not all(ids.values.get(rule.identifier) for rule in rules):
            by[system.id] = "person"
        else:
            by[system.id] = "machine" if rules else "nobody"
    return by


async def _write(tools: Tools, begun: _Begun, connector: Connector) -> None:
    case = begun.case
    said = await connector.opt_out(begun.ids, case.rights)
    if said is None:
        raise OptOutIncomplete(connector.system)
    async with tools.database.transaction(case.controller_id) as conn:
        case = await cases.lock(conn, case.case_id)
        outcome: opt_outs.OptOutOutcome = "failed" if not said.is_done else "found" if said.rows else "nothing_found"
        await opt_outs.record(conn, case, connector.system, outcome, said.rows)
        facts = {"system": connector.system, "outcome": outcome, "rows": said.rows}
        await evidence.add(conn, tools.ring, case, "opted_out", facts)
    if not said.is_done:
        raise OptOutIncomplete(connector.system)


async def _finish(tools: Tools, job: Job) -> None:
    """The machine did its part: answer, or ask a person for the systems that are left."""
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        by = _carried_out_by(tools, case, await identifiers_of(tools, conn, case))
        if needs_nothing_else(case.rights):
            await _record_outcomes(conn, case, by)
        match course(case.rights, case.state, is_complete="person" not in by.values()):
            case "answer":
                await _answer(tools, conn, case)
            case "ask_person":
                await _ask_person(tools, conn, await move(tools, conn, case, "need_no_proof"))
            case "answer_beside":
                await _confirm_once(tools, conn, case)
            case "ask_beside":
                await work.add_task(conn, case, "needs_person", purpose="opt_out")
            case "later":
                return
            case never:
                assert_never(never)


async def _record_outcomes(conn: Connection, case: Case, by: dict[str, By]) -> None:
    """What became of each system that needs no person; one whose outcome is known keeps it."""
    known = {one.system for one in await cases.systems(conn, case.case_id) if one.outcome is not None}
    for done in await opt_outs.of_case(conn, case):
        if done.outcome is not None and done.system not in known:
            await cases.set_outcome(conn, case, done.system, done.outcome, item_count=done.row_count)
    for system, who in by.items():
        if who == "nobody" and system not in known:
            reason = NOTHING_TO_OPT_OUT_OF
            await cases.set_outcome(conn, case, system, "not_searched", reason=reason, decided_by=DECIDED_BY_REGISTER)


async def _answer(tools: Tools, conn: Connection, case: Case) -> None:
    moved = await move(tools, conn, case, "need_no_proof")
    content = await _confirmation(tools, conn, moved)
    answering = await move(tools, conn, moved, "answer")
    await request_letter(tools, conn, answering, "confirmation", content, is_automatic=True)


async def _confirmation(tools: Tools, conn: Connection, case: Case) -> LetterContentV1:
    done = tuple(right for right in case.rights if asked((right,)))
    content = await content_for(tools, conn, case)
    return content.model_copy(update={"rights": done, "reason": CONFIRMED[case.language]})


async def _ask_person(tools: Tools, conn: Connection, gathering: Case) -> None:
    """Some system does not say how: a person carries it out there and writes so."""
    waiting = await move(tools, conn, gathering, "ask_for_decision")
    await work.add_task(conn, waiting, "decide", purpose="opt_out")
    await request_letter(tools, conn, waiting, "acknowledgement", await content_for(tools, conn, waiting))


async def _confirm_once(tools: Tools, conn: Connection, case: Case) -> None:
    """Beside another right: the opt-out is answered at once, the rest of the case goes on."""
    kind: LetterKind = "confirmation"
    if any(letter.kind == kind for letter in await work.letters(conn, case.case_id)):
        return
    await request_letter(tools, conn, case, kind, await _confirmation(tools, conn, case), is_automatic=True)
