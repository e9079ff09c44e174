"""Which event follows from an arrival."""

from dataclasses import replace
from uuid import UUID

import pytest

from dsr_intake.domain.decide import Message, Noise, OpenCase, Situation, decide, references_in
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
    assert decide(READING, replace(QUIET, known_case_id=KNOWN)) == OpenCase(OWN)


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
