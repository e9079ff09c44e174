"""The whole table of the case lifecycle, pair by pair, and random walks through it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dsr_fulfilment.domain.lifecycle import (
    COMMANDS,
    FINAL,
    NEEDS_PROOF,
    PHASES,
    STATES,
    TABLE,
    Command,
    IllegalTransition,
    Phase,
    State,
    advance,
    allowed,
    is_final,
    next_phase,
    phases_of,
    public_stage,
)
from dsr_shared.contracts.words import RIGHTS, Right

PAIRS = list(itertools.product(STATES, COMMANDS))


def reachable(start: State) -> set[State]:
    seen: set[State] = set()
    ahead = [start]
    while ahead:
        state = ahead.pop()
        if state not in seen:
            seen.add(state)
            ahead.extend(TABLE[state].values())
    return seen


@pytest.mark.parametrize(("state", "command"), PAIRS)
def test_each_pair_moves_as_the_table_says_or_is_refused_by_name(state: State, command: Command) -> None:
    if command in TABLE[state]:
        assert advance(state, command) == TABLE[state][command]
        return
    with pytest.raises(IllegalTransition) as refused:
        advance(state, command)
    assert repr(state) in str(refused.value)
    assert repr(command) in str(refused.value)
    assert (refused.value.state, refused.value.command) == (state, command)


def test_every_state_can_be_reached_and_every_command_is_used() -> None:
    assert reachable("received") == set(STATES)
    assert {command for ways in TABLE.values() for command in ways} == set(COMMANDS)


@pytest.mark.parametrize("state", STATES)
def test_from_every_state_a_case_can_still_end(state: State) -> None:
    assert reachable(state) & FINAL


def test_nothing_is_erased_from_a_state_without_an_approval() -> None:
    assert {state for state in STATES if "erasing" in TABLE[state].values()} == {
        "awaiting_approval",
        "awaiting_destruction",
    }
    assert {state for state in STATES if "awaiting_destruction" in TABLE[state].values()} == {"erasing"}


def test_nothing_is_gathered_before_the_person_is_known_or_needs_no_proof() -> None:
    ways_in = {
        command
        for state in ("received", "awaiting_rights", "identifying", "awaiting_identity")
        for command, target in TABLE[state].items()
        if target == "gathering"
    }
    assert ways_in == {"verify", "need_no_proof"}


def test_only_a_finished_case_loses_its_key() -> None:
    assert {state for state in STATES if "destroy_key" in TABLE[state]} == {"closed", "refused", "withdrawn"}
    assert allowed("destroyed") == ()


def test_a_request_is_not_closed_as_withdrawn_while_something_is_being_erased() -> None:
    without = {state for state in STATES if "accept_withdrawal" not in TABLE[state]}
    assert without == FINAL | {"erasing", "awaiting_destruction", "closing"}


def test_the_public_stage_does_not_tell_whether_somebody_was_found() -> None:
    assert public_stage("identifying") == public_stage("awaiting_identity")


@pytest.mark.parametrize("state", STATES)
def test_the_public_hears_closed_only_of_final_states(state: State) -> None:
    assert (public_stage(state) in {"closed", "destroyed"}) == is_final(state)


@given(rights=st.sets(st.sampled_from(RIGHTS), min_size=1))
def test_phases_serve_every_right_and_erasure_comes_last(rights: set[Right]) -> None:
    phases = phases_of(rights)
    assert {right for phase in phases for right in PHASES[phase]} >= rights
    assert all(PHASES[phase] & rights for phase in phases)
    if "erasure" in rights:
        assert phases[-1] == "erasure"


def test_a_case_with_access_and_erasure_is_answered_before_it_erases() -> None:
    state: State = "received"
    for command, expected in (
        ("send_challenge", "identifying"),
        ("verify", "gathering"),
        ("wait_for_paper", "awaiting_paper"),
        ("complete_paper", "gathering"),
        ("answer", "answering"),
        ("accept_answer", "answered"),
        ("plan_erasure", "planning"),
        ("propose_plan", "awaiting_approval"),
        ("approve_plan", "erasing"),
        ("complete_erasure", "closing"),
        ("close", "closed"),
    ):
        state = advance(state, command)  # type: ignore[arg-type]
        assert state == expected


@pytest.mark.parametrize("command", sorted(NEEDS_PROOF))
def test_nothing_of_an_unverified_person_is_gathered_or_erased_in_any_state(command: Command) -> None:
    for state in STATES:
        with pytest.raises(IllegalTransition, match="verify the person first"):
            advance(state, command, is_verified=False)


class CaseWalk(RuleBasedStateMachine):
    """A case taken through random detours by handlers that follow the phases, to its end and beyond."""

    state: State = "received"

    @initialize(rights=st.sets(st.sampled_from(RIGHTS), min_size=1))
    def open(self, rights: set[Right]) -> None:
        self.rights = rights
        self.done: set[Phase] = set()
        self.is_verified = self.was_approved = self.was_answered = False

    @rule(data=st.data())
    def do_something_possible(self, data: st.DataObject) -> None:
        command = data.draw(st.sampled_from([None, *self.possible()]))
        if command is None:
            return
        self.state = advance(self.state, command, is_verified=self.is_verified)
        self.is_verified |= command == "verify"
        self.was_approved = command == "approve_plan" or (self.was_approved and command != "replan")
        if command == "accept_answer":
            self.was_answered = True
            self.done |= set(phases_of(self.rights)) - {"erasure"}

    @rule(command=st.sampled_from(COMMANDS))
    def try_something_impossible(self, command: Command) -> None:
        if command not in TABLE[self.state]:
            with pytest.raises(IllegalTransition):
                advance(self.state, command)

    def possible(self) -> list[Command]:
        """Handlers plan an erasure when it is its turn, and check the proof."""
        is_turn = next_phase(self.rights, self.done) == "erasure"
        return [
            command
            for command in allowed(self.state)
            if (is_turn or command not in {"plan_erasure", "replan"})
            and (self.is_verified or command not in NEEDS_PROOF)
        ]

    @invariant()
    def only_an_approved_plan_of_a_verified_person_erases(self) -> None:
        if self.state in {"erasing", "awaiting_destruction"}:
            assert self.was_approved
            assert self.is_verified

    @invariant()
    def the_copy_is_accepted_before_anything_is_erased(self) -> None:
        if self.state == "erasing" and len(phases_of(self.rights)) > 1:
            assert self.was_answered


TestCaseWalk = CaseWalk.TestCase
