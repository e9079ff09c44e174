"""The models that read mail: what they hear, what they show for it, and how they ship."""

from collections.abc import Sequence

import pytest
from tests.corpus.score import HELD_APART, TUNED_BY, learned, read

from dsr_intake.adapters.text_model import packed, text_model, unpacked
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.model import LABELS, WORD_LABELS, Model, Understood
from dsr_intake.domain.reading.pieces import SPECIAL, UNKNOWN, Pieces
from dsr_intake.domain.reading.word_model import WordModel


def letter(text: str) -> bytes:
    return f"From: Kai Kuu <kai@person.example>\nSubject: x\n\n{text}".encode()


def test_every_label_is_scored_whatever_is_read() -> None:
    for text in ("", "Poistakaa tietoni.", "qwerty zxcvb"):
        scores = text_model().estimate([Sentence(text, "fi")]).scores
        assert set(scores) == set(WORD_LABELS)
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
    named = {"erasure": erasure, "request": 0.9}
    scores = [named.get(label, -0.9) for label in WORD_LABELS]

    def encoder(sentences: Sequence[str]) -> Understood:
        return Understood(scores[: len(LABELS)], [len(sentences) - 1] * len(LABELS))

    model = Model(WordModel.of(scores, {}), encoder)
    reading = read(letter("Kirjoitan teille asiasta, joka on vaivannut minua jo kauan aikaa.\n"), model)
    assert (reading.kind, reading.rights, reading.needs_person) == ("request", rights, is_asked)


def test_a_suspected_breach_is_shown_with_its_words() -> None:
    reading = read(letter("Avasin kuoren ja siellä olikin naapurin sopimus.\n"))
    assert reading.kind == "breach_report"
    assert reading.evidence[0].words


def test_a_model_ships_as_the_same_bytes_and_comes_back_without_what_is_next_to_nothing() -> None:
    nothing, much = [0.001] * len(LABELS), [1.0, -2.5, *[0.0] * (len(LABELS) - 2)]
    model = WordModel.of([0.25] * len(LABELS), {"b": nothing, "c d": much, "ä": [0.5] * len(LABELS)})
    assert packed(model) == packed(model)
    assert unpacked(packed(model)) == model
    assert list(model.rows) == ["c d", "ä"]
    assert model.weights[:3].tolist() == [60, -150, 0]


def test_sets_held_apart_and_sets_to_tune_by_are_not_learned_from() -> None:
    assert not {*HELD_APART, *TUNED_BY} & set(learned())


def test_the_sentence_that_asks_is_what_a_verdict_rests_on() -> None:
    heard = ["Olin teillä kesällä töissä.", "Nyt hävittäkää hakemukseni.", "Oli mukavaa ja ruoka oli hyvää."]
    estimate = text_model().estimate([Sentence(text, "fi") for text in heard])
    assert estimate.of("erasure") > 0 > estimate.of("portability")
    assert "hakemukseni" in estimate.words_for("erasure")


def test_what_stands_behind_two_hundred_words_is_not_weighed() -> None:
    """A long text costs no more than a mail does, and nothing breaks where it is cut."""
    long = [Sentence("Sana toisensa perään tulee ja menee tässä.", "fi")] * 2000
    begun = [Sentence("Poistakaa kaikki tietoni.", "fi"), *long]
    assert text_model().estimate(begun).of("erasure") > text_model().estimate(long).of("erasure")


VOCABULARY = Pieces(
    [*SPECIAL, "\u2581pois", "\u2581po", "is", "ta", "\u2581", "p", "o"], [0, 0, 0, 0, -1, -2, -2, -1, -3, -4, -4]
)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("poista", ["\u2581pois", "ta"]),
        ("  po\nista ", ["\u2581po", "\u2581", "is", "ta"]),
        ("\uff50\uff4f", ["\u2581po"]),
        ("p\u4e00", ["\u2581", "p", "<unk>"]),
        ("", []),
    ],
)
def test_a_text_is_split_into_the_likeliest_pieces(text: str, pieces: list[str]) -> None:
    """Words by themselves, letters in their plain form; a letter that no piece covers is unknown."""
    assert [VOCABULARY.names[number] for number in VOCABULARY.of(text)] == pieces


def test_a_word_without_end_is_cut() -> None:
    assert len(VOCABULARY.of("\u4e00" * 1_000_000)) == 65
    assert set(VOCABULARY.of("\u4e00" * 100)) == {UNKNOWN, VOCABULARY.names.index("\u2581")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Äitini Kerttu Leivo on teillä asiakkaana. Lähettäkää kaikki hänestä. Olen hänen valtuutettunsa.",
            "Kerttu Leivo",
        ),
        ("Svärmor Doris Wik, 84, har demens. Jag är hennes fullmaktstagare. Inga fler brev till henne.", "Doris Wik"),
        ("I write for my brother Jonah Feld, who cannot. Please delete all that you hold about him.", "Jonah Feld"),
    ],
)
def test_who_writes_for_another_is_told_with_the_others_name(text: str, name: str) -> None:
    reading = read(letter(text))
    assert (reading.is_on_behalf, reading.subject_name) == (True, name)


@pytest.mark.parametrize(
    "text",
    ["Äitini antoi tämän osoitteen. Poistakaa tietoni.", "My husband says you sell data. What do you have about me?"],
)
def test_who_only_speaks_of_another_writes_for_oneself(text: str) -> None:
    reading = read(letter(text))
    assert (reading.is_on_behalf, reading.subject_name) == (False, "Kai Kuu")
