"""The statistical model: what it hears, what it shows for it, and how it ships."""

import pytest
from tests.corpus.score import HELD_APART, read, sets

from dsr_intake.adapters.text_model import packed, text_model, unpacked
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.model import LABELS, Model


def letter(text: str) -> bytes:
    return f"From: Kai Kuu <kai@person.example>\nSubject: x\n\n{text}".encode()


def test_every_label_is_scored_whatever_is_read() -> None:
    for text in ("", "Poistakaa tietoni.", "qwerty zxcvb"):
        scores = text_model().estimate([Sentence(text, "fi")]).scores
        assert set(scores) == set(LABELS)
        assert all(-2 < score < 2 for score in scores.values())


def test_mail_that_says_nothing_asks_for_nothing_that_could_be_named() -> None:
    for text in ("Hei.\n", "Hello, see you on Monday.\n", "Tack!\n"):
        assert read(letter(text)).rights == ()


def test_a_wish_told_in_a_roundabout_way_is_heard_with_its_words() -> None:
    reading = read(
        letter("Hain teille kesätöihin enkä päässyt. Ettehän jätä hakemustani sinne lojumaan vaan hävitätte sen.\n")
    )
    assert reading.rights == ("erasure",)
    assert "hakemustani" in reading.evidence[0].words


@pytest.mark.parametrize(("erasure", "rights", "is_asked"), [(0.9, ("erasure",), False), (-0.2, ("erasure",), True)])
def test_a_right_near_the_line_goes_to_a_person(erasure: float, rights: tuple[str, ...], is_asked: bool) -> None:
    """A right that is neither clearly asked nor clearly not asked is proposed, and a person confirms."""
    scores = {"erasure": erasure, "request": 0.9}
    model = Model.of([scores.get(label, -0.9) for label in LABELS], {})
    reading = read(letter("Kirjoitan teille asiasta, joka on vaivannut minua jo kauan aikaa.\n"), model)
    assert (reading.kind, reading.rights, reading.needs_person) == ("request", rights, is_asked)


def test_a_suspected_breach_is_shown_with_its_words() -> None:
    reading = read(letter("Avasin kuoren ja siellä olikin naapurin sopimus.\n"))
    assert reading.kind == "breach_report"
    assert reading.evidence[0].words


def test_a_model_ships_as_the_same_bytes_and_comes_back_without_what_is_next_to_nothing() -> None:
    nothing, much = [0.001] * len(LABELS), [1.0, -2.5, *[0.0] * (len(LABELS) - 2)]
    model = Model.of([0.25] * len(LABELS), {"b": nothing, "c d": much, "ä": [0.5] * len(LABELS)})
    assert packed(model) == packed(model)
    assert unpacked(packed(model)) == model
    assert list(model.rows) == ["c d", "ä"]
    assert model.weights[:3].tolist() == [60, -150, 0]


def test_the_sets_held_apart_are_neither_learned_from_nor_guarded() -> None:
    assert not set(HELD_APART) & set(sets())
