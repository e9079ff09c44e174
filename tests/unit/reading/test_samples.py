"""The given samples come out exactly right; our own sets stay as right as they are.

`first.yaml` to `fourth.yaml` were each read once when they were written, before any word was changed for them:

    set      mails   exact rights   no right missed   kind     language   no right invented
    first      83        81 %             83 %         84 %      100 %          92 %
    second     97        84 %             87 %         87 %      100 %          93 %
    third      76        89 %             88 %         91 %      100 %          96 %
    fourth     65        85 %             91 %         89 %      100 %          89 %

That is what mail of strangers may expect, and not what the tests below show: afterwards the words were widened for what
had been missed, so the sets now guard against going back. ("No right missed" counts requests, "invented" other mail.)
"""

import pytest
from tests.corpus.build import differences, given, got, own

from dsr_intake.adapters.language_model import detect_language
from dsr_intake.adapters.mime import decode_mail
from dsr_intake.domain.mail import MailReading
from dsr_intake.domain.reading.read import read_mail

GIVEN = given()
OWN = {name: own(name) for name in ("first.yaml", "second.yaml", "third.yaml", "fourth.yaml")}
KNOWN_WRONG = {"fourth.yaml#9"}
"""'Wipe my name from your lists' is read as an objection to advertising, too."""


def read(raw: bytes) -> MailReading:
    return read_mail(decode_mail(raw), (), (), detect_language)


@pytest.mark.promise("P05")
@pytest.mark.parametrize(("name", "raw", "label"), GIVEN, ids=[name for name, _, _ in GIVEN])
def test_a_given_sample_is_read_exactly_as_labelled(name: str, raw: bytes, label: dict[str, object]) -> None:
    assert differences(read(raw), label) == {}


@pytest.mark.parametrize("name", OWN)
def test_our_samples_that_were_read_right_stay_right(name: str) -> None:
    wrong = {sample: found for sample, raw, label in OWN[name] if (found := differences(read(raw), label))}
    assert wrong.keys() <= KNOWN_WRONG, wrong


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
