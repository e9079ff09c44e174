"""Which event follows from an arrival."""

from dataclasses import replace
from uuid import UUID

import pytest

from dsr_intake.domain.decide import (
    Message,
    Noise,
    OpenCase,
    Situation,
    decide,
    letters_in,
    references_in,
    tokens_in,
)
from dsr_intake.domain.mail import MailReading, Unreadable
from dsr_shared.contracts.words import MailKind

OWN, KNOWN, FLOOD = UUID(int=1), UUID(int=2), UUID(int=3)
QUIET = Situation(arrival_id=OWN, known_case_id=None, requests_today=0, flood_case_id=None, daily_limit=3)
READING = MailReading(
    kind="request",
    rights=("access",),
    language="fi",
    subject_email=None,
    subject_name=None,
    sender_email="aino@posti.example",
    sender_name=None,
    is_on_behalf=False,
    confidence=0.5,
    needs_person=True,
)


def test_a_request_opens_a_case_of_its_own_even_when_it_names_another() -> None:
    assert decide(READING, QUIET) == OpenCase(OWN)
    assert decide(READING, replace(QUIET, known_case_id=KNOWN)) == OpenCase(OWN, linked_case_id=KNOWN)


def test_an_answer_that_asks_for_nothing_new_stays_on_its_open_case() -> None:
    open_case = replace(QUIET, known_case_id=KNOWN, known_rights=frozenset({"access"}), is_known_open=True)
    assert decide(READING, open_case) == Message(KNOWN, "follow_up")
    assert decide(READING, replace(open_case, is_known_open=False)) == OpenCase(OWN, linked_case_id=KNOWN)


def test_a_new_right_in_an_answer_is_a_request_of_its_own_for_that_right_alone() -> None:
    open_case = replace(QUIET, known_case_id=KNOWN, known_rights=frozenset({"access"}), is_known_open=True)
    both = replace(READING, rights=("access", "erasure"))
    assert decide(both, open_case) == OpenCase(OWN, linked_case_id=KNOWN, rights=("erasure",))


def test_an_answer_in_doubt_is_never_dropped() -> None:
    open_case = replace(QUIET, known_case_id=KNOWN, known_rights=frozenset({"access"}), is_known_open=True)
    assert decide(replace(READING, rights=()), open_case) == OpenCase(OWN, linked_case_id=KNOWN)


def test_thanks_in_an_answer_stay_on_the_case_but_a_machine_s_do_not() -> None:
    thanks = replace(READING, kind="not_a_request", rights=(), needs_person=False)
    answer = replace(QUIET, known_case_id=KNOWN)
    assert decide(thanks, answer) == Message(KNOWN, "follow_up")
    assert decide(replace(thanks, is_auto=True), answer) == Noise("not_a_request")


def test_the_same_message_id_with_another_body_goes_to_a_person() -> None:
    told = replace(QUIET, earlier="told", known_case_id=KNOWN)
    assert decide(READING, told) == Message(OWN, "request", is_changed_copy=True)
    noise = replace(READING, kind="auto_reply", rights=())
    assert decide(noise, told) == Message(OWN, "auto_reply", is_changed_copy=True)
    assert decide(noise, replace(told, earlier="noise")) == Noise("auto_reply")


def test_tokens_and_letters_are_found_whatever_a_mail_program_did_to_them() -> None:
    token = "abcdefghijklmnopqrstuvwxy2"
    assert tokens_in((f"tietosuoja+{token.upper()}@esimerkki.example", "aino+lehti@posti.example")) == (token,)
    letter = UUID("01938000-0000-7000-8000-000000000001")
    ids = (f"<{letter.hex}@esimerkki.example>", f"{letter.hex.upper()}@relay.example", "abc@posti.example")
    assert letters_in(ids) == (letter,)


def test_a_doubtful_request_still_opens_a_case() -> None:
    assert decide(replace(READING, confidence=0.0, rights=()), QUIET) == OpenCase(OWN)


def test_a_follow_up_joins_its_case_or_becomes_one_for_a_person() -> None:
    follow_up = replace(READING, kind="follow_up", rights=())
    assert decide(follow_up, replace(QUIET, known_case_id=KNOWN)) == Message(KNOWN, "follow_up")
    assert decide(follow_up, QUIET) == Message(OWN, "follow_up")


def test_a_breach_report_always_gets_a_case() -> None:
    report = replace(READING, kind="breach_report", rights=())
    assert decide(report, replace(QUIET, known_case_id=KNOWN)) == Message(OWN, "breach_report")


@pytest.mark.parametrize("problem", ["oversize", "malformed", "timeout", "memory"])
def test_what_cannot_be_read_goes_to_a_person(problem: str) -> None:
    assert decide(Unreadable(problem), QUIET) == Message(OWN, "request", problem)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["not_a_request", "bounce", "auto_reply"])
def test_noise_makes_no_event_when_its_reading_is_sure(kind: MailKind) -> None:
    assert decide(replace(READING, kind=kind, rights=(), needs_person=False), QUIET) == Noise(kind)


def test_what_only_may_be_no_request_goes_to_a_person() -> None:
    assert decide(replace(READING, kind="not_a_request", rights=()), QUIET) == Message(OWN, "follow_up")


def test_the_surplus_of_one_address_collects_in_one_case() -> None:
    full = replace(QUIET, requests_today=3)
    assert decide(READING, full) == Message(OWN, "request", "flood")
    assert decide(READING, replace(full, flood_case_id=FLOOD)) == Message(FLOOD, "request", "flood")


def test_references_are_found_in_subject_and_plus_addresses() -> None:
    found = references_in("Re: [k-2026-0034] ja K-2026-0035", ["tietosuoja+K-2026-0034@firma.example", "x@y.example"])
    assert found == ("K-2026-0034", "K-2026-0035")
    assert references_in("OK-2026-00345x", []) == ()
