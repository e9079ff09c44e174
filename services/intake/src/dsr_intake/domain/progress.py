"""How far a case has come, as the person sees it: done, now, to come."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from dsr_intake.domain.request_form import NEEDS_NO_PROOF, FirstLetter
from dsr_shared.contracts.requests import Whose
from dsr_shared.contracts.words import Right, Stage

StepName = Literal["received", "opt_out", "checked", "identified", "searched", "handled", "erased", "answered"]
StepState = Literal["was", "is", "next"]
_SAYS_NOW: Final = frozenset({"checked", "identified", "searched", "handled", "erased"})
_BEFORE: Final[frozenset[Stage]] = frozenset({"received", "identifying"})
_DONE_WITH: Final[dict[StepName, frozenset[Stage]]] = {
    "received": frozenset({"received", "identifying", "gathering", "awaiting_staff", "answered", "erasing", "closed"}),
    "opt_out": frozenset({"answered", "closed"}),
    "checked": frozenset({"identifying", "gathering", "awaiting_staff", "answered", "erasing", "closed"}),
    "identified": frozenset({"gathering", "awaiting_staff", "answered", "erasing", "closed"}),
    "searched": frozenset({"awaiting_staff", "answered", "erasing", "closed"}),
    "handled": frozenset({"answered", "closed"}),
    "erased": frozenset({"closed"}),
    "answered": frozenset({"answered", "closed"}),
}
"""Stages at which a step is done."""
REACHED_BY: Final[dict[StepName, Stage]] = {"identified": "gathering", "answered": "answered"}
"""Stage whose first day is the day a step was done."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request is about, as far as the timeline depends on it."""

    rights: tuple[Right, ...]
    whose: Whose = "self"
    first_letter: FirstLetter = "challenge"
    was_searched: bool = True
    """Whether the search has begun at least once."""
    was_erasing: bool = False
    """Whether the erasure has begun at least once."""
    is_opted_out: bool = False
    """Whether the letter went out that confirms what needed no proof."""


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """One line of the timeline."""

    name: StepName
    state: StepState

    @property
    def says_now(self) -> bool:
        """Whether there is more to say while it is the current one."""
        return self.name in _SAYS_NOW


def needs_proof(rights: Collection[Right]) -> bool:
    """Whether anything is asked that only a verified person gets; no rights means that a person decides."""
    return not rights or any(right not in NEEDS_NO_PROOF for right in rights)


def progress(stage: Stage, asked: Asked) -> tuple[ProgressStep, ...]:
    """The steps of such a case. The first one that is not done is the current one; what happens beside the others,
    without anybody waiting for it, is current only where there is nothing else."""
    steps: list[ProgressStep] = []
    for name in _names(asked):
        is_done = stage in _DONE_WITH[name] and not _comes_later(name, stage, asked)
        is_done |= name == "opt_out" and asked.is_opted_out
        is_done |= name == "erased" and stage == "answered" and asked.was_erasing
        has_current = any(step.state == "is" for step in steps)
        is_beside = name == "opt_out" and needs_proof(asked.rights)
        state: StepState = "was" if is_done else "next" if has_current or is_beside else "is"
        steps.append(ProgressStep(name, state))
    return tuple(steps)


def _comes_later(name: StepName, stage: Stage, asked: Asked) -> bool:
    """Staff look at a request twice, before and after the search: the first time nothing else is done yet. For an
    organisation a person decides who may ask, so their look lasts until the search begins."""
    if name == "received":
        return False
    if stage == "awaiting_staff":
        return not asked.was_searched
    return name == "checked" and asked.whose == "organisation" and stage in _BEFORE


def _names(asked: Asked) -> tuple[StepName, ...]:
    names: list[StepName] = ["received"]
    if any(right in NEEDS_NO_PROOF for right in asked.rights):
        names.append("opt_out")
    if asked.first_letter == "acknowledgement" or asked.whose != "self":
        names.append("checked")
    if needs_proof(asked.rights) or asked.whose == "organisation":
        names += [] if asked.whose == "organisation" else ["identified"]
        names += ["searched", "erased" if "erasure" in asked.rights else "handled"]
    return (*names, "answered")
