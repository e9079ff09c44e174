"""The life of a delivery: every pair of the table, and random walks over it."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_notifier.domain.delivery import (
    FINAL,
    PATIENCE,
    PAUSES_SECONDS,
    TRANSITIONS,
    UNDER_WAY,
    Accepted,
    Delivery,
    Happening,
    ImpossibleTransition,
    Refused,
    SendOutcome,
    State,
    TryLater,
    Unknown,
    after_outcome,
    lost,
    move,
    pause_after,
    postponed,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
OUTCOMES: tuple[SendOutcome, ...] = (Accepted(), Refused(550), TryLater(451), TryLater(), Unknown())
STATES: tuple[State, ...] = get_args(State)
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)


def a_delivery(state: State, attempts: int = 1, age: timedelta = timedelta(0)) -> Delivery:
    return Delivery(state, attempts, NOW - age)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("happening", HAPPENINGS)
def test_every_pair_is_in_the_table_or_names_both_in_its_error(state: State, happening: Happening) -> None:
    if (state, happening) in TRANSITIONS:
        assert move(state, happening) in STATES
    else:
        with pytest.raises(ImpossibleTransition, match=f"{state}.*{happening}"):
            move(state, happening)


def test_nothing_leaves_a_final_state_and_every_other_state_can_end() -> None:
    assert not [pair for pair in TRANSITIONS if pair[0] in FINAL]
    for state in set(STATES) - FINAL:
        assert {move(state, happening) for at, happening in TRANSITIONS if at == state} & (FINAL | UNDER_WAY)


def test_only_a_letter_under_way_can_be_accepted() -> None:
    assert {state for state, happening in TRANSITIONS if happening == "accept"} == UNDER_WAY


@given(st.lists(st.sampled_from(OUTCOMES), max_size=30))
def test_no_walk_sends_a_letter_more_than_once_after_a_doubt(outcomes: list[SendOutcome]) -> None:
    state: State = "requested"
    doubts = 0
    for attempts, outcome in enumerate(outcomes, 1):
        if state in FINAL:
            break
        state = move(state, "intend")
        assert (state == "repeating") == (doubts == 1)
        doubts += isinstance(outcome, Unknown)
        state = after_outcome(a_delivery(state, attempts), outcome, NOW).state
    assert doubts < 2 or state == "failed"


def test_a_second_doubt_ends_the_letter_and_says_so() -> None:
    first = lost(a_delivery("intended"), NOW)
    assert (first.state, first.next_attempt_at, first.failure) == ("unknown", NOW, None)
    second = lost(a_delivery("repeating", 2), NOW)
    assert (second.state, second.next_attempt_at, second.failure) == ("failed", None, "unknown_twice")


def test_a_permanent_refusal_ends_the_letter_with_the_servers_code() -> None:
    step = after_outcome(a_delivery("intended"), Refused(550), NOW)
    assert (step.state, step.failure, step.smtp_code) == ("failed", "rejected", 550)


def test_pauses_grow_and_stay_at_the_longest() -> None:
    pauses = [pause_after(attempt).total_seconds() for attempt in range(20)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == PAUSES_SECONDS[-1]


@given(st.integers(1, 500), st.integers(0, 5 * 24 * 3600))
def test_patience_bounds_the_retries_and_no_retry_is_planned_beyond_it(attempts: int, age_seconds: int) -> None:
    delivery = a_delivery("intended", attempts, timedelta(seconds=age_seconds))
    step = postponed(delivery, NOW, 451)
    if step.next_attempt_at is None:
        assert (step.state, step.failure, step.smtp_code) == ("failed", "gave_up", 451)
    else:
        assert NOW < step.next_attempt_at <= NOW - timedelta(seconds=age_seconds) + PATIENCE
        assert step.state == "requested"


def test_a_repeat_that_is_put_off_is_still_the_repeat() -> None:
    step = after_outcome(a_delivery("repeating", 2), TryLater(), NOW)
    assert step.state == "unknown"
    assert Delivery(step.state, 2, NOW).is_repeat
