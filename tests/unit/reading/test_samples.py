"""The given samples come out exactly right; our own sets stay as right as they are.

Sets that were learned from guard against going back; those held apart tell what mail of strangers may expect.
`tests/corpus/own/README.md` has the figures of each before it was learned; `python -m tests.corpus.score` counts them.
"""

from functools import cache

import pytest
from tests.corpus.build import differences, given, got, own
from tests.corpus.score import HELD_APART, TUNED_BY, Score, learned, read, score

GIVEN = given()
FLOORS = {
    "held_apart.yaml": (0.92, 0.96, 0.95, 0.98),
    "exam.yaml": (0.93, 0.96, 0.96, 0.97),
    "exam_one.yaml": (0.90, 0.96, 0.95, 0.98),
    "exam_two.yaml": (0.90, 0.95, 0.95, 0.95),
    "exam_three.yaml": (0.91, 0.96, 0.96, 0.98),
    "exam_four.yaml": (0.85, 0.95, 0.93, 0.96),
    "tuning_like_samples.yaml": (0.92, 0.97, 0.96, 0.97),
    "tuning_long.yaml": (0.88, 0.93, 0.96, 0.92),
}
"""Least shares: exact rights, right kinds, requests without a missed right, other mail without an invented one."""
EACH = 25
"""So many mails of each set that was learned from are read here; `python -m tests.corpus.score` reads all."""


@cache
def figures_of(name: str) -> Score:
    """A set is read once, whatever is asked of it."""
    return score(own(name))


@cache
def figures_of_learned() -> Score:
    """Some mails of every set that was learned from."""
    sets = map(own, learned())
    return score([sample for samples in sets for sample in samples[:: max(1, len(samples) // EACH)]])


def test_every_set_not_learned_from_has_its_floors() -> None:
    assert {*FLOORS} == {*HELD_APART, *TUNED_BY}


@pytest.mark.promise("P05")
@pytest.mark.parametrize(("name", "raw", "label"), GIVEN, ids=[name for name, _, _ in GIVEN])
def test_a_given_sample_is_read_exactly_as_labelled(name: str, raw: bytes, label: dict[str, object]) -> None:
    assert differences(read(raw), label) == {}


def test_what_was_learned_stays_as_right_as_it_was() -> None:
    figures = figures_of_learned()
    assert min(figures.exact.value, figures.kind.value) >= 0.98, figures.wrong
    assert figures.breaches.value >= 0.99, figures.wrong
    assert figures.language.value >= 0.98


@pytest.mark.parametrize("name", FLOORS)
def test_a_set_not_learned_from_is_read_no_worse_than_it_was(name: str) -> None:
    figures = figures_of(name)
    exact, kind, none_missed, none_invented = FLOORS[name]
    assert figures.exact.value >= exact
    assert figures.kind.value >= kind
    assert figures.missed.value >= none_missed
    assert figures.language.value >= 0.97
    assert figures.invented.value >= none_invented
    assert figures.breaches.value >= 0.92


@pytest.mark.parametrize("name", FLOORS)
def test_no_request_is_taken_for_noise(name: str) -> None:
    assert figures_of(name).noise == []


def test_no_request_that_was_learned_is_taken_for_noise() -> None:
    assert figures_of_learned().noise == []


@pytest.mark.parametrize(("name", "raw", "label"), GIVEN, ids=[name for name, _, _ in GIVEN])
def test_each_right_comes_with_the_words_it_rests_on(name: str, raw: bytes, label: dict[str, object]) -> None:
    reading = read(raw)
    assert {item.right for item in reading.evidence if item.right} >= set(got(reading)["rights"])
    assert all(item.words for item in reading.evidence)


def letter(text: str, subject: str = "x") -> bytes:
    return f"From: Kai Kuu <kai@person.example>\nSubject: {subject}\n\n{text}".encode()


def test_a_request_that_goes_on_below_the_writers_name_is_not_dropped() -> None:
    reading = read(
        letter(
            "Hei,\n\nKai Kuu\nAsiakasnumero 1234\n\nPyydän teitä poistamaan kaikki henkilötietoni järjestelmistänne.\n"
        )
    )
    assert reading.rights == ("erasure",)
    assert reading.needs_person


def test_a_request_beside_the_words_of_a_disclaimer_is_not_dropped() -> None:
    reading = read(letter("This is confidential. Please delete my data.\n"))
    assert reading.rights == ("erasure",)


def test_a_postscript_counts() -> None:
    reading = read(letter("Hi, all is well.\n\nBest regards\nKai Kuu\n\nPS. Please also delete my account data.\n"))
    assert reading.rights == ("erasure",)


def test_rights_invoked_in_general_go_to_a_person() -> None:
    reading = read(letter("Haluan käyttää GDPR:n mukaisia oikeuksiani.\n"))
    assert (reading.kind, reading.rights, reading.needs_person) == ("request", (), True)
