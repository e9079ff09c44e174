"""Senders, recipients and file names that pretend to be something else."""

from collections.abc import Iterator
from random import Random
from urllib.parse import quote

from tests.corpus.hostile_words import attached, mail, multipart, part, wish

Ways = Iterator[tuple[str, bytes]]
PATHS = {
    "up and up": "../../../../etc/passwd",
    "a Windows path": "C:\\Windows\\System32\\drivers\\etc\\hosts",
    "a share": "\\\\server\\share\\a.pdf",
    "a root": "/etc/cron.d/job",
    "a drive's stream": "a.txt::$DATA",
    "a device": "CON",
    "dots alone": "..",
    "a dot at the end": "a.pdf.",
    "blanks alone": "   ",
    "a NUL inside": "a.txt\x00.exe",
    "a line break": "a.txt\x0b.exe",
    "two endings": "lasku.pdf.exe",
    "turned around": "lasku\u202efdp.exe",
    "isolated": "\u2066lasku\u2069.exe",
    "invisible signs": "la\u200bs\u200cku\u200d\ufeff.pdf",
    "other letters": "pаssport.pdf",
    "full-width dots": "．．／．．／etc／passwd",
    "a percent path": "%2e%2e%2fetc%2fpasswd",
    "HTML": "<img src=x onerror=alert(1)>.pdf",
    "a formula": "=cmd|' /C calc'!A1.csv",
    "50,000 letters": "a" * 50_000 + ".pdf",
    "5,000 directories": "a/" * 5_000 + "b.pdf",
    "emoji": "\U0001f4c4" * 300 + ".pdf",
    "combining marks": "a" + "\u0301" * 3_000 + ".pdf",
}


def names_of_files(_dice: Random) -> Ways:
    for way, name in PATHS.items():
        yield way, attached(name, "application/octet-stream", b"hello")
    for way in ("up and up", "a line break", "turned around", "a NUL inside"):
        coded = f"attachment; filename*=utf-8''{quote(PATHS[way], safe='')}"
        yield f"{way}, percent-encoded", multipart(wish(), part("application/pdf", "x", content_disposition=coded))
    pieces = "".join(f"; filename*{n}=a/" for n in range(500))
    yield "in 500 pieces", multipart(wish(), part("application/pdf", "x", content_disposition=f"attachment{pieces}"))
    unknown = "attachment; filename*=klingon'tlh'%FF%FE%00"
    yield "in an unknown charset", multipart(wish(), part("application/pdf", "x", content_disposition=unknown))
    yield (
        "100,000 parameters",
        multipart(wish(), part("a/b" + "; a=b" * 100_000, "x", content_disposition="attachment")),
    )


def names_of_senders(_dice: Random) -> Ways:
    yield "our own address as the name", mail(fields={"From": '"privacy@company.example" <evil@bad.example>'})
    yield "two addresses", mail(fields={"From": "<privacy@company.example> <evil@bad.example>"})
    yield "an address in a comment", mail(fields={"From": "evil@bad.example (privacy@company.example)"})
    yield "Cyrillic letters", mail(fields={"From": "Каi Кuu <kаi@реrson.example>"})
    yield "turned around", mail(fields={"From": "\u202eelpmaxe.nosrep@iak\u202c <evil@bad.example>"})
    yield "invisible signs in the address", mail(fields={"From": "Kai <k\u200bai@per\u00adson.example>"})
    yield "combining marks", mail(fields={"From": "K" + "\u0301" * 5_000 + " <kai@person.example>"})
    yield "full-width signs", mail(fields={"From": "Kai <kai＠person.example>"})
    yield "Punycode", mail(fields={"From": "Kai <kai@xn--80ak6aa92e.example>"})
    yield "no host", mail(fields={"From": "Kai <kai>"})
    yield "an IP address", mail(fields={"From": "Kai <kai@[127.0.0.1]>"})
    yield "quoted local part", mail(fields={"From": '"kai @ \\" <x>"@person.example'})
    yield "a source route", mail(fields={"From": "<@a.example,@b.example:kai@person.example>"})
    yield "percent and bang", mail(fields={"From": "<kai%person.example@relay.example>, <a!b!kai@x.example>"})
    yield "dots without end", mail(fields={"From": "a." * 30_000 + "@b.example"})
    yield "at signs without end", mail(fields={"From": "a@" * 30_000 + "b.example"})
    yield "brackets in brackets", mail(fields={"From": "<" * 9_000 + "kai@person.example" + ">" * 9_000})
    yield "comments in comments", mail(fields={"From": "(" * 9_000 + "a" + ")" * 9_000 + " kai@person.example"})
    yield "quotes that never end", mail(fields={"From": '"Kai \\' * 9_000})
    yield (
        "HTML",
        mail(fields={"From": '"<script>alert(1)</script>" <kai@person.example>', "Subject": "<b>&amp;{{7*7}}"}),
    )
    yield (
        "a format string",
        mail(fields={"From": '"{0.__class__} %s%n" <kai@person.example>', "Subject": "${jndi:ldap://x}"}),
    )


def recipients(dice: Random) -> Ways:
    yield "an empty group", mail(fields={"To": "undisclosed-recipients:;", "From": "Kai <kai@person.example>"})
    yield "a group as the sender", mail(fields={"From": "Ryhmä: kai@person.example, toinen@person.example;"})
    yield "groups in groups", mail(fields={"To": "a:" * 4_000 + ";" * 4_000})
    many = ", ".join(f"k{dice.getrandbits(40)}@x.example" for _ in range(100_000))
    yield "100,000 of them", mail(fields={"To": many, "Cc": many[:60_000]})
    yield "commas alone", mail(fields={"To": "," * 60_000})
    yield "a token that is none", mail(fields={"To": "privacy+" + "A" * 5_000 + "@company.example"})
    yield "a hundred Delivered-To", b"Delivered-To: x@y.example\r\n" * 100 + mail()


FAMILIES = (names_of_files, names_of_senders, recipients)
