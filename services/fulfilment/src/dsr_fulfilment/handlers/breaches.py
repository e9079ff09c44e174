"""The breach desk: the clock runs from awareness; what is known is written down; the authority is told.

BreachError
├── BreachReasonMissing a judgement, a look or a task without its reason
├── WrongTime           a moment that cannot be: in the future, or an end before its beginning
├── TextsMissing        the letter or the notice does not yet say what it must
├── ExemptionFails      the ground for not telling the persons does not hold (Art. 34(3))
├── NotYet              the search is not over, the risk is not judged, or the letters were approved before
└── DelayUnexplained    told after 72 hours without reasons (Art. 33(1))
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters import breach_tasks, breaches, desk, evidence, work
from dsr_fulfilment.domain.breach import (
    Exemption,
    ExemptionRefused,
    NoticeFacts,
    NoticeIncomplete,
    Risk,
    RiskDecision,
    missing_items,
    notice_state,
    persons_decision,
)
from dsr_fulfilment.domain.breach_case import Breach, BreachDetails, NewBreach, known_facts
from dsr_fulfilment.handlers.breach_sealed import open_details, seal_details
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import breach_task_context, seal_typed
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import PaperSystem, Register
from dsr_shared.calendar import HELSINKI
from dsr_shared.postgres import Connection, database_now


class BreachError(Exception):
    """The desk could not do this; the text says what to do."""


class BreachReasonMissing(BreachError):
    """The register of breaches needs the reason."""


class WrongTime(BreachError):
    """A moment that cannot be."""


class TextsMissing(BreachError):
    """Something that must be said is not written."""

    def __init__(self, what: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"Write these parts of the {what} first: {', '.join(missing)}.")
        self.missing = missing


class NotYet(BreachError):
    """The breach is not so far, or further."""


class ExemptionFails(BreachError):
    """Art. 34(3) does not spare the letters here."""


class DelayUnexplained(BreachError):
    """Later than 72 hours needs the reasons for the delay."""

    def __init__(self, breach: Breach) -> None:
        due = f"{breach.authority_due_at.astimezone(HELSINKI):%d.%m.%Y at %H:%M}"
        super().__init__(f"The time for {breach.reference} ended on {due}: write the reasons for the delay.")


async def register_breach(tools: Tools, conn: Connection, controller_id: str, new: NewBreach, user: str) -> Breach:
    """Register a breach and look for the persons concerned; every breach is documented (Art. 33(5))."""
    await _check(tools, conn, controller_id, new)
    breach_id = uuid7()
    key = await tools.keys.new(conn, controller_id, breach_id, "gathered", opens_case=True)
    sealed = seal_details(key, breach_id, new.details)
    breach = await breaches.register(conn, controller_id, breach_id, new, details=sealed, user=user)
    facts = {
        "aware_at": breach.aware_at.isoformat(),
        "authority_due_at": breach.authority_due_at.isoformat(),
        "systems": list(breach.systems),
        "by": user,
        "reported_in": await _reported_in(conn, new),
    }
    await evidence.add(conn, tools.ring, breach, "breach_registered", facts)
    await work.add_job(conn, breach, "find_concerned")
    for system in tools.registers.get(controller_id).systems:
        if isinstance(system, PaperSystem) and system.id in breach.systems:
            await breach_tasks.add(conn, breach, "search_paper", system.id)
    return breach


async def _reported_in(conn: Connection, new: NewBreach) -> str | None:
    """The reference of a case that there is; nothing else that a form says is written down."""
    case = await desk.case_by_reference(conn, new.reported_in) if new.reported_in else None
    return None if case is None else case.reference


async def _check(tools: Tools, conn: Connection, controller_id: str, new: NewBreach) -> None:
    unknown = set(new.systems) - tools.registers.system_ids(controller_id)
    if unknown or not new.systems:
        raise BreachError("Choose at least one place of your register.")
    if new.ended_at < new.began_at:
        raise WrongTime("It can’t end before it begins.")
    if max(new.aware_at, new.began_at) > await database_now(conn):
        raise WrongTime("It can’t begin, or be known, in the future.")


async def write_details(tools: Tools, conn: Connection, breach_id: UUID, details: BreachDetails, user: str) -> None:
    """Keep what staff wrote; the notice may grow in phases (Art. 33(4)). Parts left for later stay so until written."""
    breach = await breaches.lock(conn, breach_id)
    before = await open_details(tools, conn, breach)
    kept = replace(details, notice=replace(details.notice, to_follow=before.notice.to_follow), said=before.said)
    await _keep(tools, conn, breach, kept)
    left = missing_items(facts_of(tools, breach, kept))
    await evidence.add(conn, tools.ring, breach, "breach_written", {"by": user, "missing": list(left)})


async def _keep(tools: Tools, conn: Connection, breach: Breach, details: BreachDetails) -> None:
    key = await tools.keys.current(conn, breach.controller_id, breach.breach_id, "gathered")
    await breaches.set_details(conn, breach.breach_id, seal_details(key, breach.breach_id, details))


async def say(tools: Tools, conn: Connection, breach: Breach, **words: str) -> None:
    """Keep a reason that staff typed, or the number that the authority gave."""
    details = await open_details(tools, conn, breach)
    await _keep(tools, conn, breach, replace(details, said=replace(details.said, **words)))


def facts_of(tools: Tools, breach: Breach, details: BreachDetails) -> NoticeFacts:
    """The notice as it would be sent: what staff wrote, what the search counted, and the register's contact."""
    register = tools.registers.get(breach.controller_id)
    return known_facts(details.notice, breach, contact_name=register.name, contact_details=contact_line(register))


def contact_line(register: Register) -> str:
    contact = register.contact
    hours = in_language(contact.hours, register.languages[0]) if contact.hours else ""
    phone = f"{contact.phone} ({hours})" if contact.phone and hours else contact.phone
    return ", ".join(part for part in (contact.email, phone) if part)


async def judge_risk(tools: Tools, conn: Connection, breach_id: UUID, *, risk: Risk, reason: str, user: str) -> Breach:
    """A person's judgement of the risk, with its reason."""
    breach = await breaches.lock(conn, breach_id)
    if not reason.strip():
        raise BreachReasonMissing("Write why: the register of breaches needs the reason (Article 33(5)).")
    await say(tools, conn, breach, risk_reason=reason.strip())
    judged = await breaches.set_risk(conn, breach_id, risk)
    await evidence.add(conn, tools.ring, judged, "risk_judged", {"risk": risk, "by": user})
    if risk == "none":
        await breach_tasks.finish_kind(conn, breach_id, "reminder")
    await ask_for_those_without_address(conn, judged)
    return judged


async def exempt(tools: Tools, conn: Connection, breach_id: UUID, exemption: Exemption, *, happened: bool) -> Breach:
    """Decide not to tell the persons one by one (Art. 34(3)); refused where the exemption does not hold.

    `happened`: the harm came already, so that measures taken afterwards exempt nobody.
    """
    breach, by = await breaches.lock(conn, breach_id), exemption.decided_by
    if breach.risk != "high" or breach.letters_approved_at is not None:
        raise NotYet("Only at serious harm, and before the letters are approved, is there anything to decide here.")
    reason = (await open_details(tools, conn, breach)).said.risk_reason or "on record"
    decision = RiskDecision("high", reason, by, exemption.decided_at, has_materialised=happened)
    match persons_decision(decision, exemption):
        case ExemptionRefused("risk_has_materialised"):
            raise ExemptionFails("Harm has happened, so measures taken afterwards exempt nobody: tell the people.")
        case ExemptionRefused():
            raise ExemptionFails("Instead of letters you tell everybody in public: write what, and where it stands.")
    notice = exemption.public_notice.strip()
    await say(tools, conn, breach, exemption_reason=exemption.reason.strip(), public_notice=notice)
    exempted = await breaches.set_exemption(conn, breach_id, exemption.kind, by)
    facts = {"kind": exemption.kind, "by": by, "has_happened": happened, "in_public": bool(notice)}
    await evidence.add(conn, tools.ring, exempted, "exempted", facts)
    await breach_tasks.finish_kind(conn, breach_id, "no_address")
    return exempted


async def take_exemption_back(tools: Tools, conn: Connection, breach_id: UUID, user: str) -> Breach:
    """The persons are told after all."""
    if (await breaches.lock(conn, breach_id)).exemption is None:
        raise NotYet("Nothing was decided here. Open the breach again.")
    told = await breaches.set_exemption(conn, breach_id, None, None)
    await evidence.add(conn, tools.ring, told, "exemption_withdrawn", {"by": user})
    await ask_for_those_without_address(conn, told)
    return told


async def ask_for_those_without_address(conn: Connection, breach: Breach) -> None:
    """At high risk somebody reaches them another way; else nobody has to."""
    if breach.risk != "high" or breach.exemption is not None:
        await breach_tasks.finish_kind(conn, breach.breach_id, "no_address")
    elif (await breaches.letter_states(conn, breach.breach_id)).without_address:
        await breach_tasks.add(conn, breach, "no_address")
        await breach_tasks.reopen(conn, breach, "no_address")


async def note_notified(
    tools: Tools,
    conn: Connection,
    breach_id: UUID,
    *,
    at: datetime,
    delay_reason: str,
    user: str,
    receipt: str = "",
    rest_follows: bool = False,
) -> Breach:
    """Staff told the authority; after 72 hours only with reasons for the delay, and what is missing must be said to
    follow (Art. 33(4)). Noted again, it is a later phase: the first moment stays."""
    breach = await breaches.lock(conn, breach_id)
    if at < breach.aware_at or at > await database_now(conn):
        raise WrongTime("The authority was told after you were sure, and not in the future.")
    if breach.authority_notified_at is None and at > breach.authority_due_at and not delay_reason.strip():
        raise DelayUnexplained(breach)
    left = await _leave_for_later(tools, conn, breach, is_allowed=rest_follows)
    said = (await open_details(tools, conn, breach)).said
    delay, number = said.delay_reason or delay_reason.strip(), said.receipt or receipt.strip()
    await say(tools, conn, breach, delay_reason=delay, receipt=number)
    told = await breaches.set_notified(conn, breach_id, at)
    kind = "authority_notified" if breach.authority_notified_at is None else "notice_supplemented"
    facts = {"at": at.isoformat(), "by": user, "has_receipt": bool(receipt.strip()), "to_follow": list(left)}
    await evidence.add(conn, tools.ring, told, kind, facts)
    await breach_tasks.finish_kind(conn, breach_id, "reminder")
    return told


async def _leave_for_later(tools: Tools, conn: Connection, breach: Breach, *, is_allowed: bool) -> tuple[str, ...]:
    details = await open_details(tools, conn, breach)
    facts = facts_of(tools, breach, details)
    missing = missing_items(facts)
    if isinstance(notice_state(facts), NoticeIncomplete) and not is_allowed:
        raise TextsMissing("notice", tuple(item.replace("_", " ") for item in missing))
    await _keep(tools, conn, breach, replace(details, notice=replace(details.notice, to_follow=frozenset(missing))))
    return missing


async def settle_task(
    tools: Tools, conn: Connection, breach_id: UUID, task_id: UUID, *, what_was_done: str, user: str
) -> None:
    """Record what somebody did about a task."""
    breach = await breaches.lock(conn, breach_id)
    if not what_was_done.strip():
        raise BreachReasonMissing("Write what you did about it.")
    sealed = await seal_typed(tools, conn, breach, breach_task_context(breach_id, task_id), what_was_done.strip())
    task = await breach_tasks.finish(conn, breach_id, task_id, done_by=user, what_was_done=sealed)
    if task is None:
        raise NotYet("This task is done already. Open the breach again.")
    facts = {"kind": task.kind, "about": task.about, "by": user}
    await evidence.add(conn, tools.ring, breach, "breach_task_done", facts)
