"""Whose data a breach concerns: found by the connectors in the time span, each once, shown masked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from uuid6 import uuid7

from dsr_fulfilment.adapters import accounts, breach_tasks, breaches, evidence
from dsr_fulfilment.adapters.breaches import NewPerson, SealedPerson
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.domain.concerned import PersonToTell, each_person_once
from dsr_fulfilment.domain.items import ConcernedPerson
from dsr_fulfilment.handlers.breach_sealed import open_person, seal_person
from dsr_fulfilment.handlers.breaches import BreachReasonMissing, ask_for_those_without_address
from dsr_fulfilment.handlers.looks import SHOWN_FOR, note_look
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.contracts.words import Language
from dsr_shared.postgres import Connection

WITHOUT_ADDRESS: Final = "breach_people"
LAST_MINUTE: Final = timedelta(minutes=1)
"""Staff write minutes: the last one counts whole."""


@dataclass(frozen=True)
class Concerned:
    """Somebody concerned, opened."""

    row: SealedPerson
    person: PersonV1 = field(repr=False)


async def find_concerned(tools: Tools, job: Job) -> None:
    """Ask each chosen system whose data lay there in the time span; each person counts once."""
    async with tools.database.transaction(job.controller_id) as conn:
        breach = await breaches.lock(conn, job.case_id)
    if breach.state != "searching":
        return
    found = await _ask(tools, breach)
    async with tools.database.transaction(job.controller_id) as conn:
        breach = await breaches.lock(conn, job.case_id)
        if breach.state == "searching":
            await _keep(tools, conn, breach, found)


async def _ask(tools: Tools, breach: Breach) -> list[ConcernedPerson]:
    found: list[ConcernedPerson] = []
    for connector in tools.connectors.automatic(breach.controller_id):
        if connector.system in breach.systems:
            found += await connector.concerned(breach.began_at, breach.ended_at + LAST_MINUTE)
    return found


async def _keep(tools: Tools, conn: Connection, breach: Breach, found: list[ConcernedPerson]) -> None:
    people = each_person_once(found)
    for person in people:
        await _add_person(tools, conn, breach, person)
    breach = await breaches.set_searched(conn, breach.breach_id, len(people), len(found))
    await breach_tasks.finish_kind(conn, breach.breach_id, "search_failed")
    facts = {
        "persons": len(people),
        "records": len(found),
        "without_address": sum(person.email is None for person in people),
    }
    await evidence.add(conn, tools.ring, breach, "concerned_found", facts)
    await ask_for_those_without_address(conn, breach)


async def _add_person(tools: Tools, conn: Connection, breach: Breach, person: PersonToTell) -> None:
    key = await tools.keys.current(conn, breach.controller_id, breach.breach_id, "gathered")
    person_id = uuid7()
    who = PersonV1(name=person.name, email=person.email)
    named = f"{person.email or person_id} {person.name or ''}"
    new = NewPerson(
        person_id=person_id,
        person_hash=tools.ring.mac("breach-person", named),
        language=_language(tools, breach, person.language),
        sealed=seal_person(key, breach.breach_id, person_id, who),
        systems=person.systems,
        has_address=person.email is not None,
    )
    await breaches.add_person(conn, breach, new)


def _language(tools: Tools, breach: Breach, spoken: Language | None) -> Language:
    languages = tools.registers.get(breach.controller_id).languages
    return spoken if spoken in languages else languages[0]


async def search_failed(conn: Connection, job: Job, error: str) -> None:
    """The search failed several times; it is tried again, and a person looks why."""
    await breach_tasks.add(conn, await breaches.lock(conn, job.case_id), "search_failed", error)


async def people_of(tools: Tools, conn: Connection, breach: Breach) -> tuple[Concerned, ...]:
    """Everybody concerned; to be shown masked, but for those whom `shown_until` allows. Raises `KeyDestroyed`."""
    rows = await breaches.persons(conn, breach.breach_id)
    return tuple([Concerned(row, await open_person(tools, conn, breach, row)) for row in rows])


async def reveal(tools: Tools, conn: Connection, breach: Breach, *, user: str, reason: str) -> None:
    """Allow this user to see for five minutes who has no address; the reason is on record before anything is shown."""
    if not reason.strip():
        raise BreachReasonMissing("Say why you need to see the names.")
    locked = await breaches.lock(conn, breach.breach_id)
    await note_look(tools, conn, locked, user, reason)
    await evidence.add(conn, tools.ring, locked, "looked", {"what": WITHOUT_ADDRESS, "by": user})


async def shown_until(conn: Connection, breach: Breach, user: str) -> datetime | None:
    """Until when this user sees the names of those without an address; None when that is over."""
    return await accounts.shown_until(conn, breach.breach_id, user, SHOWN_FOR)
