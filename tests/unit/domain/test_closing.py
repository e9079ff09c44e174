"""A case closes only with proof: outcomes, letters and tasks (invariants of the design, number 7)."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.closing import Blocked, Blocker, CaseLetter, Closing, MayClose, SystemOutcome, can_close
from dsr_shared.contracts.words import LetterKind, Outcome, Right

OUTCOMES: tuple[Outcome | None, ...] = (
    None, "found", "nothing_found", "erased", "kept", "failed", "unknown", "not_searched",
)  # fmt: skip
REPLIES: dict[Right, LetterKind] = {"access": "access_reply", "erasure": "erasure_reply"}


def closing(
    *outcomes: SystemOutcome,
    rights: tuple[Right, ...] = ("access",),
    letters: tuple[CaseLetter, ...] | None = None,
    tasks: tuple[str, ...] = (),
    mapped: tuple[str, ...] = ("crm",),
) -> Closing:
    accepted = tuple(CaseLetter(REPLIES[right], True) for right in rights)
    return can_close(
        mapped=mapped,
        rights=rights,
        outcomes=outcomes,
        letters=accepted if letters is None else letters,
        open_tasks=tasks,
    )


def test_an_answered_case_with_an_outcome_of_every_system_may_close() -> None:
    assert closing(SystemOutcome("crm", "found")) == MayClose()


@pytest.mark.parametrize(("outcome", "reason"), list(itertools.product(OUTCOMES, (None, " ", "was not in use"))))
def test_only_settled_outcomes_close_and_some_only_with_a_reason(outcome: Outcome | None, reason: str | None) -> None:
    settled = outcome in {"found", "nothing_found", "erased"}
    with_reason = outcome in {"kept", "not_searched"} and reason is not None and bool(reason.strip())
    assert isinstance(closing(SystemOutcome("crm", outcome, reason)), MayClose) == (settled or with_reason)


def test_a_system_that_was_skipped_keeps_the_case_open() -> None:
    decision = closing(SystemOutcome("crm", "found"), mapped=("crm", "paper"))
    assert decision == Blocked((Blocker("system_without_outcome", "paper"),))


def test_what_was_found_but_not_erased_keeps_an_erasure_open() -> None:
    decision = closing(SystemOutcome("crm", "found"), rights=("access", "erasure"))
    assert decision == Blocked((Blocker("found_but_not_erased", "crm"),))


def test_a_letter_counts_only_when_a_mail_server_took_it() -> None:
    decision = closing(SystemOutcome("crm", "found"), letters=(CaseLetter("access_reply", False),))
    assert decision == Blocked((Blocker("letter_not_accepted", "access_reply"),))


def test_each_right_needs_its_answer() -> None:
    decision = closing(
        SystemOutcome("crm", "erased"), rights=("access", "erasure"), letters=(CaseLetter("access_reply", True),)
    )
    assert decision == Blocked((Blocker("answer_missing", "erasure_reply"),))


def test_a_letter_that_was_repeated_and_then_accepted_does_not_block() -> None:
    letters = (CaseLetter("access_reply", False), CaseLetter("access_reply", True))
    assert closing(SystemOutcome("crm", "found"), letters=letters) == MayClose()


@pytest.mark.parametrize("kind", ["nothing_found", "not_identified", "refusal"])
def test_one_letter_answers_everything_where_nothing_can_be_done(kind: LetterKind) -> None:
    letters = (CaseLetter(kind, True),)
    assert closing(SystemOutcome("crm", "nothing_found"), rights=("access", "erasure"), letters=letters) == MayClose()


def test_an_open_task_keeps_the_case_open() -> None:
    assert closing(SystemOutcome("crm", "found"), tasks=("search_paper",)) == Blocked(
        (Blocker("task_open", "search_paper"),)
    )


@given(
    outcomes=st.dictionaries(st.sampled_from(["crm", "web", "paper"]), st.sampled_from(OUTCOMES)),
    accepted=st.booleans(),
    tasks=st.lists(st.just("search_paper"), max_size=2),
)
def test_failed_or_unknown_never_closes_and_every_blocker_is_named(
    outcomes: dict[str, Outcome | None], accepted: bool, tasks: list[str]
) -> None:
    decision = closing(
        *(SystemOutcome(system, outcome, "reason") for system, outcome in outcomes.items()),
        letters=(CaseLetter("access_reply", accepted),),
        tasks=tuple(tasks),
        mapped=("crm", "web", "paper"),
    )
    unsettled = {system for system in ("crm", "web", "paper") if outcomes.get(system) in {None, "failed", "unknown"}}
    match decision:
        case MayClose():
            assert not unsettled
            assert accepted
            assert not tasks
        case Blocked(blockers):
            named = {blocker.subject for blocker in blockers}
            assert unsettled <= named
            assert ("access_reply" in named) is not accepted
