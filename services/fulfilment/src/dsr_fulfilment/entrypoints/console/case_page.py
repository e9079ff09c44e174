"""Putting a case page together from the database, with the look at the message on record."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from dsr_fulfilment.adapters import accounts, desk, evidence, work
from dsr_fulfilment.adapters import messages as stored
from dsr_fulfilment.adapters.messages import LaterSender
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.entrypoints.console import case_view as view
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.case_view import CaseView
from dsr_fulfilment.entrypoints.console.counting import counting
from dsr_fulfilment.entrypoints.console.dates import short_moment
from dsr_fulfilment.entrypoints.console.history_view import history_view
from dsr_fulfilment.entrypoints.console.plan_view import PlanView, plan_view
from dsr_fulfilment.entrypoints.console.saying_view import Saying, asked_view, saying
from dsr_fulfilment.entrypoints.console.sender_view import sender_lines
from dsr_fulfilment.entrypoints.console.task_view import TaskView, letter_line, place_lines, task_view
from dsr_fulfilment.handlers import line, looks, typed
from dsr_fulfilment.handlers.letters import last_day
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.calendar import due_dates, helsinki_date
from dsr_shared.contracts.sealed import EvidenceV1
from dsr_shared.postgres import Connection, database_now


@dataclass(frozen=True)
class Messages:
    """What was written, first and later, and the words that the reading of the first rests on."""

    sayings: tuple[Saying, ...] = ()
    evidence: tuple[EvidenceV1, ...] = field(default=(), repr=False)


async def case_view_of(tools: Tools, conn: Connection, case: Case, user: str) -> CaseView:
    """Everything on the page of one case; writes down that this user saw the message."""
    now, register = await database_now(conn), tools.registers.get(case.controller_id)
    messages = await _messages(tools, conn, case, user)
    tasks = await _tasks(conn, case, register, now)
    plan = await _plan(tools, conn, case, now)
    clock, badge, month = view.clock_of(case, now)
    chain = await evidence.entries(conn, case.case_id)
    labels = {system.id: in_language(system.label, "en") for system in register.systems}
    proof = await desk.verification(conn, case.case_id)
    seen = await typed.looks_of(tools, conn, case, await accounts.looks(conn, case.case_id))
    return CaseView(
        case=case,
        eyebrow=view.eyebrow(case),
        h1=words.headline(case.rights),
        next=view.next_step(case, plan, tasks),
        clock=clock,
        answer_by=last_day(case),
        first_due=case.due_on if case.extended_due_on else None,
        is_late=case.is_open and helsinki_date(now) > last_day(case),
        month=month,
        badge=badge,
        who=view.who_view(case, await looks.person_of(tools, conn, case), proof, seen),
        messages=messages.sayings,
        asked=asked_view(case.rights, messages.evidence),
        counting=counting(case.received_at),
        plan=plan,
        tasks=tasks,
        places=place_lines(register, await typed.systems_of(tools, conn, case)),
        letters=tuple(letter_line(letter) for letter in reversed(await work.letters(conn, case.case_id))),
        history=history_view(await typed.readable(tools, conn, chain), evidence.check(chain, tools.ring), now, labels),
        can=view.possible(case, now),
        extended_due=due_dates(case.received_at).extended_due,
        needs=words.need_text(case.needs_person) if case.needs_person else None,
        ahead_of=await line.passed_over(conn, case) if case.is_open else (),
        sender=sender_lines(case.sender_evidence),
        linked=await stored.linked_cases(conn, case),
        shows_files=await looks.shown_until(conn, case, user) is not None,
    )


async def _messages(tools: Tools, conn: Connection, case: Case, user: str) -> Messages:
    first = await looks.read_message(tools, conn, case, user)
    if first is None:
        return Messages()
    files = await stored.attachments(conn, case.case_id)
    senders = await stored.later_senders(conn, case.case_id)
    sayings = [saying(first, case.language, "", [one for one in files if one.message_id == case.arrival_event_id])]
    for later in await desk.later_messages(conn, case.case_id):
        message = await looks.read_later(tools, conn, case, later)
        if message is not None:
            came = f"Came later, {short_moment(later.received_at)} by {words.CHANNELS[later.channel]}"
            own = [one for one in files if one.message_id == later.message_id]
            sender = senders.get(later.message_id, LaterSender(None, is_changed_copy=False))
            shown = saying(message, case.language, came, own)
            lines = sender_lines(sender.evidence)
            sayings.append(replace(shown, sender=lines, is_changed_copy=sender.is_changed_copy))
    return Messages(tuple(sayings), first.evidence)


async def _tasks(conn: Connection, case: Case, register: Register, now: datetime) -> tuple[TaskView, ...]:
    purposes, today = await desk.task_purposes(conn, case.case_id), helsinki_date(now)
    return tuple(
        task_view(task, purposes[task.task_id], register, today)
        for task in await work.tasks(conn, case.case_id)
        if task.is_open
    )


async def _plan(tools: Tools, conn: Connection, case: Case, now: datetime) -> PlanView | None:
    plan = await desk.latest_plan(conn, case.case_id)
    if plan is None:
        return None
    register = tools.registers.get(case.controller_id)
    return plan_view(plan, register, await typed.systems_of(tools, conn, case), now)
