"""The life of one letter's delivery, as a table.

The mail server and our database cannot commit together. So the intent is committed first (`intended`), then the mail
server is spoken to, then the outcome is committed. Whoever finds an intent without an outcome does not know whether the
mail left: the letter is `unknown`. It is repeated once with the same Message-ID (`repeating`), so that a mail program
can show it once; a second doubt ends it, and a person decides.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

State = Literal["requested", "intended", "unknown", "repeating", "accepted", "failed"]
Happening = Literal["intend", "accept", "refuse", "postpone", "give_up", "lose"]
FailureReason = Literal["rejected", "invalid_address", "daily_limit", "gave_up", "unknown_twice", "unknown_controller"]

TRANSITIONS: Final[dict[tuple[State, Happening], State]] = {
    ("requested", "intend"): "intended",
    ("requested", "refuse"): "failed",
    ("requested", "postpone"): "requested",
    ("requested", "give_up"): "failed",
    ("intended", "accept"): "accepted",
    ("intended", "refuse"): "failed",
    ("intended", "postpone"): "requested",
    ("intended", "give_up"): "failed",
    ("intended", "lose"): "unknown",
    ("unknown", "intend"): "repeating",
    ("unknown", "refuse"): "failed",
    ("unknown", "postpone"): "unknown",
    ("unknown", "give_up"): "failed",
    ("repeating", "accept"): "accepted",
    ("repeating", "refuse"): "failed",
    ("repeating", "postpone"): "unknown",
    ("repeating", "give_up"): "failed",
    ("repeating", "lose"): "failed",
}
FINAL: Final[frozenset[State]] = frozenset({"accepted", "failed"})
UNDER_WAY: Final[frozenset[State]] = frozenset({"intended", "repeating"})

PAUSES_SECONDS: Final[tuple[int, ...]] = (15, 60, 180, 600, 1200, 1800)
"""Pause after the first, second, ... attempt that the mail server put off; the last one repeats."""
DOUBT_PAUSE_SECONDS: Final = 30
"""Pause before a letter whose outcome is unknown is repeated."""
PATIENCE: Final = timedelta(days=3)
"""How long after the first attempt we go on trying, where the letter's kind says nothing else."""


class ImpossibleTransition(ValueError):
    """A letter in this state cannot take this turn; the caller read an outdated state."""

    def __init__(self, state: State, happening: Happening) -> None:
        super().__init__(f"a letter that is {state} cannot {happening}; read its state again")
        self.state = state
        self.happening = happening


@dataclass(frozen=True)
class Accepted:
    """The mail server took the letter and answers for it from now on."""

    code: int = 250


@dataclass(frozen=True)
class Refused:
    """The mail server said no for good (5xx)."""

    code: int


@dataclass(frozen=True)
class TryLater:
    """Nothing was handed over: a temporary refusal (4xx), or no connection before the letter's content began."""

    code: int | None = None

    @property
    def is_unreachable(self) -> bool:
        """Whether no mail server answered at all."""
        return self.code is None


@dataclass(frozen=True)
class Unknown:
    """The connection broke after the content began: the letter may have been taken or not."""


SendOutcome = Accepted | Refused | TryLater | Unknown


@dataclass(frozen=True)
class Delivery:
    """How far a letter has come; `attempts` counts those begun, the one under way included."""

    state: State
    attempts: int
    first_attempt_at: datetime | None
    patience: timedelta = PATIENCE

    @property
    def is_repeat(self) -> bool:
        """Whether an earlier attempt ended unknown, so that the letter may come twice."""
        return self.state in ("unknown", "repeating")


@dataclass(frozen=True)
class Step:
    """What to write down: the new state, and when to try again or why not."""

    state: State
    next_attempt_at: datetime | None = None
    failure: FailureReason | None = None
    smtp_code: int | None = None


def move(state: State, happening: Happening) -> State:
    """Look the turn up in the table; raises ImpossibleTransition for a pair that is not there."""
    try:
        return TRANSITIONS[state, happening]
    except KeyError:
        raise ImpossibleTransition(state, happening) from None


def pause_after(attempts: int) -> timedelta:
    """The pause after that many attempts, at least one."""
    return timedelta(seconds=PAUSES_SECONDS[min(max(attempts, 1), len(PAUSES_SECONDS)) - 1])


def after_outcome(delivery: Delivery, outcome: SendOutcome, now: datetime) -> Step:
    """Decide what one attempt's outcome means for the letter."""
    match outcome:
        case Accepted(code):
            return Step(move(delivery.state, "accept"), smtp_code=code)
        case Refused(code):
            return refused(delivery, "rejected", code)
        case TryLater(code):
            return postponed(delivery, now, code)
        case Unknown():
            return lost(delivery, now + timedelta(seconds=DOUBT_PAUSE_SECONDS))
        case _:
            assert_never(outcome)


def refused(delivery: Delivery, reason: FailureReason, code: int | None = None) -> Step:
    """The letter will not go out."""
    return Step(move(delivery.state, "refuse"), failure=reason, smtp_code=code)


def postponed(delivery: Delivery, now: datetime, code: int | None = None, reason: FailureReason = "gave_up") -> Step:
    """Nothing was handed over: wait, or end with `reason` where patience is over."""
    began = delivery.first_attempt_at or now
    pause = pause_after(delivery.attempts)
    if now + pause > began + delivery.patience:
        return Step(move(delivery.state, "give_up"), failure=reason, smtp_code=code)
    return Step(move(delivery.state, "postpone"), next_attempt_at=now + pause, smtp_code=code)


def lost(delivery: Delivery, again_at: datetime) -> Step:
    """An attempt has no known outcome: repeat it once, then leave it to a person."""
    state = move(delivery.state, "lose")
    if state == "failed":
        return Step(state, failure="unknown_twice")
    return Step(state, next_attempt_at=again_at)
