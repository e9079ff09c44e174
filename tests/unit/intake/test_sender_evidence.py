"""What speaks for or against a sender, and which mail no machine answers."""

from dataclasses import replace

import pytest
from tests.unit.intake.test_decide_arrival import READING

from dsr_intake.adapters.authentication import verdicts
from dsr_intake.adapters.mime_headers import parse_fields
from dsr_intake.domain.answering import must_not_be_answered
from dsr_intake.domain.sender import OwnSide, sender_evidence
from dsr_shared.look_alike import imitates

HOSTS = ("mx.esimerkki.example",)
OWN = OwnSide(("esimerkki.example",), ("Esimerkki Verkkopalvelut Oy", "Esimerkki"))
RECEIVED = b"Received: from out.posti.example (out.posti.example [192.0.2.1]) by mx.esimerkki.example; x\r\n"
PASSED = (
    b"Authentication-Results: mx.esimerkki.example;\r\n spf=pass (sender (is) known) smtp.mailfrom=aino@posti.example;"
    b"\r\n dkim=pass header.d=posti.example; dmarc=pass header.from=posti.example\r\n"
)
FORGED = PASSED


def read(header: bytes, domain: str = "posti.example") -> tuple[str, str, str]:
    found = verdicts(parse_fields(header), HOSTS, domain)
    return found["spf"], found["dkim"], found["dmarc"]


@pytest.mark.parametrize("header", [PASSED + RECEIVED, RECEIVED + PASSED], ids=["above Received", "below Received"])
def test_our_own_server_is_believed(header: bytes) -> None:
    assert read(header) == ("pass", "pass", "pass")


def test_what_another_server_says_counts_for_nothing() -> None:
    elsewhere = PASSED.replace(b"mx.esimerkki", b"mx.mallory")
    assert read(RECEIVED + elsewhere) == ("none", "none", "none")
    assert read(PASSED.replace(b"mx.esimerkki.example;", b"mx.esimerkki.example.mallory.test;")) == ("none",) * 3


def test_a_forged_field_below_our_own_is_ignored() -> None:
    ours = b"Authentication-Results: mx.esimerkki.example 1; spf=fail smtp.mailfrom=posti.example\r\n"
    assert read(ours + RECEIVED + FORGED) == ("fail", "none", "none")
    assert read(RECEIVED + ours + FORGED) == ("fail", "none", "none")


def test_a_field_of_ours_below_somebody_else_s_received_came_with_the_mail() -> None:
    foreign = b"Received: from a by relay.posti.example; x\r\n"
    assert read(RECEIVED + foreign + FORGED) == ("none", "none", "none")


def test_a_pass_for_another_domain_says_nothing_of_this_sender() -> None:
    assert read(PASSED, "pankki.example") == ("none", "none", "none")
    other = PASSED.replace(b"dmarc=pass header.from=posti.example", b"dmarc=fail header.from=pankki.example")
    assert read(other, "pankki.example") == ("none", "none", "fail")


@pytest.mark.parametrize(
    "text",
    [
        b"mx.esimerkki.example; (spf=fail; spf=pass",
        b'mx.esimerkki.example; x="; spf=pass smtp.mailfrom=posti.example"',
        b"mx.esimerkki.example; none",
        b"mx.esimerkki.example; spf=neutral smtp.mailfrom=posti.example",
        b"",
    ],
)
def test_comments_and_quotes_hold_no_result(text: bytes) -> None:
    assert read(b"Authentication-Results: " + text + b"\r\n") == ("none", "none", "none")


@pytest.mark.parametrize(
    "domain",
    [
        "esimerkk1.example",
        "esirnerkki.example",
        "еsimеrkki.example",
        "xn--simrkki-6ggd.example",
        "esimerki.example",
        "esimrekki.example",
        "esimerkki.test",
        "esimerkki-help.example",
        "esimerkki.example.mallory.test",
    ],
)
def test_a_domain_that_looks_like_ours_is_marked(domain: str) -> None:
    assert imitates(domain, OWN.domains)


@pytest.mark.parametrize(
    "domain", ["esimerkki.example", "mail.esimerkki.example", "posti.example", "merkki.example", ""]
)
def test_our_own_domain_and_unlike_ones_are_not(domain: str) -> None:
    assert not imitates(domain, OWN.domains)


@pytest.mark.parametrize(
    ("name", "address", "is_spoofed"),
    [
        ("Aino Esimerkki", "aino@posti.example", True),  # the company's name, though here a family name: a mark only
        ("Aino Virtanen", "aino@posti.example", False),
        ("tietosuoja@esimerkki.example", "mallory@elsewhere.example", True),
        ("aino@posti.example", "aino@posti.example", False),
        ("ESIMERKKI VERKKOPALVELUT OY", "mallory@elsewhere.example", True),
        ("Esimerkki Verkkopalvelut", "tuki@esimerkki.example", False),
        (None, "aino@posti.example", False),
    ],
)
def test_a_shown_name_that_passes_for_another_is_marked(name: str | None, address: str, is_spoofed: bool) -> None:
    reading = replace(READING, sender_name=name, sender_email=address)
    assert sender_evidence(reading, OWN).is_display_name_spoofed is is_spoofed


def test_the_verdicts_stand_beside_the_marks() -> None:
    evidence = sender_evidence(replace(READING, sender_email="a@esimerkk1.example", spf="pass", dmarc="fail"), OWN)
    assert (evidence.spf, evidence.dkim, evidence.dmarc, evidence.is_look_alike) == ("pass", "none", "fail", True)


@pytest.mark.parametrize(
    "header",
    [
        ("auto-submitted", "auto-replied"),
        ("auto-submitted", "auto-generated; owner=x"),
        ("precedence", "Bulk"),
        ("list-id", "<uutiset.esimerkki.example>"),
        ("x-auto-response-suppress", "DR, OOF, AutoReply"),
        ("x-auto-response-suppress", "All"),
        ("return-path", "<>"),
        ("x-autoreply", "yes"),
    ],
)
def test_a_machine_s_mail_is_never_answered_by_a_machine(header: tuple[str, str]) -> None:
    assert must_not_be_answered([header])


@pytest.mark.parametrize(
    "header",
    [
        ("auto-submitted", "no"),
        ("precedence", "first-class"),
        ("x-auto-response-suppress", "RN"),
        ("return-path", "<a@b.c>"),
    ],
)
def test_a_person_s_mail_may_be_answered(header: tuple[str, str]) -> None:
    assert not must_not_be_answered([header])
