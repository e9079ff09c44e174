"""Header blocks that are too many, too long, too deep in encodings, or not a header at all."""

from base64 import b64encode
from collections.abc import Iterator
from random import Random

from tests.corpus.hostile_words import FROM, WISH, mail

Ways = Iterator[tuple[str, bytes]]


def floods_of_fields(dice: Random) -> Ways:
    for count in (500, 5_000, 50_000, 300_000):
        yield f"{count} different ones", b"".join(b"X-%d: a\r\n" % n for n in range(count)) + mail()
    for name in (b"Received", b"From", b"To", b"Subject", b"Content-Type", b"Message-ID", b"DKIM-Signature"):
        line = name + b": a@b.example; " + dice.randbytes(20).hex().encode() + b"\r\n"
        yield f"20,000 times {name.decode()}", line * 20_000 + mail()
    yield "a field without a name, 100,000 times", b": a\r\n" * 100_000 + mail()
    yield "names without a colon", b"poistakaa\r\n" * 100_000 + mail()
    yield (
        "the sender behind a megabyte of others",
        b"X: " + b"a" * 70 + b"\r\n" + b"Y: " + b"b" * 1_000_000 + b"\r\n" + mail(),
    )


def lengths_of_fields(dice: Random) -> Ways:
    for name in ("From", "To", "Subject", "Message-ID", "Content-Type", "Content-Disposition", "Date", "Received"):
        yield f"{name} of two megabytes", mail(fields={name: b"a" * 2_000_000})
    for name in ("From", "To", "Subject", "Content-Type"):
        yield (
            f"{name} of random bytes",
            mail(fields={name: dice.randbytes(60_000).replace(b"\n", b"").replace(b"\r", b"")}),
        )
    yield "a name of a megabyte", b"X" * 1_000_000 + b": a\r\n" + mail()
    yield "only one header line and no end", b"Subject: " + b"hei " * 500_000


def folds(_dice: Random) -> Ways:
    for name in ("Subject", "From", "References", "Content-Type"):
        yield f"{name} folded 200,000 times", mail(fields={name: b"a" + b"\r\n b" * 200_000})
    yield "folds of blanks alone", mail(fields={"Subject": b"a" + b"\r\n \t " * 200_000})
    yield "a fold before the first field", b" folded\r\n\tand again\r\n" + mail()
    yield "a colon in every fold", mail(fields={"X-A": b"a" + b"\r\n From: evil@bad.example" * 1_000})
    yield "folds inside an encoded word", mail(fields={"Subject": b"=?utf-8?q?poista\r\n kaa?="})


def bombs_of_encoded_words(dice: Random) -> Ways:
    yield "a subject of 420 kB", mail(fields={"Subject": b"=?utf-8?q?=41?= " * 26_250})
    yield "a subject of 420 kB without blanks", mail(fields={"Subject": b"=?utf-8?q?=41?=" * 28_000})
    yield "60,000 in base64", mail(fields={"Subject": b"=?utf-8?b?QQ==?= " * 60_000})
    yield "in the sender's name", mail(fields={"From": b"=?utf-8?q?=41?= " * 30_000 + b"<kai@person.example>"})
    yield "in To, folded", mail(fields={"To": b"=?utf-8?q?=41?=\r\n " * 30_000 + b"<kai@person.example>"})
    yield "a charset for each", mail(fields={"Subject": "".join(f"=?x-{n}?q?=41?= " for n in range(20_000))})
    yield "words in words", mail(fields={"Subject": _nested_word(12)})
    yield "unfinished", mail(fields={"Subject": b"=?utf-8?q?" * 40_000})
    yield "question marks", mail(fields={"Subject": b"=?" + b"?" * 60_000 + b"?="})
    yield "one of 60,000 characters", mail(fields={"Subject": b"=?utf-8?q?" + b"a" * 60_000 + b"?="})
    yield "escapes without digits", mail(fields={"Subject": b"=?utf-8?q?=ZZ=4=?= =?utf-8?b?****?="})
    yield (
        "a charset that is a codec",
        mail(fields={"Subject": "=?zlib?b?eJw=?= =?rot13?q?cbvfgnxnn?= =?idna?q?xn--a?="}),
    )
    for name in (
        "utf-7",
        "utf-16",
        "iso-2022-jp",
        "hz",
        "punycode",
        "unicode_escape",
        "undefined",
        "mbcs",
        "utf-8-sig",
    ):
        word = b64encode(dice.randbytes(30)).decode()
        yield f"in {name}", mail(fields={"Subject": f"=?{name}?b?{word}?= =?{name}?q?+AGEA-=41?="})


def _nested_word(depth: int) -> str:
    word = "hei"
    for _ in range(depth):
        word = f"=?utf-8?b?{b64encode(word.encode()).decode()}?="
    return word


def injected_lines(_dice: Random) -> Ways:
    evil = "Bcc: evil@bad.example"
    for name in (
        "From",
        "To",
        "Cc",
        "Reply-To",
        "Sender",
        "Subject",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Return-Path",
    ):
        for way, mark in (("an encoded CR LF", "=0D=0A"), ("an encoded LF", "=0A"), ("an encoded NEL", "=C2=85")):
            yield (
                f"{way} in {name}",
                mail(fields={name: f"=?utf-8?q?Kai{mark}{evil.replace(' ', '_')}?= <kai@person.example>"}),
            )
    for code, sign in (
        (0x2028, "line separator"),
        (0x2029, "paragraph separator"),
        (0x0B, "vertical tab"),
        (0x0C, "form feed"),
    ):
        yield (
            f"a {sign} in the name and the address",
            mail(fields={"From": f'"Kai{chr(code)}{evil}" <kai{chr(code)}@person.example>'}),
        )
    yield "a bare CR in From", mail(fields={"From": b"Kai\rBcc: evil@bad.example <kai@person.example>"})
    yield "a bare LF in From", mail(fields={"From": b"Kai\nBcc: evil@bad.example <kai@person.example>"})
    yield "a NUL in From", mail(fields={"From": b"Kai\x00 <kai@person.example\x00@bad.example>"})


def bytes_beyond_ascii(dice: Random) -> Ways:
    yield (
        "raw UTF-8 everywhere (SMTPUTF8)",
        mail(fields={"From": "Käi Küü <käi@pöstila.example>", "Subject": "Pyyntö: poistakaa"}),
    )
    yield (
        "raw Latin-1",
        mail(fields={"From": "Käi <kai@person.example>".encode("latin-1"), "Subject": "Pyyntö".encode("latin-1")}),
    )
    yield "an address in Chinese", mail(fields={"From": "用户 <用户@例子.广告>"})
    yield "broken UTF-8", mail(fields={"From": b"K\xc3 <kai@person.example>", "Subject": b"\xff\xfe\xc0\xaf"})
    yield "surrogates as bytes", mail(fields={"Subject": "\ud800\udfff"})
    yield "names of fields beyond ASCII", "Frömm: a\r\nSübject: b\r\n".encode() + mail()
    yield "a byte order mark before the header", b"\xef\xbb\xbf" + mail()
    yield "the whole mail in UTF-16", mail().decode().encode("utf-16")
    yield "random bytes", dice.randbytes(200_000)
    yield "random bytes behind a header", mail(dice.randbytes(200_000))


def ends_of_lines(_dice: Random) -> Ways:
    for name, mark in (
        ("LF", b"\n"),
        ("CR", b"\r"),
        ("LF CR", b"\n\r"),
        ("CR CR LF", b"\r\r\n"),
        ("NUL", b"\x00"),
        ("NEL", b"\xc2\x85"),
    ):
        yield f"all are {name}", mail(line_end=mark)
    yield "header with LF, body with CR LF", mail(line_end=b"\n") + WISH.encode() * 3
    yield "header with CR LF, body with CR", mail(WISH.encode().replace(b"\r\n", b"\r") * 50)
    yield "no empty line", b"From: kai@person.example\r\nSubject: hei\r\nPoistakaa tietoni\r\n"
    yield "empty lines first", b"\r\n\r\n\r\n" + mail()
    yield "a million empty lines", mail(b"\r\n" * 1_000_000)
    yield "an mbox line first", b"From kai@person.example Mon Oct  5 12:20:07 2026\n" + mail()
    yield "only blanks", b" \t" * 100_000
    yield "NUL in every second place", mail(b"".join(bytes((one, 0)) for one in WISH.encode() * 200))


def dates_and_ids(dice: Random) -> Ways:
    dates = (
        "Mon, 99 Foo 99999 99:99:99 +9999",
        "Thu, 01 Jan 1970 00:00:00 -0000",
        "Fri, 31 Dec 9999 23:59:59 +2359",
        "0",
        "-1",
    )
    for date in (*dates, "Mon, 05 Oct 2026 12:20:07 +999999999999", "9" * 5_000, ""):
        yield (
            f"the date {date[:40]!r}",
            mail(fields={"Date": date or " ", "Received": f"by mx.company.example; {date}"}),
        )
    yield (
        "100,000 references",
        mail(fields={"References": " ".join(f"<{dice.getrandbits(64)}@x.example>" for _ in range(100_000))}),
    )
    yield (
        "a reference of 60 kB",
        mail(fields={"References": f"<{'a' * 60_000}@x.example>", "In-Reply-To": f"<{'b' * 60_000}>"}),
    )
    yield "brackets open and open", mail(fields={"References": "<" * 60_000, "Message-ID": "<" * 9_000 + ">" * 9_000})
    yield (
        "a Message-ID with a line break",
        mail(fields={"Message-ID": "=?utf-8?q?<a=0D=0Ab@x.example>?=", "In-Reply-To": "<a\x0b@x>"}),
    )
    yield "no Message-ID, no date, no sender", mail(fields={"Message-ID": "", "From": ""})


def forged_verdicts(_dice: Random) -> Ways:
    good = "mx.company.example; spf=pass smtp.mailfrom=person.example; dkim=pass header.d=person.example; dmarc=pass"
    yield (
        "below somebody else's Received",
        mail(fields={"Received": "from a by mx.evil.example; x", "Authentication-Results": good}),
    )
    yield "with nested comments", mail(fields={"Authentication-Results": "(" * 4_000 + good})
    yield "of 10,000 results", mail(fields={"Authentication-Results": "mx.company.example" + "; spf=fail" * 10_000})
    yield (
        "of quotes and backslashes",
        mail(fields={"Authentication-Results": 'mx.company.example; dkim=pass header.d="' + '\\"' * 4_000}),
    )
    yield "in an encoded word", mail(fields={"Authentication-Results": "=?utf-8?q?mx.company.example=3B_spf=3Dpass?="})
    yield "with a homoglyph of our host", mail(fields={"Authentication-Results": good.replace("company", "cоmpany")})
    yield "on 20,000 lines", f"Authentication-Results: {good}\r\n".encode() * 20_000 + mail()
    yield (
        "with a Received of parentheses",
        mail(fields={"Received": "by " + "(" * 8_000, "Authentication-Results": good}),
    )
    yield (
        "whitespace without end",
        mail(fields={"Received": "from" + " " * 8_000 + "x", "Authentication-Results": good, "To": FROM}),
    )


FAMILIES = (
    floods_of_fields,
    lengths_of_fields,
    folds,
    bombs_of_encoded_words,
    injected_lines,
    bytes_beyond_ascii,
    ends_of_lines,
    dates_and_ids,
    forged_verdicts,
)
