"""Lists of a case page: tasks with their forms, places with their outcomes, letters with their fate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dsr_fulfilment.adapters.cases import SystemState
from dsr_fulfilment.adapters.work import Letter, Task
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge, due_badge
from dsr_fulfilment.entrypoints.console.dates import plural, short_moment
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import PaperSystem, Register


@dataclass(frozen=True)
class TaskView:
    """Something that staff do, with its form where it has one."""

    task_id: str
    kind: str
    title: str
    instructions: str
    choices: tuple[tuple[str, str], ...]
    anchor: str | None
    """Where on the page it is done."""
    about: str
    """A letter's id where the task is about one."""
    due: date
    badge: Badge


@dataclass(frozen=True)
class Line:
    """A line of a list with its badge."""

    title: str
    meta: str
    badge: Badge
    system: str = ""
    outcome: str = ""
    letter_id: str = ""
    """Of a letter that somebody prints."""


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
ANCHORS = {
    "confirm_rights": "rights",
    "unreadable": "rights",
    "identify": "identity",
    "approve_plan": "approve",
    "decide": "decide",
}


def task_view(task: Task, purpose: str, register: Register, today: date) -> TaskView:
    title, instructions = words.TASKS[task.kind], ""
    system = next((one for one in register.systems if one.id == task.system), None)
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
        about=purpose if task.kind in ("letter_failed", "post_letter") else "",
        anchor=ANCHORS.get(task.kind) or f"task-{task.task_id}",
        due=task.due_on,
        badge=due_badge(today, task.due_on),
    )


def place_lines(register: Register, states: Sequence[SystemState]) -> tuple[Line, ...]:
    """Every mapped place with its outcome; one without an outcome keeps the case open."""
    known = {state.system: state for state in states}
    return tuple(
        _place(system.id, in_language(system.label, "en"), known.get(system.id)) for system in register.systems
    )


def _place(system: str, label: str, state: SystemState | None) -> Line:
    if state is None or state.outcome is None:
        return Line(label, "", Badge("Not searched yet", "", "hourglass"), system)
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
    reason = words.reason_text(state.reason) if state.outcome == "not_searched" else None
    return Line(label, " · ".join(part for part in (meta, reason) if part), badge, system, state.outcome)


def letter_line(letter: Letter) -> Line:
    title, letter_id = words.LETTERS[letter.kind], str(letter.letter_id) if letter.way == "post" else ""
    match letter.state:
        case "accepted":
            moment = short_moment(letter.accepted_at or letter.requested_at)
            badge = Badge("Posted" if letter.way == "post" else "Delivered", "done", "check")
            return Line(title, moment, badge, letter_id=letter_id)
        case "failed":
            meta = f"{short_moment(letter.requested_at)}, {words.failure_text(letter.failure)}"
            return Line(title, meta, Badge("Did not arrive", "late", "warning"))
        case "resent":
            return Line(title, short_moment(letter.requested_at), Badge("Sent once more", ""), letter_id=letter_id)
        case "requested" if letter.way == "post":
            meta = f"written {short_moment(letter.requested_at)}"
            return Line(title, meta, Badge("You post it", "soon", "pen"), letter_id=letter_id)
        case "told_otherwise":
            return Line(title, short_moment(letter.requested_at), Badge("Told in another way", "done", "check"))
        case _:
            return Line(title, f"written {short_moment(letter.requested_at)}", Badge("On its way", "", "hourglass"))
