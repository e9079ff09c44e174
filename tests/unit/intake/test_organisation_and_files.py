"""The check digit of a Y-tunnus, what files are by their bytes, names that are safe, and colours that can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_intake.domain.colour import DARK, LIGHT, contrast, visible
from dsr_intake.domain.form_files import ENDINGS, MAX_FILE_NAME, safe_name, taken_type_of
from dsr_intake.domain.organisation import business_id
from dsr_intake.domain.progress import Asked, progress
from dsr_intake.domain.request_form import FormAnswers, steps_of


@pytest.mark.parametrize("text", ["0112038-9", "01120389", " 112038-9 ", "FI01120389", "fi 0112038-9"])
def test_a_business_id_is_read_as_people_write_it(text: str) -> None:
    assert business_id(text) == "0112038-9"


@pytest.mark.parametrize("text", ["0112038-8", "0112039-9", "", "1234567", "0112038-99", "SE0112038-9", "٠١١٢٠٣٨-٩"])
def test_a_business_id_with_a_slip_is_not_taken(text: str) -> None:
    assert business_id(text) is None


@given(st.integers(0, 9_999_999))
def test_at_most_one_check_digit_fits(number: int) -> None:
    assert sum(business_id(f"{number:07d}-{digit}") is not None for digit in range(10)) <= 1


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.4", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        ("Hyvää päivää\r\n".encode(), "text/plain"),
        ("Hyvää".encode("cp1252"), "text/plain"),
        (b"<html>", None),
        (b"\xef\xbb\xbf <svg onload=x>", None),
        (b"#!/bin/sh", None),
        (b"MZ\x90\x00", None),
        (b"PK\x03\x04 not a zip", None),
        (b"GIF89a\x01\x00", None),
        (b"{\\rtf1", None),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, expected: str | None) -> None:
    assert taken_type_of(data) == expected


@given(st.text(max_size=300), st.sampled_from(sorted(ENDINGS)))
def test_every_name_becomes_one_that_is_safe(claimed: str, media_type: str) -> None:
    name = safe_name(claimed, media_type)
    assert 0 < len(name) <= MAX_FILE_NAME
    assert name.casefold().endswith(ENDINGS[media_type])
    assert not set(name) & set('/\\<>:"|?*\x00\n\r\u202e\u2066')
    assert not name.startswith(".")
    assert name.isprintable() or all(sign == " " or sign.isprintable() or sign.isspace() for sign in name)


def test_two_files_of_one_name_stay_apart() -> None:
    assert safe_name("A.PDF", "application/pdf", ["a.pdf"]) == "A 2.pdf"
    assert safe_name("con.txt", "text/plain") == "file con.txt"


@given(st.integers(0, 0xFFFFFF))
def test_every_companys_colour_can_be_seen_in_light_and_dark(colour: int) -> None:
    text = f"#{colour:06X}"
    for ground, safe in (LIGHT, DARK):
        assert contrast(visible(text, ground, safe), ground) >= 3.0


def test_each_kind_of_request_has_its_own_steps() -> None:
    assert steps_of(FormAnswers()) == ("what", "who", "check")
    assert "files" in steps_of(FormAnswers(whose="other"))
    names = [step.name for step in progress("received", Asked(("erasure",), "organisation", "acknowledgement"))]
    assert names == ["received", "checked", "searched", "erased", "answered"]


def test_the_first_look_of_staff_is_not_taken_for_the_last() -> None:
    early = progress("awaiting_staff", Asked(("access",), "other", "acknowledgement", was_searched=False))
    assert [step.name for step in early if step.state == "is"] == ["checked"]
    late = progress("awaiting_staff", Asked(("access",), "other", "acknowledgement", was_searched=True))
    assert [step.name for step in late if step.state == "is"] == ["handled"]
