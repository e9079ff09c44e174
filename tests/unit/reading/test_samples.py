"""The given samples come out exactly right, and our own as well as the floors say."""

import pytest

from dsr_intake.adapters.language_model import detect_language
from dsr_intake.adapters.mime import decode_mail
from dsr_intake.domain.mail import MailReading
from dsr_intake.domain.reading.read import read_mail
from tests.corpus.build import differences, given, got, own

GIVEN = given()
OWN = [*own("first.yaml")]


def read(raw: bytes) -> MailReading:
    return read_mail(decode_mail(raw), (), (), detect_language)


@pytest.mark.promise("P05")
@pytest.mark.parametrize(("name", "raw", "label"), GIVEN, ids=[name for name, _, _ in GIVEN])
def test_a_given_sample_is_read_exactly_as_labelled(name: str, raw: bytes, label: dict[str, object]) -> None:
    assert differences(read(raw), label) == {}


@pytest.mark.parametrize(("name", "raw", "label"), OWN, ids=[name for name, _, _ in OWN])
def test_a_sample_that_the_words_were_tuned_on_stays_right(name: str, raw: bytes, label: dict[str, object]) -> None:
    assert differences(read(raw), label) == {}


@pytest.mark.parametrize(("name", "raw", "label"), GIVEN, ids=[name for name, _, _ in GIVEN])
def test_each_right_comes_with_the_words_it_rests_on(name: str, raw: bytes, label: dict[str, object]) -> None:
    reading = read(raw)
    assert {item.right for item in reading.evidence if item.right} >= set(got(reading)["rights"])
    assert all(item.words for item in reading.evidence)
