"""Somebody signed in at the provider of the register: does that prove that the request is theirs?

The claims are matched like any declared identifiers (invariant 8): per system yes or no, on record, nothing copied.
What is in doubt a person decides, who can see what was claimed; the public pages say the same either way.
"""

from typing import Any, Final, assert_never

from dsr_fulfilment.adapters import cases, evidence, sign_ins, work
from dsr_fulfilment.adapters.sign_ins import SignIn
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.identity import PersonDecides, SignInProves, decide_sign_in
from dsr_fulfilment.domain.items import Candidate
from dsr_fulfilment.domain.lifecycle import State
from dsr_fulfilment.handlers.identifiers import identifiers_from, is_organisation
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.match import Candidates, ask_systems
from dsr_fulfilment.handlers.requests import verify
from dsr_fulfilment.handlers.sealed import choose_letter_address, open_person
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.requests import IdentityProvedV1
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.inbox import Received
from dsr_shared.postgres import Connection
from dsr_shared.sealing import SealContext, open_model

WAITS: Final[frozenset[State]] = frozenset({"identifying", "awaiting_identity", "refusing"})
_OWN_WORDS: Final = frozenset({"sign_in_unknown", "sign_in_differs"})


async def on_identity_proved(tools: Tools, conn: Connection, received: Received, event: IdentityProvedV1) -> None:
    """Keep it and put it on record; a job asks the systems."""
    case = await cases.lock(conn, received.envelope.case_id)
    if case.person_sealed is None:
        return
    await sign_ins.add(conn, received.envelope, event)
    facts = {"proof": str(event.proof_id), "issuer": event.issuer, "acr": event.acr, "at": event.proved_at.isoformat()}
    await evidence.add(conn, tools.ring, case, "identity_proved", facts)
    await work.add_job(conn, case, "match_sign_in")


async def match_sign_in(tools: Tools, job: Job) -> None:
    """Decide every sign-in of the case that nobody decided yet."""
    async with tools.database.transaction(job.controller_id) as conn:
        waiting = [one for one in await sign_ins.of_case(conn, job.case_id) if one.decided_at is None]
    for sign_in in waiting:
        await _decide(tools, job, sign_in)


async def open_sign_in(tools: Tools, conn: Connection, case: Case, sign_in: SignIn) -> PersonV1:
    """Who signed in, by the verified claims; raises KeyDestroyed."""
    key = await tools.keys.get(conn, sign_in.person_sealed.key_id)
    context = SealContext(sign_in.event_id, IdentityProvedV1.TYPE, case.case_id, "person")
    return open_model(key, sign_in.person_sealed, context, PersonV1)


async def _decide(tools: Tools, job: Job, sign_in: SignIn) -> None:
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.load(conn, job.case_id)
        if case.state not in WAITS:
            await _not_needed(tools, conn, case, sign_in)
            return
        person, claimed = await open_person(tools, conn, case), await open_sign_in(tools, conn, case, sign_in)
    proved, is_unclear = await ask_systems(tools, case, identifiers_from(claimed))
    meant, is_in_conflict = await ask_systems(tools, case, identifiers_from(person))
    decision = decide_sign_in(
        proved=_all(proved),
        meant=_all(meant),
        named_address=person.email,
        is_on_behalf=case.is_on_behalf,
        is_organisation=is_organisation(person),
    )
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if case.state not in WAITS:
            await _not_needed(tools, conn, case, sign_in)
        elif await sign_ins.decide(conn, sign_in.proof_id):
            if is_unclear or is_in_conflict:
                decision = PersonDecides("identifiers_conflict")
            await _carry_out(tools, conn, case, decision, _facts(sign_in, proved))


async def _carry_out(
    tools: Tools, conn: Connection, case: Case, decision: SignInProves | PersonDecides, facts: dict[str, Any]
) -> None:
    match decision:
        case SignInProves(address):
            await evidence.add(conn, tools.ring, case, "sign_in_matched", {**facts, "outcome": "verified"})
            await verify(tools, conn, await choose_letter_address(tools, conn, case, address), "sign_in")
        case PersonDecides(why):
            await evidence.add(conn, tools.ring, case, "sign_in_matched", {**facts, "outcome": why})
            await _person_decides(tools, conn, case, why)
        case _:
            assert_never(decision)


async def _person_decides(tools: Tools, conn: Connection, case: Case, why: str) -> None:
    """Somebody at the desk sees who signed in. A refusal that is on its way stays what a person decided."""
    if case.state == "refusing":
        return
    waiting = await move(tools, conn, case, "ask_for_identity") if case.state == "identifying" else case
    waiting = await cases.set_needs_person(conn, waiting.case_id, why if why in _OWN_WORDS else "sign_in_doubt")
    if not any(task.is_open and task.kind == "identify" for task in await work.tasks(conn, case.case_id)):
        await work.add_task(conn, waiting, "identify", purpose=why)


def _facts(sign_in: SignIn, found: Candidates) -> dict[str, Any]:
    known = sorted(system for system, candidates in found.items() if candidates)
    return {"proof": str(sign_in.proof_id), "asked": sorted(found), "known_in": known}


async def _not_needed(tools: Tools, conn: Connection, case: Case, sign_in: SignIn) -> None:
    """The case went on in the meantime: no system is asked for what nobody needs to know."""
    if await sign_ins.decide(conn, sign_in.proof_id):
        facts = {**_facts(sign_in, {}), "outcome": "not_needed"}
        await evidence.add(conn, tools.ring, case, "sign_in_matched", facts)


def _all(found: Candidates) -> list[Candidate]:
    return [candidate for candidates in found.values() for candidate in candidates]
