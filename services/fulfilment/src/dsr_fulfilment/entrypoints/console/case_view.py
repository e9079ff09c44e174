"""A case as its page shows it: the next step first, then the record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup, escape

from dsr_fulfilment.adapters.accounts import Look
from dsr_fulfilment.adapters.cases import SystemState
from dsr_fulfilment.adapters.desk import Verification
from dsr_fulfilment.adapters.work import Letter, Task
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.deadline import refusal_is_in_time
from dsr_fulfilment.domain.lifecycle import allowed
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge, days_text, due_badge
from dsr_fulfilment.entrypoints.console.dates import (
    day_month,
    plural,
    short_moment,
    weekday,
    weekday_date,
)
from dsr_fulfilment.entrypoints.console.history_view import HistoryView
from dsr_fulfilment.entrypoints.console.masking import mask_email, mask_name
from dsr_fulfilment.entrypoints.console.month import MonthView, month_view
from dsr_fulfilment.entrypoints.console.plan_view import PlanView
from dsr_fulfilment.handlers.letters import last_day
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import PaperSystem, Register
from dsr_shared.calendar import due_dates, helsinki_date, is_working_day
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1, PersonV1
from dsr_shared.contracts.words import Right

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
class Saying:
    """A message in its writer's words, with the words marked that the reading rests on."""

    subject: str
    text: Markup
    language: str
    came: str
    attachments: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """One right, the words it rests on and its article."""

    name: str
    words: str
    article: str


@dataclass(frozen=True)
class CountStep:
    """One step of how the date is counted."""

    title: str
    hint: str


@dataclass(frozen=True)
class TaskView:
    """Something that staff do, with its form where it has one."""

    task_id: str
    kind: str
    title: str
    instructions: str
    choices: tuple[tuple[str, str], ...]
    due: date
    badge: Badge


@dataclass(frozen=True)
class Line:
    """A line of a list with its badge."""

    title: str
    meta: str
    badge: Badge


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


def eyebrow(case: Case) -> str:
    asked = day_month(helsinki_date(case.received_at))
    language = f", in {words.LANGUAGES[case.language]}"
    return f"asked {asked} by {words.CHANNELS[case.channel]}{language}"


def next_step(case: Case, plan: PlanView | None, tasks: Sequence[TaskView], now: datetime) -> Next:
    """What is true and what comes now; never a state without a next step."""
    paper = next((task for task in tasks if task.kind in ("search_paper", "destroy_paper")), None)
    match case.state:
        case "awaiting_rights":
            why = words.need_text(case.needs_person or "rights_unclear")
            return Next(f"{why} Read the message, then say what is asked.", "Say what is asked", "rights")
        case "awaiting_identity":
            return Next(_why_identity(case), "Decide who it is", "identity")
        case "awaiting_paper" | "awaiting_destruction" if paper:
            return Next(f"The machine has done its part. Next: {paper.title[0].lower()}{paper.title[1:]}.", paper.title,
                        f"task-{paper.task_id}")  # fmt: skip
        case "awaiting_decision":
            return Next("Next: do what is asked in your systems, then write what was done.", "Write what was done",
                        "decide")  # fmt: skip
        case "awaiting_approval" if plan:
            copy = "The copy was delivered. " if case.asks_for_copy else ""
            return Next(f"{copy}Next: approve what is erased.", "Go to the plan and approve it", "approve")
        case "erasing" if plan and plan.can_take_back and plan.approved:
            return Next(plan.approved + " Until then you can take it back.", "Take the approval back", "withdraw")
        case "closed" | "refused" | "destroyed":
            closed = short_moment(case.closed_at) if case.closed_at else ""
            return Next(f"This case is {words.STATES[case.state]} since {closed}. {NOTHING_TO_DO}")
        case _:
            state = words.STATES[case.state]
            return Next(f"{state[0].upper()}{state[1:]}. {NOTHING_TO_DO}")


def _why_identity(case: Case) -> str:
    why = words.WHY_IDENTITY.get(case.needs_person or "", "We could not tell by ourselves who is asking.")
    return f"{why} Next: decide whether it is the right person."


def who_view(case: Case, person: PersonV1 | None, proof: Verification, looks: Sequence[Look]) -> Who:
    """Name and addresses masked; `person` is None when the key is gone."""
    badge, how = _identity(case, proof)
    reasons = tuple(look for look in looks if look.what == "person")
    if person is None:
        return Who(None, None, None, badge, how, reasons)
    name = mask_name(person.name) if person.name else None
    email = mask_email(person.email) if person.email else None
    sender = mask_email(person.sender_email) if person.sender_email else None
    return Who(name, email, None if sender == email else sender, badge, how, reasons)


def _identity(case: Case, proof: Verification) -> tuple[Badge, str]:
    if case.is_verified and proof.verified_by and proof.verified_at:
        by = proof.verified_by
        how = words.VERIFIED.get(by) or f"{by.removeprefix('staff:')} decided it."
        return Badge("Yes", "done", "check"), f"{how} {short_moment(proof.verified_at)}"
    if not case.is_open:
        return Badge("Not needed", ""), "The case closed without it."
    if case.state == "identifying":
        return Badge("Not yet", "soon", "hourglass"), "A link was sent. It is opened or you decide."
    return Badge("Not yet", "soon", "hourglass"), "Nothing is looked up or sent before this is known."


def saying(message: MessageV1, language: str, came: str) -> Saying:
    """The text with its evidence marked; everything of it is escaped."""
    text = _marked(message.text, [item.words for item in message.evidence])
    return Saying(message.subject, text, language, came, message.attachment_names)


def _marked(text: str, quotes: Sequence[str]) -> Markup:
    """Mark each quote where it first stands, without marking inside a mark."""
    spans: list[tuple[int, int]] = []
    for quote in sorted({quote for quote in quotes if quote}, key=len, reverse=True):
        start = text.find(quote)
        span = (start, start + len(quote))
        if start >= 0 and all(span[1] <= taken[0] or span[0] >= taken[1] for taken in spans):
            spans.append(span)
    out, at = Markup(), 0
    for start, end in sorted(spans):
        out += escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>")
        at = end
    return out + escape(text[at:])


def asked_view(rights: Sequence[Right], evidence: Sequence[EvidenceV1]) -> tuple[Asked, ...]:
    quotes = {item.right: item.words for item in reversed(evidence) if item.right}
    return tuple(
        Asked(words.RIGHT_NAMES[right][0], quotes.get(right, ""), words.RIGHT_NAMES[right][1])
        for right in words.RIGHT_ORDER
        if right in rights
    )


def counting(received_at: datetime) -> tuple[CountStep, ...]:
    """How the due date follows from the day of receipt."""
    dates = due_dates(received_at)
    first = CountStep(
        f"One month from {day_month(dates.received)} is {day_month(dates.nominal)}",
        "Article 12(3). A month, not 30 days.",
    )
    last_hint = "The time ends that day at midnight, Finnish time."
    if dates.nominal == dates.due:
        return first, CountStep(f"{weekday_date(dates.due)} is a working day", last_hint)
    passed = [dates.nominal + timedelta(days=count) for count in range((dates.due - dates.nominal).days)]
    others = ", ".join(f"{day_month(day)} {_why_free(day)}" for day in passed[1:])
    moved = CountStep(
        f"{day_month(dates.nominal)} is {_why_free(dates.nominal)}, so the time moves on",
        "Regulation 1182/71, Article 3." + (f" So are: {others}." if others else ""),
    )
    return first, moved, CountStep(f"{weekday_date(dates.due)} is the first working day", last_hint)


def _why_free(day: date) -> str:
    return f"a {weekday(day)}" if day.weekday() >= 5 and not is_working_day(day) else "a public holiday"


SEARCH_CHOICES = (
    ("found", "I found something"),
    ("nothing_found", "I found nothing"),
    ("not_searched", "I did not search"),
)
DESTROY_CHOICES = (
    ("erased", "I destroyed it"),
    ("kept", "I kept it"),
    ("not_searched", "I could not do it"),
)
CHOICES = {"search_paper": SEARCH_CHOICES, "destroy_paper": DESTROY_CHOICES}


def task_view(task: Task, purpose: str, register: Register, today: date) -> TaskView:
    title, instructions = words.TASKS[task.kind], ""
    system = register.system(task.system) if task.system else None
    if isinstance(system, PaperSystem):
        label = in_language(system.label, "en")
        title = f"{title} {label[0].lower()}{label[1:]}, {system.shelf}"
        instructions = in_language(system.instructions, "en")
    elif task.kind == "needs_person":
        title = words.reminder_text(purpose) or title
    return TaskView(
        task_id=str(task.task_id),
        kind=task.kind,
        title=title,
        instructions=instructions,
        choices=CHOICES.get(task.kind, ()),
        due=task.due_on,
        badge=due_badge(today, task.due_on),
    )


def place_lines(register: Register, states: Sequence[SystemState]) -> tuple[Line, ...]:
    """Every mapped place with its outcome; one without an outcome keeps the case open."""
    known = {state.system: state for state in states}
    return tuple(_place(in_language(system.label, "en"), known.get(system.id)) for system in register.systems)


def _place(label: str, state: SystemState | None) -> Line:
    if state is None or state.outcome is None:
        return Line(label, "", Badge("Not searched yet", "", "hourglass"))
    meta = plural(state.item_count, "item") if state.item_count else ""
    match state.outcome:
        case "erased" | "nothing_found":
            badge = Badge(words.OUTCOMES[state.outcome], "done", "check")
        case "kept":
            badge = Badge("Kept", "kept", "lock")
        case "failed" | "unknown":
            badge = Badge(words.OUTCOMES[state.outcome], "late", "warning")
        case _:
            badge = Badge(words.OUTCOMES[state.outcome])
    reason = state.reason if state.outcome == "not_searched" else None
    return Line(label, " · ".join(part for part in (meta, reason) if part), badge)


def letter_line(letter: Letter) -> Line:
    title = words.LETTERS[letter.kind]
    match letter.state:
        case "accepted":
            moment = short_moment(letter.accepted_at or letter.requested_at)
            return Line(title, moment, Badge("Delivered", "done", "check"))
        case "failed":
            meta = f"{short_moment(letter.requested_at)}, {letter.failure or 'no reason given'}"
            return Line(title, meta, Badge("Did not arrive", "late", "warning"))
        case _:
            return Line(title, f"written {short_moment(letter.requested_at)}", Badge("On its way", "", "hourglass"))


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
