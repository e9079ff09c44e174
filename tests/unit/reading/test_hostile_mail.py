"""Whatever somebody sends is read within limits or handed to a person; the next mail is read as if nothing had been."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator

import pytest

from dsr_intake.adapters import reading_pool
from dsr_intake.adapters.html_text import html_to_text
from dsr_intake.adapters.mime import decode_mail
from dsr_intake.adapters.mime_headers import addresses, decode_words, mailbox
from dsr_intake.adapters.reading_pool import ReaderNotStarted, ReadingPool
from dsr_intake.domain.mail import MAX_MAIL_BYTES, MAX_TEXT_BYTES, MailReading, Unreadable
from dsr_intake.domain.reading.source import Person

PLAIN = b"From: Kai Kuu <kai@person.example>\r\nSubject: x\r\n\r\nPoistakaa kaikki tietoni.\r\n"
HOSTILE = {
    "a subject of 60,000 encoded words": b"Subject: " + b"=?utf-8?q?=41?= " * 60_000 + b"\n\nhei",
    "a million header fields": b"".join(b"X-%d: a\n" % n for n in range(300_000)) + b"\nhei",
    "one endless header field": b"From: " + b"a" * 3_000_000 + b"\n\nhei",
    "fields folded without end": b"Subject: a\n" + b" b\n" * 500_000 + b"\nhei",
    "parts in parts in parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(4000)
    ),
    "half a million parts": b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 500_000,
    "mails in mails in mails": b"Content-Type: message/rfc822\n\n" * 20_000,
    "a parameter of quotes": b'Content-Type: text/plain; a="' + b'\\"' * 300_000 + b"\n\nx",
    "an unknown charset": b"Content-Type: text/plain; charset=klingon\n\n\xe4\xf6",
    "a codec that is no charset": b"Content-Type: text/plain; charset=zlib\n\nhei",
    "elements 300,000 deep": b"Content-Type: text/html\n\n" + b"<div>" * 300_000 + b"hei",
    "a comment that never ends": b"Content-Type: text/html\n\n<!--" + b"<" * 900_000,
    "broken base64": b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nSGVp=SGVp*!=\n",
    "a PDF that is none": b"Content-Type: application/pdf\n\n%PDF-1.7\n" + b"1 0 obj<</A " * 50_000,
    "an address of dots": b"From: " + b"a." * 40_000 + b"@b\n\n" + b"a." * 30_000 + b"@b",
    "words without blanks": b"From: a@b.example\n\n" + b"poistakaatietoni" * 60_000,
    "words without end": b"From: a@b.example\n\n" + b"poistakaa tietoni ja " * 500_000,
    "capitals in a row": b"From: a@b.example\n\nedunvalvoja " + b"Aa Bb " * 10_000 + b" poistakaa tietoni",
    "marks that turn text around": "Subject: \u202etxt.exe\n\n\u202e\u2066poistakaa\u200b tietoni".encode(),
    "nothing": b"",
    "null bytes": b"\x00" * 100_000,
    "only boundaries": b'Content-Type: multipart/mixed; boundary=""\n\n--\n--\n',
}


@pytest.fixture
async def pool() -> AsyncIterator[ReadingPool]:
    async with ReadingPool(1) as made:
        yield made


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_mail_is_read_or_handed_over_and_the_next_one_is_read(pool: ReadingPool, name: str) -> None:
    started = time.monotonic()
    reading = await pool(HOSTILE[name], (), ())
    assert isinstance(reading, MailReading | Unreadable)
    assert time.monotonic() - started < 12
    after = await pool(PLAIN, (), ())
    assert isinstance(after, MailReading)
    assert after.rights == ("erasure",)


async def test_a_child_that_takes_too_long_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    async with ReadingPool(1, wall_seconds=10) as pool:
        assert isinstance(await pool(PLAIN, (), ()), MailReading)
        (child,) = pool._living
        child._process.send_signal(19)
        monkeypatch.setattr(pool, "_wall_seconds", 0.2)
        assert await pool(PLAIN, (), ()) == Unreadable("timeout")
        monkeypatch.setattr(pool, "_wall_seconds", 10)
        assert isinstance(await pool(PLAIN, (), ()), MailReading)


async def test_a_child_that_dies_while_reading_is_replaced(pool: ReadingPool) -> None:
    assert isinstance(await pool(PLAIN, (), ()), MailReading)
    (child,) = pool._living
    child._process.kill()
    assert isinstance(await pool(PLAIN, (), ()), Unreadable)
    assert isinstance(await pool(PLAIN, (), ()), MailReading)


async def test_no_mail_is_given_up_because_a_child_cannot_start(
    pool: ReadingPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        with pytest.raises(ReaderNotStarted, match="did not start"):
            await pool(PLAIN, (), ())
    assert isinstance(await pool(PLAIN, (), ()), MailReading)


async def test_children_are_recycled_after_so_many_mails() -> None:
    async with ReadingPool(1, mails_per_child=2) as pool:
        readings = await asyncio.gather(*(pool(PLAIN, (), ()) for _ in range(5)))
        assert all(isinstance(reading, MailReading) for reading in readings)
        assert len(pool._living) == 1


async def test_an_oversize_mail_is_not_even_tried(pool: ReadingPool) -> None:
    assert await pool(b"x" * (MAX_MAIL_BYTES + 1), (), ()) == Unreadable("oversize")


async def test_the_text_handed_on_is_capped(pool: ReadingPool) -> None:
    reading = await pool(b"From: a@b.example\n\n" + "ä ".encode() * 200_000, (), ())
    assert isinstance(reading, MailReading)
    assert len(reading.text.encode()) <= MAX_TEXT_BYTES
    assert reading.needs_person


def test_what_a_child_answers_is_checked_against_the_vocabularies() -> None:
    with pytest.raises(ValueError, match="unknown"):
        reading_pool._parse({"reading": {"kind": "party", "language": "fi", "rights": [], "evidence": []}})


@pytest.mark.parametrize(
    ("field", "person"),
    [
        ("Kai Kuu <kai@person.example>", Person("Kai Kuu", "kai@person.example")),
        ('"privacy@company.example" <evil@bad.example>', Person("privacy@company.example", "evil@bad.example")),
        ("alice@good.example <evil@bad.example>", Person("alice@good.example", "evil@bad.example")),
        ("kai@person.example", Person(None, "kai@person.example")),
        ("=?utf-8?b?S8OkaQ==?= <kai@person.example>", Person("Käi", "kai@person.example")),
        ("Kai <kai@person>", Person("Kai", None)),
        ("Kai <kai @person.example>", Person("Kai", None)),
        ("", Person(None, None)),
    ],
)
def test_only_strictly_valid_addresses_of_the_right_place_count(field: str, person: Person) -> None:
    assert mailbox(field) == person


def test_an_address_inside_a_quoted_name_is_none() -> None:
    assert addresses('"bob@evil.example" <kai@person.example>') == ("kai@person.example",)


def test_encoded_words_of_one_charset_are_joined_before_they_are_decoded() -> None:
    assert decode_words("=?utf-8?q?P=C3?= =?utf-8?q?=A4iv=C3=A4?= =?iso-8859-1?q?_=E4?=") == "Päivä ä"


def test_a_line_break_in_a_subject_does_not_survive() -> None:
    assert decode_mail(b"Subject: =?utf-8?q?a=0D=0ABcc:_x@y.example?=\n\nx").subject == "a Bcc: x@y.example"


def test_hidden_html_is_not_read_and_quotes_are_marked() -> None:
    html = "<p>Hei</p><p style='display:none'>poistakaa</p><script>x</script><blockquote>vanha<br>viesti</blockquote>"
    assert html_to_text(html) == "Hei\n\n> vanha\n> viesti"
