"""The statistical model beside the rules: what it hears, what it shows for it, and how it ships."""

import gzip
import json

from tests.corpus.score import HELD_APART, read, sets

from dsr_intake.adapters.text_model import packed, text_model
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


def test_a_wish_told_in_a_roundabout_way_is_heard_and_a_person_confirms() -> None:
    reading = read(letter("Hain teille kesätöihin enkä päässyt. Hakemuksen ei tarvitse lojua siellä.\n"))
    assert reading.rights == ("erasure",)
    assert reading.needs_person
    assert "Hakemuksen" in reading.evidence[0].words


def test_a_suspected_breach_is_shown_with_its_words() -> None:
    reading = read(letter("Avasin kuoren ja siellä olikin naapurin sopimus.\n"))
    assert reading.kind == "breach_report"
    assert reading.evidence[0].words


def test_the_same_model_always_gives_the_same_file_without_what_is_next_to_nothing() -> None:
    model = Model([0.0] * len(LABELS), {"b": [0.001] * len(LABELS), "a": [1.0, *[0.0] * (len(LABELS) - 1)]})
    assert packed(model) == packed(model)
    assert json.loads(gzip.decompress(packed(model)))["weights"] == {"a": [0, 60]}


def test_the_sets_held_apart_are_neither_learned_from_nor_guarded() -> None:
    assert not set(HELD_APART) & set(sets())
