"""What the reports of mail systems say of a letter that came back; the shapes are those that these systems send."""

import pytest

from dsr_intake.adapters.language_model import detect_language
from dsr_intake.adapters.mime import decode_mail
from dsr_intake.adapters.text_model import text_model
from dsr_intake.domain.mail import Bounced, MailReading
from dsr_intake.domain.reading.read import read_mail

LETTER = "0198c0de000070008000000000000031@company.example"
OUTER = (
    "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mx.company.example>\n"
    "To: tietosuoja@company.example\nMIME-Version: 1.0\n"
)
RETURNED = f"From: tietosuoja@company.example\nMessage-ID: <{LETTER}>\nSubject: K-2026-0001: kopio tiedoistasi\n\nHei\n"


def report(action: str, status: str, returned: str = f"message/rfc822\n\n{RETURNED}", more: str = "") -> str:
    return (
        f"{OUTER}{more}Subject: Undelivered Mail Returned to Sender\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nI'm sorry to have to inform you that your message could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.company.example\n\n"
        f"Final-Recipient: rfc822; aino@posti.example\nAction: {action}\nStatus: {status}\n"
        f"--b\nContent-Type: {returned}--b--\n"
    )


def read(mail: str) -> MailReading:
    return read_mail(decode_mail(mail.encode()), (), (), detect_language, text_model())


POSTFIX = report("failed", "5.1.1")
HEADERS_ALONE = report("failed", "5.2.2", f"text/rfc822-headers\n\n{RETURNED}")
EXIM = (
    f"{OUTER}X-Failed-Recipients: aino@posti.example\nAuto-Submitted: auto-replied\n"
    "Subject: Mail delivery failed: returning message to sender\n\n"
    "A message that you sent could not be delivered.\n\n  aino@posti.example\n    Unrouteable address\n\n"
    f"------ This is a copy of the message's headers. ------\n\n{RETURNED}"
)
EXCHANGE = (
    "Return-Path: <>\nFrom: Microsoft Outlook <postmaster@posti.example>\nTo: tietosuoja@company.example\n"
    f"Subject: Undeliverable: K-2026-0001\nIn-Reply-To: <{LETTER}>\nReferences: <{LETTER}>\n\n"
    "Your message to aino@posti.example couldn't be delivered.\n"
)
FINNISH = (
    f"{OUTER}Subject: Viestin toimitus epäonnistui\nContent-Type: text/plain; charset=utf-8\n\n"
    f"Viestiäsi ei voitu toimittaa.\n\n> From: tietosuoja@company.example\n> Message-ID: <{LETTER}>\n"
)


@pytest.mark.parametrize(
    ("mail", "cause"),
    [
        (POSTFIX, "no_such_address"),
        (HEADERS_ALONE, "mailbox_full"),
        (report("Failed", "5.7.1"), "refused"),
        (report("failed", "4.4.7"), "unreachable"),
        (report("failed", "5.0.0"), "unknown"),
        (EXIM, "unknown"),
        (EXCHANGE, "unknown"),
        (FINNISH, "unknown"),
    ],
    ids=["postfix", "headers alone", "refused", "given up", "no detail", "exim", "exchange", "finnish"],
)
def test_a_failed_letter_is_named_with_its_cause(mail: str, cause: str) -> None:
    reading = read(mail)
    assert reading.kind == "bounce"
    assert reading.bounced is not None
    assert LETTER in reading.bounced.message_ids
    assert reading.bounced.cause == cause


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded"])
def test_only_a_final_failure_counts(action: str) -> None:
    assert read(report(action, "4.4.1")).bounced is None


def test_a_warning_without_a_machine_readable_part_is_no_failure() -> None:
    warning = EXIM.replace("Mail delivery failed: returning message to sender", "Warning: message delayed 24 hours")
    assert read(warning).bounced is None


def test_a_read_receipt_is_no_failure() -> None:
    receipt = (
        f"{OUTER}Subject: Read: K-2026-0001\nIn-Reply-To: <{LETTER}>\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nYour message was read.\n"
        "--b\nContent-Type: message/disposition-notification\n\n"
        f"Original-Message-ID: <{LETTER}>\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )
    assert read(receipt).bounced is None


def test_a_report_that_names_no_mail_says_nothing_of_a_letter() -> None:
    assert read(report("failed", "5.1.1", "text/plain\n\nNo headers here.\n")).bounced is None


def test_an_answer_that_quotes_a_letter_is_no_bounce() -> None:
    answer = f"From: aino@posti.example\nSubject: Vs: K-2026-0001\nIn-Reply-To: <{LETTER}>\n\nKiitos, sain tiedot.\n"
    assert read(answer).bounced is None


def test_a_report_cannot_name_mails_without_end() -> None:
    flood = report("failed", "5.1.1", "text/plain\n\n" + "".join(f"Message-ID: <{n}@x.example>\n" for n in range(99)))
    assert isinstance(read(flood).bounced, Bounced)
    assert len(read(flood).bounced.message_ids) == 20  # type: ignore[union-attr]  # said so in the line above
