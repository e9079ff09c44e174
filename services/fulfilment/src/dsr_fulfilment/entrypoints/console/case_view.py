"""A case as its page shows it: the next step first, then the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from dsr_fulfilment.adapters.accounts import Look
from dsr_fulfilment.adapters.desk import Verification
from dsr_fulfilment.adapters.messages import LinkedCase
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.deadline import refusal_is_in_time
from dsr_fulfilment.domain.lifecycle import allowed
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge, days_text, due_badge
from dsr_fulfilment.entrypoints.console.counting import CountStep
from dsr_fulfilment.entrypoints.console.dates import (
    day_month,
    plural,
    short_moment,
)
from dsr_fulfilment.entrypoints.console.history_view import HistoryView
from dsr_fulfilment.entrypoints.console.masking import mask_email, mask_name
from dsr_fulfilment.entrypoints.console.month import MonthView, month_view
from dsr_fulfilment.entrypoints.console.plan_view import PlanView
from dsr_fulfilment.entrypoints.console.saying_view import Asked, Saying
from dsr_fulfilment.entrypoints.console.task_view import CHOICES, Line, TaskView
from dsr_fulfilment.handlers.letters import last_day
from dsr_fulfilment.handlers.looks import REASONS
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.sealed import PersonV1

NOTHING_TO_DO = "You need do nothing."


@dataclass(frozen=True)
class Next:
    """The next step, and where on the page it is done."""

    text: str
    button: str | None = None
    anchor: str | None = None


@dataclass(frozen=True)
class Who:
    """The person, masked."""

    name: str | None
    email: str | None
    sender: str | None
    identity: Badge
    how: str
    looks: tuple[Look, ...]


@dataclass(frozen=True)
class CaseView:
    """Everything on the page."""

    case: Case
    eyebrow: str
    h1: str
    next: Next
    clock: str
    answer_by: date
    first_due: date | None
    is_late: bool
    month: MonthView | None
    badge: Badge
    who: Who
    messages: tuple[Saying, ...]
    asked: tuple[Asked, ...]
    counting: tuple[CountStep, ...]
    plan: PlanView | None
    tasks: tuple[TaskView, ...]
    places: tuple[Line, ...]
    letters: tuple[Line, ...]
    history: HistoryView
    can: frozenset[str]
    extended_due: date
    needs: str | None
    ahead_of: tuple[str, ...]
    """References of earlier cases; a decision here needs a reason first."""
    sender: tuple[str, ...] = ()
    """What speaks for or against the sender."""
    linked: tuple[LinkedCase, ...] = ()
    shows_files: bool = False
    """Whether this user gave a reason and may take files for now."""


def eyebrow(case: Case) -> str:
    asked = day_month(helsinki_date(case.received_at))
    language = f", in {words.LANGUAGES[case.language]}"
    return f"asked {asked} by {words.CHANNELS[case.channel]}{language}"


def next_step(case: Case, plan: PlanView | None, tasks: Sequence[TaskView]) -> Next:
    """What is true and what comes now; never a state without a next step."""
    paper = next((task for task in tasks if task.kind in CHOICES), None)
    step = Next(_state_text(case))
    match case.state:
        case "awaiting_rights":
            why = words.need_text(case.needs_person or "rights_unclear")
            step = Next(f"{why} Read the message, then say what is asked.", "Say what is asked", "rights")
        case "awaiting_identity":
            step = Next(_why_identity(case), "Decide who it is", "identity")
        case "awaiting_paper" | "awaiting_destruction" if paper:
            text = f"The machine has done its part. Next: {paper.title[0].lower()}{paper.title[1:]}."
            step = Next(text, paper.title, f"task-{paper.task_id}")
        case "awaiting_decision":
            text = "Next: do what is asked in your systems, then write what was done."
            step = Next(text, "Write what was done", "decide")
        case "awaiting_approval" if plan:
            copy = "The copy was delivered. " if case.asks_for_copy else ""
            step = Next(f"{copy}Next: approve what is erased.", "Go to the plan and approve it", "approve")
        case "erasing" if plan and plan.can_take_back and plan.approved:
            step = Next(plan.approved + " Until then you can take it back.", "Take the approval back", "withdraw")
    posting = next((task for task in tasks if task.kind == "post_letter"), None)
    if posting is not None and step.anchor is None:
        text = "A letter is written, and this person has no e-mail address. Next: print it and bring it to the post."
        step = Next(text, "Print and post it", f"task-{posting.task_id}")
    return step


def _state_text(case: Case) -> str:
    """What the machine does, or that it is over."""
    state = words.STATES[case.state]
    if case.closed_at is not None:
        return f"This case is {state} since {short_moment(case.closed_at)}. {NOTHING_TO_DO}"
    return f"{state[0].upper()}{state[1:]}. {NOTHING_TO_DO}"


def _why_identity(case: Case) -> str:
    why = words.WHY_IDENTITY.get(case.needs_person or "", "We could not tell by ourselves who is asking.")
    return f"{why} Next: decide whether it is the right person."


def who_view(case: Case, person: PersonV1 | None, proof: Verification, looks: Sequence[Look]) -> Who:
    """Name and addresses masked; `person` is None when the key is gone."""
    badge, how = _identity(case, proof)
    reasons = tuple(
        replace(look, reason=REASONS.get(look.reason) or words.reason_text(look.reason))
        for look in looks
        if look.what == "person"
    )
    if person is None:
        return Who(None, None, None, badge, how, reasons)
    name = mask_name(person.name) if person.name else None
    email = mask_email(person.email) if person.email else None
    sender = mask_email(person.sender_email) if person.sender_email else None
    return Who(name, email, None if sender == email else sender, badge, how, reasons)


def _identity(case: Case, proof: Verification) -> tuple[Badge, str]:
    if case.is_verified and proof.verified_by and proof.verified_at:
        by = proof.verified_by
        how = words.VERIFIED.get(by) or _by_staff(by)
        return Badge("Yes", "done", "check"), f"{how} {short_moment(proof.verified_at)}"
    if not case.is_open:
        return Badge("Not needed", ""), "The case closed without it."
    if case.state == "identifying":
        return Badge("Not yet", "soon", "hourglass"), "A link was sent. It is opened or you decide."
    return Badge("Not yet", "soon", "hourglass"), "Nothing is looked up or sent before this is known."


def _by_staff(by: str) -> str:
    if by.startswith(words.VERIFIED_BY_DOCUMENT):
        return f"{by.removeprefix(words.VERIFIED_BY_DOCUMENT)} saw an identity document."
    return f"{by.removeprefix('staff:')} decided it."


def possible(case: Case, now: datetime) -> frozenset[str]:
    """Which decisions make sense now; the server refuses the others anyway."""
    can: set[str] = set()
    commands = set(allowed(case.state))
    if case.state == "awaiting_rights":
        can.add("rights")
    if case.state in ("awaiting_identity", "identifying"):
        can.add("identity")
    if case.state == "awaiting_identity":
        can.add("not-identified")
    if case.state == "awaiting_decision":
        can.add("decide")
    in_time = refusal_is_in_time(case.due_on, now)
    if "refuse" in commands and case.state != "refusing" and in_time:
        can.add("refuse")
    if case.withdrawn_at is not None and "accept_withdrawal" in commands:
        can.add("withdrawn")
    if case.is_open and not case.extended_due_on and not case.extension_ground and in_time:
        can.add("more-time")
    return frozenset(can)


def clock_of(case: Case, now: datetime) -> tuple[str, Badge, MonthView | None]:
    """The big words, the badge and the sheet; a closed case has no clock."""
    today, due, received = helsinki_date(now), last_day(case), helsinki_date(case.received_at)
    if case.closed_at is not None:
        used = (helsinki_date(case.closed_at) - received).days
        return f"Closed after {plural(used, 'day')}", Badge("Closed", "done", "check"), None
    return days_text(today, due), due_badge(today, due), month_view(received, today, due)
