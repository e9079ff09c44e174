"""Before verification: who might this be? Only declared identifiers are asked, nothing is copied (invariant 8)."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from dsr_fulfilment.adapters import cases, evidence, messages, work
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.identity import (
    ChallengeOnFile,
    IdentityDecision,
    NoProofNeeded,
    NothingFound,
    PersonDecides,
    decide_identity,
)
from dsr_fulfilment.domain.items import Candidate, Identifiers
from dsr_fulfilment.handlers.at_once import ask_each
from dsr_fulfilment.handlers.challenges import send_challenge
from dsr_fulfilment.handlers.identifiers import identifiers_from, is_organisation
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.sealed import open_person
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.ports import Connector, IdentifiersConflict
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.look_alike import imitates
from dsr_shared.postgres import Connection

Candidates = Mapping[str, Sequence[Candidate]]


async def match(tools: Tools, job: Job) -> None:
    """Ask every system whether it knows the person, and decide what is still to be proved."""
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.load(conn, job.case_id)
        if case.state != "received":
            return
        person = await open_person(tools, conn, case)
    ids = identifiers_from(person)
    found, conflicts = await ask_systems(tools, case, ids)
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if case.state != "received":
            return
        await _record(tools, conn, case, found)
        await _mark_look_alike(tools, conn, case, person, found)
        if conflicts:
            prove = None if is_organisation(person) else person.sender_email or person.email
            await _person_decides(tools, conn, case, "identifiers_conflict", prove)
        else:
            await _decide(tools, conn, case, person, found)


async def ask_systems(tools: Tools, case: Case, ids: Identifiers) -> tuple[Candidates, bool]:
    """Who may be meant, system by system, and whether the identifiers contradict each other somewhere."""

    async def ask(connector: Connector) -> Sequence[Candidate] | None:
        try:
            return await connector.match(ids)
        except IdentifiersConflict:
            return None

    answers = await ask_each(tools.connectors.automatic(case.controller_id), ask)
    found = {system: candidates for system, candidates in answers.items() if candidates is not None}
    return found, len(found) < len(answers)


async def _record(tools: Tools, conn: Connection, case: Case, found: Candidates) -> None:
    for system, candidates in found.items():
        await cases.set_match(conn, case, system, has_match=bool(candidates))
    known = sorted(system for system, candidates in found.items() if candidates)
    await evidence.add(conn, tools.ring, case, "matched", {"asked": sorted(found), "known_in": known})


async def _mark_look_alike(tools: Tools, conn: Connection, case: Case, person: PersonV1, found: Candidates) -> None:
    """A writer whose domain imitates the one on file is shown to whoever decides; it proves nothing."""
    domain = (person.sender_email or person.email or "").rpartition("@")[2]
    on_file = [
        candidate.on_file_email.rpartition("@")[2]
        for candidates in found.values()
        for candidate in candidates
        if candidate.on_file_email
    ]
    if case.channel == "mail" and imitates(domain, on_file):
        await messages.mark_look_alike(conn, case.case_id)
        await evidence.add(conn, tools.ring, case, "look_alike", {})


async def _decide(tools: Tools, conn: Connection, case: Case, person: PersonV1, found: Candidates) -> None:
    writer = person.sender_email or person.email
    decision: IdentityDecision = decide_identity(
        rights=case.rights,
        candidates=[candidate for candidates in found.values() for candidate in candidates],
        writer_address=writer,
        is_on_behalf=case.is_on_behalf,
        is_organisation=is_organisation(person),
    )
    match decision:
        case NoProofNeeded():
            await work.add_job(conn, case, "opt_out")
        case ChallengeOnFile(address):
            await send_challenge(tools, conn, await move(tools, conn, case, "send_challenge"), address, "on_file")
        case NothingFound():
            await _nobody_found(tools, conn, case, writer)
        case PersonDecides(why, prove_address):
            await _person_decides(tools, conn, case, why, prove_address)
        case _:
            assert_never(decision)


async def _nobody_found(tools: Tools, conn: Connection, case: Case, writer: str | None) -> None:
    """The same public words as for somebody who is known: the letter must not tell (invariant 8)."""
    if writer is None:
        await _person_decides(tools, conn, case, "no_address", None)
        return
    await send_challenge(tools, conn, await move(tools, conn, case, "send_challenge"), writer, "address_only")


async def _person_decides(tools: Tools, conn: Connection, case: Case, why: str, prove_address: str | None) -> None:
    waiting = await move(tools, conn, case, "ask_for_identity")
    waiting = await cases.set_needs_person(conn, waiting.case_id, why)
    await work.add_task(conn, waiting, "identify", purpose=why)
    if prove_address is not None:
        await send_challenge(tools, conn, waiting, prove_address, "address_only")
