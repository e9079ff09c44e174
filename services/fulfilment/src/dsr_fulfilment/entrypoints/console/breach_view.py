"""A breach as its page shows it: hours left, what is missing, who is told, the next step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dsr_fulfilment.adapters.breach_tasks import BreachTask
from dsr_fulfilment.adapters.breaches import LetterStates
from dsr_fulfilment.domain.breach import (
    ART_33_3,
    Art33Item,
    AuthorityState,
    DelayReasonMissing,
    NoNoticeOwed,
    NoticeFacts,
    NoticeOwed,
    Notified,
    NotJudged,
    RiskDecision,
    authority_state,
    missing_items,
)
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.entrypoints.console.badges import Badge
from dsr_fulfilment.entrypoints.console.breach_clock import HoursView, day_and_time, duration, hours_view
from dsr_fulfilment.entrypoints.console.breach_history import REMINDERS, RISK_WORDS
from dsr_fulfilment.entrypoints.console.dates import plural
from dsr_shared.calendar import BreachClock, breach_clock

ITEM_NAMES: Final[dict[Art33Item, str]] = {
    "nature": "what happened",
    "person_categories": "whose data",
    "person_count": "about how many people",
    "record_categories": "what kinds of data",
    "record_count": "about how many records",
    "contact_name": "who the authority can ask",
    "contact_details": "how to reach them",
    "consequences": "the likely consequences",
    "measures": "what you did and will do",
}
_PARTS: Final[tuple[tuple[str, tuple[Art33Item, ...]], ...]] = (
    ("What happened", ("nature",)),
    ("Whose data, and how much", ("person_categories", "person_count", "record_categories", "record_count")),
    ("Likely consequences", ("consequences",)),
    ("What you did, and what you will do", ("measures",)),
    ("Who the authority can call", ("contact_name", "contact_details")),
)
_SOON_HOURS: Final = 24


@dataclass(frozen=True)
class NoticePartView:
    """One part of the notice, as the list of the page shows it."""

    title: str
    anchor: str
    meta: str
    badge: Badge


@dataclass(frozen=True)
class BreachNext:
    """What is true and what comes now."""

    text: str
    button: str | None = None
    href: str | None = None


@dataclass(frozen=True)
class BreachTaskView:
    """Something that a person does."""

    task_id: str
    title: str
    meta: str
    is_letter: bool = False


def state_of(breach: Breach, now: datetime) -> AuthorityState:
    """How the notice to the authority stands, by the rule that was in force when we became aware."""
    rule = breach_clock(breach.aware_at)
    clock = BreachClock(breach.aware_at, breach.authority_due_at, rule.only_high_risk)
    decision = None if breach.risk is None else RiskDecision(breach.risk, breach.said.risk_reason or "–", "staff", now)
    return authority_state(
        clock, decision, now, notified_at=breach.authority_notified_at, delay_reason=breach.said.delay_reason
    )


def state_badge(breach: Breach, now: datetime) -> Badge:
    """One verdict for the list of all breaches."""
    match state_of(breach, now):
        case Notified(delay_reason=None):
            return Badge("Authority told", "done", "check")
        case Notified():
            return Badge("Authority told late, with reasons", "done", "check")
        case DelayReasonMissing():
            return Badge("Told late, reasons missing", "late", "warning")
        case NoNoticeOwed():
            return Badge("Not notified, reason on record", "done", "check")
        case NotJudged() | NoticeOwed():
            return clock_badge(breach, now)


def clock_badge(breach: Breach, now: datetime) -> Badge:
    """Hours and minutes; never days."""
    left = breach.authority_due_at - now
    if now > breach.authority_due_at:
        return Badge(f"{duration(-left)} late", "late", "warning")
    return Badge(f"{duration(left)} left", "soon" if left.total_seconds() <= _SOON_HOURS * 3600 else "", "clock")


def hours_of(breach: Breach, now: datetime) -> HoursView:
    return hours_view(breach.aware_at, breach.authority_due_at, now, stopped_at=breach.authority_notified_at)


def notice_parts(facts: NoticeFacts, written: NoticeFacts) -> tuple[NoticePartView, ...]:
    """The six parts of the notice; `facts` hold what is known beside what was written."""
    missing = missing_items(facts)
    views = [_part(title, items, facts, written, missing) for title, items in _PARTS]
    first_open = next((index for index, view in enumerate(views) if view.badge.css == "soon"), None)
    if first_open is not None and not facts.to_follow:
        view = views[first_open]
        views[first_open] = NoticePartView(view.title, view.anchor, view.meta, Badge("Next", "open"))
    when = NoticePartView("When it happened", "began_at", "", Badge("Written", "done", "check"))
    return (views[0], when, *views[1:])


def _part(
    title: str, items: Sequence[Art33Item], facts: NoticeFacts, written: NoticeFacts, missing: Sequence[Art33Item]
) -> NoticePartView:
    left = [item for item in items if item in missing]
    anchor = left[0] if left else items[0]
    if left:
        meta = "Missing: " + ", ".join(ITEM_NAMES[item] for item in left) + "."
        follows = all(item in facts.to_follow for item in left)
        badge = Badge("To follow", "soon", "hourglass") if follows else Badge("Missing", "soon", "pen")
        return NoticePartView(title, anchor, meta, badge)
    if "contact_name" in items and not (written.contact_name.strip() or written.contact_details.strip()):
        return NoticePartView(title, anchor, facts.contact_details, Badge("From your register", "done", "check"))
    meta = _numbers(facts, written) if "person_count" in items else ""
    return NoticePartView(title, anchor, meta, Badge("Written", "done", "check"))


def _numbers(facts: NoticeFacts, written: NoticeFacts) -> str:
    counted = "" if written.person_count is not None else " Counted by the search; write another number if it is wrong."
    people = plural(facts.person_count or 0, "person", "people")
    return f"About {people} and {plural(facts.record_count or 0, 'record')}.{counted}"


def missing_texts(facts: NoticeFacts) -> tuple[str, ...]:
    """Every item of Art. 33(3) that says nothing, in words."""
    missing = missing_items(facts)
    return tuple(ITEM_NAMES[item] for item in ART_33_3 if item in missing)


def next_step(
    breach: Breach, facts: NoticeFacts, letters: LetterStates, tasks: Sequence[BreachTaskView], now: datetime
) -> BreachNext:
    """The authority first, then the people, then what is left."""
    by, missing = day_and_time(breach.authority_due_at), missing_texts(facts)
    base = f"/breaches/{breach.reference}"
    match state_of(breach, now):
        case NotJudged(is_late=late):
            why = f"Unless there is hardly any risk, tell the authority by {by}."
            why = f"The time ended on {by}." if late else why
            return BreachNext(f"{why} First say how bad it is.", "Say how bad it is", "#risk")
        case NoticeOwed(is_late=late):
            return _tell(by, missing, base, is_late=late)
        case DelayReasonMissing():
            return BreachNext("The authority was told late, without the reasons.", "Write the reasons", "#told")
        case _:
            return _after(breach, missing, letters, tasks, base)


def _tell(by: str, missing: Sequence[str], base: str, *, is_late: bool) -> BreachNext:
    when = f"The time ended on {by}: tell the authority now, with the reasons for the delay." if is_late else ""
    when = when or f"Tell the authority by {by}."
    if missing:
        left = f"{plural(len(missing), 'item')} of the notice {'is' if len(missing) == 1 else 'are'} missing."
        return BreachNext(f"{when} {left}", f"Write {missing[0]}", f"{base}/write")
    return BreachNext(f"{when} Every part of the notice is written.", "Send it, then note it here", "#notice")


def _after(
    breach: Breach, missing: Sequence[str], letters: LetterStates, tasks: Sequence[BreachTaskView], base: str
) -> BreachNext:
    if breach.risk == "high" and breach.letters_approved_at is None and breach.exemption is None:
        if breach.state == "searching":
            return BreachNext("The people whose data it concerns are being found. Then you tell them.")
        people = plural(letters.persons, "person", "people")
        return BreachNext(f"Now tell the {people} without delay.", "Check the list and the letters", f"{base}/people")
    if tasks:
        return BreachNext(f"{plural(len(tasks), 'thing waits', 'things wait')} for you.", "See what waits", "#todo")
    if missing and breach.authority_notified_at:
        return BreachNext(f"The authority still waits for: {', '.join(missing)}.", "Write the rest", f"{base}/write")
    if breach.risk == "none":
        return BreachNext("Nobody has to be told. The reason is in your register of breaches. You need do nothing.")
    return BreachNext("Everything is done and on record. You need do nothing.")


def task_views(
    tasks: Sequence[BreachTask], letters: LetterStates, labels: Mapping[str, str]
) -> tuple[BreachTaskView, ...]:
    return tuple(_task(task, letters, labels) for task in tasks if task.is_open)


def _task(task: BreachTask, letters: LetterStates, labels: Mapping[str, str]) -> BreachTaskView:
    place = labels.get(task.about, task.about)
    title, meta = {
        "search_paper": (f"Search on paper: {place}", "Find whose papers it concerns, and reach them yourself."),
        "search_failed": ("A system does not answer", "We try again by ourselves. Ask who runs it, or search by hand."),
        "no_address": (
            f"Reach {plural(letters.without_address, 'person', 'people')} without an e-mail address",
            "By post or by phone, with the same words. Their names are on the list of people.",
        ),
        "letter_failed": (
            "A letter did not arrive",
            "The list of people says whose. Send it once more, or reach them another way.",
        ),
        "reminder": (REMINDERS.get(task.about, "The clock runs"), "Send what is ready; the rest can follow."),
    }[task.kind]  # fmt: skip
    return BreachTaskView(str(task.breach_task_id), title, meta, is_letter=task.kind == "letter_failed")


def letters_badge(letters: LetterStates) -> Badge:
    """How the letters stand."""
    if not letters.asked:
        return Badge("Nothing sent", "", "hourglass")
    if letters.failed:
        return Badge(f"{letters.failed} did not arrive", "late", "warning")
    if letters.accepted == letters.asked:
        return Badge("All delivered", "done", "check")
    return Badge(f"{letters.accepted} of {letters.asked} delivered", "", "hourglass")


def risk_text(breach: Breach) -> str:
    return RISK_WORDS[breach.risk] if breach.risk else "not judged"
