"""When a case may close: every mapped system has a final outcome, every right its answer, and nothing is left to do."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dsr_shared.contracts.words import LetterKind, Outcome, Right

Problem = Literal[
    "system_without_outcome",
    "system_failed",
    "system_unknown",
    "not_searched_without_reason",
    "kept_without_ground",
    "found_but_not_erased",
    "letter_not_accepted",
    "answer_missing",
    "task_open",
]

INSTEAD_OF_ANY_ANSWER: Final[frozenset[LetterKind]] = frozenset({"nothing_found", "not_identified", "refusal"})
ANSWERS: Final[Mapping[Right, LetterKind]] = {
    "access": "access_reply",
    "portability": "access_reply",
    "erasure": "erasure_reply",
    "rectification": "confirmation",
    "completion": "confirmation",
    "restriction": "confirmation",
    "objection": "confirmation",
    "marketing_opt_out": "confirmation",
    "consent_withdrawal": "confirmation",
}
UNSETTLED: Final[Mapping[Outcome | None, Problem]] = {
    None: "system_without_outcome",
    "failed": "system_failed",
    "unknown": "system_unknown",
}
NEEDS_REASON: Final[Mapping[Outcome | None, Problem]] = {
    "not_searched": "not_searched_without_reason",
    "kept": "kept_without_ground",
}


@dataclass(frozen=True)
class SystemOutcome:
    """How one mapped system stands. `reason` is a person's reason for not_searched and the ground for kept."""

    system: str
    outcome: Outcome | None
    reason: str | None = None


@dataclass(frozen=True)
class CaseLetter:
    """A letter of the case; only one that a mail server accepted counts as told."""

    kind: LetterKind
    is_accepted: bool


@dataclass(frozen=True)
class Blocker:
    """One thing that keeps a case open; `subject` names the system, letter, right or task."""

    problem: Problem
    subject: str


@dataclass(frozen=True)
class MayClose:
    """Nothing is left."""


@dataclass(frozen=True)
class Blocked:
    """Everything that is left, not only the first."""

    blockers: tuple[Blocker, ...]


Closing = MayClose | Blocked


def can_close(
    *,
    mapped: Collection[str],
    rights: Collection[Right],
    outcomes: Sequence[SystemOutcome],
    letters: Sequence[CaseLetter],
    open_tasks: Sequence[str],
) -> Closing:
    """Failed and unknown never close a case; not_searched does only with a person's reason, kept only with a ground."""
    known = {outcome.system: outcome for outcome in outcomes}
    every_system = [known.get(system, SystemOutcome(system, None)) for system in sorted({*mapped, *known})]
    blockers = (
        *(blocker for system in every_system for blocker in _blockers_of(system, "erasure" in rights)),
        *_letter_blockers(rights, letters),
        *(Blocker("task_open", task) for task in open_tasks),
    )
    return Blocked(blockers) if blockers else MayClose()


def _blockers_of(system: SystemOutcome, is_erasure: bool) -> tuple[Blocker, ...]:
    problem = _problem_of(system, is_erasure)
    return (Blocker(problem, system.system),) if problem else ()


def _problem_of(system: SystemOutcome, is_erasure: bool) -> Problem | None:
    has_reason = bool(system.reason and system.reason.strip())
    if system.outcome in UNSETTLED:
        return UNSETTLED[system.outcome]
    if system.outcome in NEEDS_REASON and not has_reason:
        return NEEDS_REASON[system.outcome]
    return "found_but_not_erased" if is_erasure and system.outcome == "found" else None


def _letter_blockers(rights: Collection[Right], letters: Sequence[CaseLetter]) -> tuple[Blocker, ...]:
    accepted = {letter.kind for letter in letters if letter.is_accepted}
    waiting = sorted({letter.kind for letter in letters} - accepted)
    owed = set() if accepted & INSTEAD_OF_ANY_ANSWER else {ANSWERS[right] for right in rights} - accepted
    return (
        *(Blocker("letter_not_accepted", kind) for kind in waiting),
        *(Blocker("answer_missing", kind) for kind in sorted(owed - set(waiting))),
    )
