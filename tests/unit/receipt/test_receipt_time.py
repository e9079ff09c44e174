"""When a mail was received: our own server's stamp, else the mailbox's date, never what a sender wrote."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_intake.domain.receipt import received_at

OWN = ("mx1.company.example",)
INTERNAL = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
STAMP = (
    "Received: from a.example (a.example [192.0.2.1])\r\n\tby {} (Postfix) with ESMTPS\r\n\tfor <x@c.example>; {}\r\n"
)
MONDAY = "Mon, 23 Nov 2026 00:10:00 +0200"
FORGED = "Sun, 01 Nov 2026 00:10:00 +0200"


def mail(*lines: str) -> bytes:
    return (
        "".join(lines) + "From: a@a.example\r\n\r\nReceived: by mx1.company.example; Sun, 1 Nov 2026 00:00 +0200\r\n"
    ).encode()


def test_our_own_servers_stamp_counts() -> None:
    raw = mail(STAMP.format("mx1.company.example", MONDAY))
    assert received_at(raw, OWN, INTERNAL) == datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


def test_the_host_is_compared_without_case_and_final_dot() -> None:
    raw = mail(STAMP.format("MX1.Company.Example.", MONDAY))
    assert received_at(raw, OWN, INTERNAL) == datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


def test_a_stamp_of_ours_that_the_sender_wrote_further_down_is_not_believed() -> None:
    raw = mail(STAMP.format("mx1.company.example", MONDAY), STAMP.format("mx1.company.example", FORGED))
    assert received_at(raw, OWN, INTERNAL) == datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


def test_foreign_stamps_leave_the_mailboxs_date() -> None:
    raw = mail(STAMP.format("mx.elsewhere.example", FORGED))
    assert received_at(raw, OWN, INTERNAL) == INTERNAL


def test_our_stamp_below_an_inner_hop_counts() -> None:
    raw = mail(STAMP.format("store.lan", MONDAY), STAMP.format("mx1.company.example", MONDAY))
    assert received_at(raw, OWN, INTERNAL) == datetime(2026, 11, 22, 22, 10, tzinfo=UTC)


def test_a_forged_stamp_below_foreign_ones_cannot_move_the_clock_on() -> None:
    raw = mail(
        STAMP.format("mx.elsewhere.example", MONDAY),
        STAMP.format("mx1.company.example", "Thu, 31 Dec 2026 12:00:00 +0200"),
    )
    assert received_at(raw, OWN, INTERNAL) == INTERNAL


@pytest.mark.parametrize(
    "line",
    [
        "Received: from mx1.company.example (x) by evil.example; " + FORGED + "\r\n",
        "Received: from a.example (by mx1.company.example) by evil.example; " + FORGED + "\r\n",
        "Received: (from by mx1.company.example) by evil.example; " + FORGED + "\r\n",
        "Received: by mx1.company.example.evil.example; " + FORGED + "\r\n",
        "X-Received: by mx1.company.example; " + FORGED + "\r\n",
    ],
)
def test_our_name_elsewhere_in_a_line_is_no_stamp(line: str) -> None:
    assert received_at(mail(line), OWN, INTERNAL) == INTERNAL


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Nov 2026 99:99:99 +0200", "1 Jan 1970 00:00:00 +0000"])
def test_a_stamp_without_a_usable_date_leaves_the_mailboxs_date_and_lower_lines_unread(date: str) -> None:
    raw = mail(STAMP.format("mx1.company.example", date), STAMP.format("mx1.company.example", FORGED))
    assert received_at(raw, OWN, INTERNAL) == INTERNAL


def test_lines_in_the_body_are_no_stamps() -> None:
    assert received_at(mail(), OWN, INTERNAL) == INTERNAL


def test_a_mail_received_late_in_the_evening_in_utc_belongs_to_the_next_day_in_helsinki() -> None:
    raw = mail(STAMP.format("mx1.company.example", "Sun, 22 Nov 2026 23:30:00 +0000"))
    assert received_at(raw, OWN, INTERNAL) == datetime(2026, 11, 22, 23, 30, tzinfo=UTC)


@given(st.binary(max_size=400), st.integers(0, 3))
def test_whatever_bytes_come_there_is_a_time_and_without_our_stamp_it_is_the_mailboxs(data: bytes, hops: int) -> None:
    raw = b"Received: by other.example; x\r\n" * hops + data
    assert received_at(raw, ("never.company.example",), INTERNAL) == INTERNAL
