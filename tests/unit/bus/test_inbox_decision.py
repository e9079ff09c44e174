"""What is done with an event follows from what is known about it and its stream, and from nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_shared.inbox.decision import Park, Refuse, Skip, Standing, Take, Verdict, decide

FRESH = Standing(last_sequence=3, is_handled=False, is_waiting=False, is_destroyed=False, is_beyond_memory=False)
PLAIN = "request_received"
CONFIRMATION = "intake_key_destroyed"

TABLE: list[tuple[str, int, str, Standing, bool, Verdict]] = [
    ("the next one is taken", 4, PLAIN, FRESH, False, Take()),
    ("the first one of a stream is taken", 1, PLAIN, replace(FRESH, last_sequence=0), False, Take()),
    ("one with a hole before it waits", 5, PLAIN, FRESH, False, Park()),
    ("a handled one is a duplicate", 3, PLAIN, replace(FRESH, is_handled=True), False, Skip("duplicate")),
    ("a handled one is a duplicate however old", 3, PLAIN,
     replace(FRESH, is_handled=True, is_beyond_memory=True), False, Skip("duplicate")),
    ("one that waits already is left waiting", 4, PLAIN, replace(FRESH, is_waiting=True), False,
     Skip("already_waiting")),
    ("one of a destroyed case stays unread", 4, PLAIN, replace(FRESH, is_destroyed=True), False,
     Skip("destroyed_case")),
    ("one of a destroyed case stays unread even behind a hole", 9, PLAIN, replace(FRESH, is_destroyed=True), False,
     Skip("destroyed_case")),
    ("a confirmation of the destruction is taken", 4, CONFIRMATION, replace(FRESH, is_destroyed=True), False, Take()),
    ("a confirmation is taken behind a hole", 9, CONFIRMATION, replace(FRESH, is_destroyed=True), False, Take()),
    ("a newer state of a compacted topic is taken", 9, PLAIN, FRESH, True, Take()),
    ("an older state of a compacted topic is superseded", 2, PLAIN, FRESH, True, Skip("superseded")),
    ("a compacted state may be as old as it likes", 4, PLAIN, replace(FRESH, is_beyond_memory=True), True, Take()),
]  # fmt: skip


@pytest.mark.parametrize(("sequence", "event_type", "standing", "is_compacted", "verdict"), [row[1:] for row in TABLE],
                         ids=[row[0] for row in TABLE])  # fmt: skip
def test_the_table_of_verdicts(
    sequence: int, event_type: str, standing: Standing, is_compacted: bool, verdict: Verdict
) -> None:
    assert decide(sequence, event_type, standing, is_compacted=is_compacted) == verdict


def test_an_event_older_than_the_inbox_remembers_is_refused_as_too_old() -> None:
    verdict = decide(4, PLAIN, replace(FRESH, is_beyond_memory=True), is_compacted=False)
    assert isinstance(verdict, Refuse)
    assert verdict.reason == "too_old"


def test_another_event_at_a_place_that_is_taken_is_refused_not_swallowed() -> None:
    verdict = decide(3, PLAIN, FRESH, is_compacted=False)
    assert isinstance(verdict, Refuse)
    assert verdict.reason == "invalid"


STANDINGS = st.builds(
    Standing,
    last_sequence=st.integers(0, 50),
    is_handled=st.booleans(),
    is_waiting=st.booleans(),
    is_destroyed=st.booleans(),
    is_beyond_memory=st.booleans(),
)
TYPES = st.sampled_from([PLAIN, CONFIRMATION])


@given(st.integers(1, 60), TYPES, STANDINGS, st.booleans())
def test_what_was_handled_is_never_taken_again(
    sequence: int, event_type: str, standing: Standing, is_compacted: bool
) -> None:
    verdict = decide(sequence, event_type, replace(standing, is_handled=True), is_compacted=is_compacted)
    assert not isinstance(verdict, Take)


@given(st.integers(1, 60), TYPES, STANDINGS)
def test_a_stream_that_is_not_compacted_is_taken_without_holes(
    sequence: int, event_type: str, standing: Standing
) -> None:
    verdict = decide(sequence, event_type, replace(standing, is_destroyed=False), is_compacted=False)
    assert not isinstance(verdict, Take) or sequence == standing.last_sequence + 1


@given(st.permutations(range(1, 9)))
def test_whatever_order_events_come_in_they_take_effect_in_theirs(order: list[int]) -> None:
    last, parked, taken = 0, set[int](), list[int]()
    for sequence in order:
        parked.add(sequence)
        while last + 1 in parked:
            assert decide(last + 1, PLAIN, replace(FRESH, last_sequence=last), is_compacted=False) == Take()
            taken.append(last + 1)
            last += 1
        assert all(
            decide(p, PLAIN, replace(FRESH, last_sequence=last), is_compacted=False) == Park()
            for p in parked
            if p > last
        )
    assert taken == sorted(order)
