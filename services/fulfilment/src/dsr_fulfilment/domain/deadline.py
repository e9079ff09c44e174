"""How a case stands on its clock: due day, extension, refusal, pause and the reminders that are due (GDPR Art. 12).

A period ends when its last day ends in Helsinki. The clock never pauses by itself: a pause is a person's recorded
decision, and the unpaused day stays in view. Reminders are data: a scan asks which are due now and not fired yet, so
each fires once, however long nothing ran.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal, get_args

from dsr_shared.calendar import helsinki_date, roll_to_working_day, working_days_between

ExtensionGround = Literal["complexity", "number_of_requests"]
ReminderKind = Literal["due_in_10", "due_in_5", "due_in_3", "due_in_1", "due_today", "overdue"]

WARNINGS: Final[dict[ReminderKind, int]] = {"due_in_10": 10, "due_in_5": 5, "due_in_3": 3, "due_in_1": 1}
"""Kind of warning: working days left when it becomes due."""
REMINDERS: Final[tuple[ReminderKind, ...]] = get_args(ReminderKind)


@dataclass(frozen=True)
class ExtensionGranted:
    """Two months more, counted from receipt."""

    until: date


@dataclass(frozen=True)
class ExtensionVoid:
    """It does not take effect; the first due day stays."""

    why: Literal["no_ground", "notice_not_accepted", "notice_too_late"]


@dataclass(frozen=True)
class Pause:
    """A person decided that the clock stands while the person asking proves who they are."""

    ground: str
    decided_by: str
    asked_at: datetime
    answered_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.ground.strip() or not self.decided_by.strip():
            raise ValueError("a pause needs its ground and who decided it")
        if self.answered_at is not None and self.answered_at < self.asked_at:
            raise ValueError("the answer comes before the question")


@dataclass(frozen=True)
class DeadlineState:
    """`due` is the day to work by; `unpaused_due` the day by law had nobody decided on a pause."""

    due: date
    unpaused_due: date
    first_due: date
    working_days_left: int
    is_overdue: bool
    is_paused: bool


@dataclass(frozen=True)
class Reminder:
    """One reminder that is due now; `due` is the day it speaks of, so that an extension starts a new series."""

    kind: ReminderKind
    due: date

    @property
    def key(self) -> str:
        """What tells fired reminders of a case apart."""
        return f"{self.kind}:{self.due.isoformat()}"


def extension_takes_effect(first_due: date, accepted_at: datetime | None) -> bool:
    """Only if the mail server accepted the notice by the end of the first due day."""
    return accepted_at is not None and helsinki_date(accepted_at) <= first_due


def decide_extension(
    first_due: date, extended_due: date, ground: ExtensionGround | None, accepted_at: datetime | None
) -> ExtensionGranted | ExtensionVoid:
    if ground is None:
        return ExtensionVoid("no_ground")
    if accepted_at is None:
        return ExtensionVoid("notice_not_accepted")
    if not extension_takes_effect(first_due, accepted_at):
        return ExtensionVoid("notice_too_late")
    return ExtensionGranted(extended_due)


def refusal_is_in_time(first_due: date, now: datetime) -> bool:
    """A refusal, also a partial one, is told by the first due day; an extension does not move it (Art. 12(4))."""
    return helsinki_date(now) <= first_due


def deadline_state(
    *, first_due: date, now: datetime, extended_due: date | None = None, pauses: Sequence[Pause] = ()
) -> DeadlineState:
    """`extended_due` only where the extension took effect."""
    today = helsinki_date(now)
    unpaused = extended_due or first_due
    due = _moved_by(pauses, unpaused, now)
    return DeadlineState(
        due=due,
        unpaused_due=unpaused,
        first_due=first_due,
        working_days_left=working_days_between(today, due),
        is_overdue=today > due,
        is_paused=any(pause.answered_at is None for pause in pauses),
    )


def reminders_due(due: date, now: datetime, fired: Collection[str]) -> tuple[Reminder, ...]:
    """What was reached and not fired yet, the earliest first; `fired` holds the keys of those that were."""
    today = helsinki_date(now)
    reached = (Reminder(kind, due) for kind in REMINDERS if _is_reached(kind, today, due))
    return tuple(reminder for reminder in reached if reminder.key not in fired)


def _is_reached(kind: ReminderKind, today: date, due: date) -> bool:
    match kind:
        case "overdue":
            return today > due
        case "due_today":
            return today >= due
        case _:
            return working_days_between(today, due) <= WARNINGS[kind]


def _moved_by(pauses: Sequence[Pause], due: date, now: datetime) -> date:
    """Whole Helsinki days from question to answer, an open one until now; days paused twice count once."""
    paused = {
        day
        for pause in pauses
        for day in _days_between(helsinki_date(pause.asked_at), helsinki_date(pause.answered_at or now))
    }
    return roll_to_working_day(due + timedelta(days=len(paused))) if paused else due


def _days_between(first: date, last: date) -> Sequence[date]:
    """The first day included, the last not: asked and answered on one day moves nothing."""
    return [first + timedelta(days=count) for count in range((last - first).days)]
