"""The breach desk: the clock runs from awareness, the persons concerned are found, the letters wait for approval.

BreachError
├── TextsMissing        the letter or the notice does not yet say what it must
├── NotYet              the search is not over, or the letters were approved before
└── DelayUnexplained    told after 72 hours without reasons (Art. 33(1))
"""

from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from uuid6 import uuid7

from dsr_fulfilment.adapters import breaches, evidence, work
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.breach import Risk
from dsr_fulfilment.domain.breach_case import LETTER_ITEMS, Breach, BreachDetails, NewBreach
from dsr_fulfilment.domain.concerned import PersonToTell, each_person_once
from dsr_fulfilment.domain.items import ConcernedPerson
from dsr_fulfilment.handlers.letters import request_letter_in
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.sealed import LetterContentV1, PersonV1
from dsr_shared.contracts.words import Language
from dsr_shared.postgres import Connection
from dsr_shared.sealing import SealContext, open_model, open_sealed, seal, seal_model

_DETAILS: TypeAdapter[BreachDetails] = TypeAdapter(BreachDetails)


class BreachError(Exception):
    """The desk could not do this; the text says what to do."""


class TextsMissing(BreachError):
    """Something the letters must say is not written."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(f"Write these parts of the letter first: {', '.join(missing)}.")
        self.missing = missing


class NotYet(BreachError):
    """The breach is not so far, or further."""


class DelayUnexplained(BreachError):
    """Later than 72 hours needs the reasons for the delay."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(f"The time for {breach.reference} was over: write the reasons for the delay (Article 33(1)).")


def _details_context(breach_id: UUID) -> SealContext:
    return SealContext(record_id=breach_id, kind="breaches", case_id=breach_id, field="details")


def _person_context(breach_id: UUID, person_id: UUID) -> SealContext:
    return SealContext(record_id=person_id, kind="breach_persons", case_id=breach_id, field="person")


async def register_breach(tools: Tools, conn: Connection, controller_id: str, new: NewBreach, user: str) -> Breach:
    """Register a breach and look for the persons concerned; every breach is documented (Art. 33(5))."""
    known = tools.registers.system_ids(controller_id)
    unknown = set(new.systems) - known
    if unknown or not new.systems or new.ended_at < new.began_at:
        raise BreachError("Choose at least one system of the register, and a time that ends after it begins.")
    breach_id = uuid7()
    key = await tools.keys.new(conn, controller_id, breach_id, "gathered", opens_case=True)
    sealed = seal(key, _DETAILS.dump_json(new.details), _details_context(breach_id))
    breach = await breaches.register(conn, controller_id, breach_id, new, details=sealed, user=user)
    facts = {
        "aware_at": breach.aware_at.isoformat(),
        "authority_due_at": breach.authority_due_at.isoformat(),
        "systems": list(breach.systems),
        "by": user,
    }
    await evidence.add(conn, tools.ring, breach, "breach_registered", facts)
    await work.add_job(conn, breach, "find_concerned")
    return breach


async def open_details(tools: Tools, conn: Connection, sealed: SealedV1, breach: Breach) -> BreachDetails:
    """What staff wrote about a breach."""
    key = await tools.keys.get(conn, sealed.key_id)
    return _DETAILS.validate_json(open_sealed(key, sealed, _details_context(breach.breach_id)))


async def write_details(tools: Tools, conn: Connection, breach_id: UUID, details: BreachDetails, user: str) -> None:
    """Keep what staff wrote; the notice may grow in phases (Art. 33(4))."""
    breach = await breaches.lock(conn, breach_id)
    key = await tools.keys.current(conn, breach.controller_id, breach_id, "gathered")
    await breaches.set_details(conn, breach_id, seal(key, _DETAILS.dump_json(details), _details_context(breach_id)))
    await evidence.add(conn, tools.ring, breach, "breach_written", {"by": user})


async def find_concerned(tools: Tools, job: Job) -> None:
    """Ask each chosen system whose data lay there in the time span; each person counts once."""
    async with tools.database.transaction(job.controller_id) as conn:
        breach = await breaches.lock(conn, job.case_id)
    if breach.state != "searching":
        return
    found: list[ConcernedPerson] = []
    for connector in tools.connectors.automatic(job.controller_id):
        if connector.system in breach.systems:
            found += await connector.concerned(breach.began_at, breach.ended_at)
    people = each_person_once(found)
    async with tools.database.transaction(job.controller_id) as conn:
        breach = await breaches.lock(conn, job.case_id)
        if breach.state != "searching":
            return
        for person in people:
            await _add_person(tools, conn, breach, person)
        breach = await breaches.set_searched(conn, breach.breach_id, len(people), len(found))
        facts = {"persons": len(people), "records": len(found)}
        await evidence.add(conn, tools.ring, breach, "concerned_found", facts)


async def _add_person(tools: Tools, conn: Connection, breach: Breach, person: PersonToTell) -> None:
    key = await tools.keys.current(conn, breach.controller_id, breach.breach_id, "gathered")
    person_id = uuid7()
    who = PersonV1(name=person.name, email=person.email)
    sealed = seal_model(key, who, _person_context(breach.breach_id, person_id))
    named = f"{person.email or person_id} {person.name or ''}"
    await breaches.add_person(
        conn,
        breach,
        person_id,
        person_hash=tools.ring.mac("breach-person", named),
        language=_language(tools, breach, person.language),
        sealed=sealed,
    )


def _language(tools: Tools, breach: Breach, spoken: Language | None) -> Language:
    languages = tools.registers.get(breach.controller_id).languages
    return spoken if spoken in languages else languages[0]


async def judge_risk(tools: Tools, conn: Connection, breach_id: UUID, *, risk: Risk, reason: str, user: str) -> Breach:
    """A person's judgement of the risk, with its reason."""
    await breaches.lock(conn, breach_id)
    if not reason.strip():
        raise BreachError("Write why: the register of breaches needs the reason (Article 33(5)).")
    judged = await breaches.set_risk(conn, breach_id, risk, reason)
    await evidence.add(conn, tools.ring, judged, "risk_judged", {"risk": risk, "by": user})
    return judged


async def note_notified(
    tools: Tools, conn: Connection, breach_id: UUID, *, at: datetime, delay_reason: str, user: str
) -> Breach:
    """Staff told the authority; after 72 hours only with reasons for the delay."""
    breach = await breaches.lock(conn, breach_id)
    if at > breach.authority_due_at and not delay_reason.strip():
        raise DelayUnexplained(breach)
    told = await breaches.set_notified(conn, breach_id, at, delay_reason.strip() or None)
    await evidence.add(conn, tools.ring, told, "authority_notified", {"at": at.isoformat(), "by": user})
    return told


async def approve_letters(tools: Tools, conn: Connection, breach_id: UUID, user: str) -> int:
    """Ask for one letter to each person with an address, in their language; returns how many."""
    breach = await breaches.lock(conn, breach_id)
    if breach.state != "searched":
        raise NotYet(f"{breach.reference} is {breach.state}: letters are approved once, after the search.")
    details = await open_details(tools, conn, await breaches.details_of(conn, breach), breach)
    rows = await conn.fetch(statements("breaches")["persons_without_letter"], breach_id)
    _refuse_missing_texts(details, {row["language"] for row in rows})
    await breaches.approve_letters(conn, breach_id, user)
    sent = 0
    for row in rows:
        person_id, sealed = row["breach_person_id"], SealedV1.model_validate_json(row["person_sealed"])
        key = await tools.keys.get(conn, sealed.key_id)
        person = open_model(key, sealed, _person_context(breach_id, person_id), PersonV1)
        if person.email:
            letter_id = await _write_to(tools, conn, breach, person=person, details=details, language=row["language"])
            await conn.execute(statements("breaches")["set_person_letter"], person_id, letter_id)
            sent += 1
    await evidence.add(conn, tools.ring, breach, "letters_approved", {"letters": sent, "by": user})
    return sent


def _refuse_missing_texts(details: BreachDetails, languages: set[Language]) -> None:
    missing = tuple(
        f"{item} ({language})"
        for language in sorted(languages)
        for item in LETTER_ITEMS
        if not details.letters.get(language, {}).get(item, "").strip()
    )
    if missing:
        raise TextsMissing(missing)


async def _write_to(
    tools: Tools, conn: Connection, breach: Breach, *, person: PersonV1, details: BreachDetails, language: Language
) -> UUID:
    content = LetterContentV1(
        recipient_email=person.email or "",
        recipient_name=person.name,
        reference=breach.reference,
        breach=dict(details.letters[language]),
        case_id=breach.breach_id,
    )
    return await request_letter_in(tools, conn, breach, kind="breach_notice", content=content, language=language)
