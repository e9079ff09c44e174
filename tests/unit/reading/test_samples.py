"""The given samples come out exactly right; our own sets stay as right as they are.

Each set was read once before anything was changed or learned for it; that is what mail of strangers may expect:

    set            mails   exact rights   no right missed   kind     language   no right invented   breaches found
    first             83        81 %             83 %         84 %      100 %          92 %
    second            97        84 %             87 %         87 %      100 %          93 %
    third             76        89 %             88 %         91 %      100 %          96 %
    fourth            65        85 %             91 %         89 %      100 %          89 %
    development      240        56 %             34 %         57 %      100 %          87 %             36 %
    its second half, read by rules and model before either had seen it:
                     120        67 %             63 %         80 %      100 %          85 %            100 %
    held_apart       240        75 %             72 %         87 %      100 %          95 %             94 %
    strangers_a      205        76 %             85 %         95 %      100 %
    strangers_b      135        64 %             83 %         87 %      100 %
    strangers_c      114        77 %                          68 %      100 %          77 %             92 %
    strangers_d      280        58 %             64 %         84 %      100 %          90 %
    strangers_e      342        77 %             85 %         90 %      100 %          93 %            100 %
    exam             200        73 %             76 %         86 %      100 %          85 %            100 %
    by a model that had learned from strangers_a to e:
    strangers_f      123        83 %             88 %         95 %      100 %
    strangers_g      205        64 %             74 %         90 %      100 %
    strangers_h      270        87 %                          77 %      100 %          87 %             92 %
    from f to h as well:
    strangers_i      100        63 %             66 %         98 %      100 %
    strangers_j      100        57 %             65 %        100 %      100 %
    strangers_k      110        82 %             92 %         96 %      100 %
    strangers_l      110        80 %                          76 %      100 %          80 %
    strangers_m      100        84 %             73 %         72 %      100 %          87 %             73 %
    strangers_n      100        78 %             84 %         88 %      100 %
    from i to n as well; o and p are written in the manner of the given samples, q tells long stories:
    strangers_o      110        89 %             91 %         95 %      100 %          97 %            100 %
    strangers_p      110        88 %             95 %         98 %      100 %          97 %            100 %
    strangers_q      110        66 %             79 %         91 %      100 %          96 %
    from o to q as well; r, s and t are in the manner of the given samples, u tells of two rights in three sentences:
    strangers_r      110        87 %             93 %         97 %      100 %          96 %            100 %
    strangers_s      110        86 %             95 %         99 %      100 %         100 %            100 %
    strangers_t      110        85 %             93 %         98 %      100 %         100 %            100 %
    strangers_u      110        41 %             46 %         88 %      100 %
    strangers_v      120        93 %                          87 %      100 %          93 %             96 %

Afterwards the words were widened and the model learned from all but `held_apart` and `exam`, so the others now guard
against going back. Those two are read and never learned from, nor are their misses looked at. As the reader is now:

    held_apart       240        86 %             87 %         93 %      100 %          99 %             88 %
    exam             200        86 %             91 %         92 %      100 %          95 %            100 %

("No right missed" counts requests, "invented" other mail.) `python -m tests.corpus.score NAME` scores any one set.
"""

import pytest
from tests.corpus.build import differences, given, got, own
from tests.corpus.score import HELD_APART, read, score, sets

GIVEN = given()
FLOORS = {"held_apart.yaml": (0.84, 0.91, 0.85), "exam.yaml": (0.84, 0.91, 0.89)}
"""Least shares of mails whose rights are exactly right, of right kinds, and of requests without a missed right."""


@pytest.mark.promise("P05")
@pytest.mark.parametrize(("name", "raw", "label"), GIVEN, ids=[name for name, _, _ in GIVEN])
def test_a_given_sample_is_read_exactly_as_labelled(name: str, raw: bytes, label: dict[str, object]) -> None:
    assert differences(read(raw), label) == {}


@pytest.mark.parametrize("name", sets())
def test_a_set_of_our_samples_stays_as_right_as_it_was(name: str) -> None:
    figures = score(own(name))
    assert min(figures.exact.value, figures.kind.value) >= 0.97, figures.wrong
    assert figures.breaches.value == 1.0, figures.wrong
    assert figures.language.value >= 0.97


@pytest.mark.parametrize("name", HELD_APART)
def test_a_set_held_apart_is_read_no_worse_than_it_was(name: str) -> None:
    figures = score(own(name))
    exact, kind, none_missed = FLOORS[name]
    assert figures.exact.value >= exact
    assert figures.kind.value >= kind
    assert figures.missed.value >= none_missed
    assert figures.language.value >= 0.97


@pytest.mark.parametrize("name", [*sets(), *HELD_APART])
def test_no_request_is_taken_for_noise(name: str) -> None:
    readings = [(sample, read(raw)) for sample, raw, label in own(name) if label["kind"] == "request"]
    noise = [
        sample
        for sample, reading in readings
        if reading.kind in ("not_a_request", "bounce", "auto_reply") and not reading.needs_person
    ]
    assert noise == []


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
