"""MIME structures: deep, many, unfinished, contradictory."""

from base64 import b64encode
from collections.abc import Iterator
from random import Random

from tests.corpus.hostile_words import WISH, mail, multipart, part, wish

Ways = Iterator[tuple[str, bytes]]


def parts_in_parts(_dice: Random) -> Ways:
    for depth in (9, 100, 2_000):
        lines = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
        yield f"{depth} deep", b"From: kai@person.example\r\n" + b"".join(lines) + b"\r\n" + WISH.encode()
    yield (
        "one boundary for all",
        mail(
            b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 5_000,
            {"Content-Type": "multipart/mixed; boundary=a"},
        ),
    )
    prefixes = (
        b"Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n" % (b"a" * n, b"a" * n) for n in range(1, 190)
    )
    yield "each boundary the beginning of the next", b"".join(prefixes) + WISH.encode()
    alternatives = (b"Content-Type: multipart/alternative; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(50))
    yield "alternatives in alternatives", b"".join(alternatives) + b"\r\n" + WISH.encode()


def many_parts(_dice: Random) -> Ways:
    for count in (61, 3_000, 200_000):
        yield f"{count} of them", multipart(*[b"\r\nx"] * count)
    yield "the wish in the last of 3,000", multipart(*[b"\r\nx"] * 3_000, wish())
    yield "5,000 alternatives", multipart(*[wish()] * 5_000, subtype="alternative")
    yield (
        "2,000 files",
        multipart(wish(), *[part("application/pdf", "x", content_disposition="attachment; filename=a.pdf")] * 2_000),
    )
    yield "59 texts of 300 kB", multipart(*[part("text/plain", "poistakaa tietoni ja " * 15_000)] * 59)
    yield "59 times HTML of 100 kB", multipart(*[part("text/html", "<p>poistakaa <b>tietoni</b>" * 4_000)] * 59)
    yield "half a million delimiters", mail(b"--a\r\n" * 500_000, {"Content-Type": "multipart/mixed; boundary=a"})
    yield (
        "almost delimiters",
        mail(b"\r\n--aaaaaaaaa" * 200_000, {"Content-Type": f"multipart/mixed; boundary={'a' * 60}"}),
    )


def boundaries(_dice: Random) -> Ways:
    body = b"--b0\r\n\r\n" + WISH.encode() + b"\r\n--b0--\r\n"
    for way, value in (
        ("none", "multipart/mixed"),
        ("an empty one", 'multipart/mixed; boundary=""'),
        ("another one", "multipart/mixed; boundary=zz"),
        ("two of them", "multipart/mixed; boundary=b0; boundary=b1"),
        ("quotes left open", 'multipart/mixed; boundary="b0'),
        ("a blank at its end", 'multipart/mixed; boundary="b0 "'),
        ("10,000 letters", "multipart/mixed; boundary=" + "b" * 10_000),
        ("a regular expression", 'multipart/mixed; boundary="(b+)+$"'),
        ("beyond ASCII", "multipart/mixed; boundary=ää"),
        ("continued", "multipart/mixed; boundary*0=b; boundary*1=0"),
        ("percent-encoded", "multipart/mixed; boundary*=utf-8''b0"),
        ("an encoded word", "multipart/mixed; boundary==?utf-8?q?b0?="),
        ("a NUL", 'multipart/mixed; boundary="b\x000"'),
    ):
        yield way, mail(body, {"Content-Type": value})
    yield "never closed", multipart(wish(), ends=False)
    yield "closed at once", mail(b"--b0--\r\n" + body, {"Content-Type": "multipart/mixed; boundary=b0"})
    yield "a wish in the preamble", mail(WISH.encode() + body, {"Content-Type": "multipart/mixed; boundary=b0"})
    yield "a wish in the epilogue", multipart(b"\r\nx") + WISH.encode()
    yield "only delimiters", mail(b"--b0\r\n--b0\r\n--b0--", {"Content-Type": "multipart/mixed; boundary=b0"})
    yield "with bare CR", mail(body.replace(b"\r\n", b"\r"), {"Content-Type": "multipart/mixed; boundary=b0"})


def types(dice: Random) -> Ways:
    for value in (
        "",
        "text",
        "text/",
        "/plain",
        "text/plain/html",
        "a/b/c/d",
        ";",
        "; charset=utf-8",
        "TEXT/PLAIN (comment)",
        "x" * 50_000,
        "text/plain; " * 2_000,
    ):
        yield f"{value[:30]!r} of {len(value)} signs", mail(fields={"Content-Type": value or " "})
    yield "two of them", b"Content-Type: text/html\r\nContent-Type: application/pdf\r\n" + mail()
    yield (
        "a multipart that says it is in base64",
        mail(
            b64encode(multipart(wish())),
            {"Content-Type": "multipart/mixed; boundary=b0", "Content-Transfer-Encoding": "base64"},
        ),
    )
    yield "quotes and backslashes", mail(fields={"Content-Type": 'text/plain; a="' + '\\"' * 60_000})
    yield "semicolons", mail(fields={"Content-Type": "text/plain" + ";" * 60_000})
    yield "equals signs", mail(fields={"Content-Type": "text/plain; a" + "=" * 60_000})
    yield (
        "random parameters",
        mail(
            fields={
                "Content-Type": "text/plain; "
                + "; ".join(f"{dice.getrandbits(16)}*{dice.randrange(99)}*=x'y'%zz" for _ in range(2_000))
            }
        ),
    )


def mails_in_mails(_dice: Random) -> Ways:
    yield "20,000 deep", b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + mail()
    yield "12 deep and real", _inside(mail(), 12)
    yield "in base64, 6 deep", _inside(mail(), 6, "base64")
    yield "59 beside each other", multipart(*[part("message/rfc822", mail())] * 59)
    yield "59 of 200 kB", multipart(*[part("message/rfc822", mail(WISH * 3_000))] * 59)
    yield "an .eml that is none", multipart(wish(), part("application/octet-stream; name=a.eml", b"\x00\xff" * 9_000))
    yield "a text that is named .eml", multipart(part("text/plain; name=viesti.eml", mail()))
    for number, total in ((1, 2), (2, 2), (99_999_999, 1)):
        value = f'message/partial; id="a@b"; number={number}; total={total}'
        yield f"part {number} of {total} of a mail", mail(mail(), {"Content-Type": value})
    for access in (
        'URL; URL="http://127.0.0.1:9/x"',
        'local-file; name="/etc/passwd"',
        "anon-ftp; site=ftp.evil.example",
        "mail-server",
    ):
        yield (
            f"elsewhere: {access.split(';')[0]}",
            mail(
                "Content-Type: text/plain\r\n\r\n" + WISH,
                {"Content-Type": f"message/external-body; access-type={access}"},
            ),
        )
    report = part(
        "message/delivery-status",
        "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.example\r\nAction: failed\r\n",
    )
    yield "a report that is a request", multipart(wish(), report, part("message/rfc822", mail()), subtype="report")
    yield "2,000 reports", multipart(wish(), *[report] * 2_000, subtype="report")
    yield "a header alone as text", multipart(wish(), part("text/rfc822-headers", mail()))


def _inside(raw: bytes, depth: int, encoding: str = "7bit") -> bytes:
    for _ in range(depth):
        body = b64encode(raw) if encoding == "base64" else raw
        raw = mail(body, {"Content-Type": "message/rfc822", "Content-Transfer-Encoding": encoding})
    return raw


FAMILIES = (parts_in_parts, many_parts, boundaries, types, mails_in_mails)
