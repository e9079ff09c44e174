"""Texts whose encoding lies, and texts that are made to cost the reader time."""

import quopri
from base64 import b64encode, encodebytes
from collections.abc import Iterator
from random import Random

from tests.corpus.hostile_words import WISH, mail

Ways = Iterator[tuple[str, bytes]]


def charsets(dice: Random) -> Ways:
    unknown = (
        "klingon",
        "x-user-defined",
        "utf-8; drop table",
        "../../utf-8",
        "a" * 5_000,
        "\x00",
        "unknown-8bit",
        "8bit",
    )
    for name in unknown:
        yield (
            f"unknown {name[:20]!r}",
            mail("Pyyntö: poistakaa tietoni", {"Content-Type": f'text/plain; charset="{name}"'}),
        )
    for name in (
        "zlib",
        "bz2",
        "hex",
        "base64",
        "rot13",
        "uu",
        "quopri",
        "idna",
        "punycode",
        "undefined",
        "unicode_escape",
        "raw_unicode_escape",
        "mbcs",
        "oem",
    ):
        yield f"no charset but a codec: {name}", mail(WISH * 200, {"Content-Type": f"text/plain; charset={name}"})
    for name in (
        "utf-16",
        "utf-32",
        "utf-7",
        "iso-2022-jp",
        "hz",
        "gb18030",
        "euc-kr",
        "cp037",
        "utf-16-be",
        "iso-2022-kr",
        "johab",
    ):
        yield f"random bytes as {name}", mail(dice.randbytes(60_000), {"Content-Type": f"text/plain; charset={name}"})
    yield (
        "UTF-7 that hides markup",
        mail(
            "+ADw-script+AD4-alert(1)+ADw-/script+AD4- poistakaa tietoni", {"Content-Type": "text/html; charset=utf-7"}
        ),
    )
    yield "UTF-7 without its name", mail("Poistakaa tietoni +AOQ-+AAo-Bcc: evil@bad.example")
    yield (
        "ASCII with eighth bits",
        mail("Pyyntö: poistakaa tietoni".encode("latin-1"), {"Content-Type": "text/plain; charset=us-ascii"}),
    )
    yield (
        "UTF-8 that is Latin-1",
        mail("Pyydän tietoni".encode("latin-1"), {"Content-Type": "text/plain; charset=utf-8"}),
    )
    yield "overlong UTF-8", mail(b"\xc0\xae\xc0\xae\xc0\xaf poistakaa tietoni \xf8\x88\x80\x80\x80" * 500)
    yield "a UTF-16 wish", mail(WISH.encode("utf-16"), {"Content-Type": "text/plain; charset=utf-16"})
    yield "surrogates in UTF-8", mail("\ud83d" * 3_000 + WISH)


def transfer_encodings(dice: Random) -> Ways:
    wish = encodebytes(WISH.encode() * 40)
    for way, body in (
        ("cut off", wish[:-7]),
        ("with strange signs", b"*".join(wish[n : n + 5] for n in range(0, len(wish), 5))),
        ("that goes on after its end", b64encode(b"hei") + b"=\r\n" + wish),
        ("of padding alone", b"=" * 200_000),
        ("of one sign", b"Q"),
        ("of three megabytes", b64encode(dice.randbytes(2_200_000))),
        ("that is plain text", WISH.encode()),
        ("in base64 in base64", b64encode(wish)),
        ("with 500,000 line ends", b"\r\n" * 500_000 + wish),
        ("in the alphabet of web addresses", wish.replace(b"/", b"_").replace(b"+", b"-")),
    ):
        yield (
            f"base64 {way}",
            mail(body, {"Content-Transfer-Encoding": "base64", "Content-Type": "text/plain; charset=utf-8"}),
        )
    for way, body in (
        ("soft breaks without end", b"=\r\n" * 300_000),
        ("escapes that are none", b"=ZZ=0=" * 50_000),
        ("every sign escaped", quopri.encodestring(WISH.encode() * 500, quotetabs=True)),
        ("an equals sign at the end", WISH.encode() + b"="),
        ("one line of a megabyte", b"=C3=A4" * 170_000),
        ("encoded line breaks and NUL", b"a=0D=0ABcc:=20evil@bad.example=00=0A" * 2_000),
    ):
        yield f"quoted-printable: {way}", mail(body, {"Content-Transfer-Encoding": "quoted-printable"})
    for name in (
        "x-uuencode",
        "gzip",
        "7bit",
        "binary",
        "base64; x",
        "BASE64 (really)",
        "=?utf-8?q?base64?=",
        "base64\x00",
    ):
        yield f"named {name!r}", mail(wish, {"Content-Transfer-Encoding": name})
    yield "two of them", b"Content-Transfer-Encoding: base64\r\n" + mail(fields={"Content-Transfer-Encoding": "8bit"})


def long_texts(dice: Random) -> Ways:
    letters = "abcdefghijklmnopqrstuvwxyzäöå .,;:!?\n-_'\"()<>@/\\0123456789"
    yield "one word of a megabyte", mail("a" * 1_000_000)
    yield "a million words", mail("poistakaa tietoni ja " * 50_000)
    yield "words without blanks", mail("poistakaatietoni" * 60_000)
    yield "random letters", mail("".join(dice.choices(letters, k=300_000)))
    yield "capitals in a row", mail("edunvalvoja " + "Aa Bb " * 10_000 + " poistakaa tietoni")
    yield "negations in a row", mail("en ei et " * 20_000 + " poistakaa tietoni")
    yield "dots", mail("." * 64_000 + " poistakaa")
    yield "hyphens", mail("- " * 30_000 + "poistakaa tietoni")
    yield "addresses", mail("kai@person.example " * 3_000)
    yield "almost addresses", mail("a.b-c." * 10_000 + "@")
    yield "at signs", mail("a@" * 30_000)
    yield "quotes in quotes", mail("\r\n".join(">" * n + " poistakaa tietoni" for n in range(1, 340)))
    yield "60,000 quote marks", mail(">" * 60_000 + " x")
    yield "headers pasted 5,000 times", mail("From: a\r\nSent: b\r\nTo: c\r\nSubject: d\r\n" * 5_000)
    yield "attributions without quotes", mail("On 1.1.2026 Kai wrote:\r\n" * 4_000)
    yield "signatures", mail("--\r\nKai Kuu\r\n" * 6_000)
    yield "disclaimers", mail("This is confidential. intended recipient\r\n\r\n" * 1_500)
    yield (
        "underscores and rules",
        mail("_" * 30_000 + "\r\n" + "=" * 30_000 + "\r\n" + "-" * 3_000 + " original message"),
    )
    yield "blanks", mail("poistakaa" + " " * 60_000 + "tietoni")
    yield "blank lines", mail("\r\n \t\r\n" * 15_000 + WISH)
    yield "format=flowed without end", mail("a \r\n" * 200_000, {"Content-Type": "text/plain; format=flowed"})
    yield "numbers of articles", mail("GDPR 15 16 17 18 20 21 artikla " * 2_000)
    yield "apostrophes", mail("a'b'" * 15_000)
    yield "misspelt words", mail(" ".join("poistak" + "".join(dice.choices(letters[:26], k=4)) for _ in range(6_000)))


def signs(dice: Random) -> Ways:
    yield "zero-width ones in every word", mail("\u200b".join("poistakaa kaikki tietoni"))
    yield "soft hyphens", mail("\u00ad".join("poistakaa kaikki tietoni"))
    yield "turned around", mail("\u202e" + "inoteit aakatsiop" + "\u202c")
    yield "never closed turns", mail("\u202e\u2066\u2067\u2068" * 5_000 + WISH)
    yield "combining marks", mail("poistakaa" + "\u0316\u0301" * 20_000 + " tietoni")
    yield "combining marks in the wrong order", mail("a" + "\u0315\u0300\u05ae\u0327" * 7_000)
    yield "Hangul that grows when composed", mail("\u1100\u1161\u11a8" * 7_000)
    yield "ligatures that grow eighteen-fold", mail("\ufdfa" * 10_000)
    yield "mathematical letters", mail("𝐩𝐨𝐢𝐬𝐭𝐚𝐤𝐚𝐚 𝐭𝐢𝐞𝐭𝐨𝐧𝐢")
    yield "Cyrillic look-alikes", mail("роistаkаа kаikki tiеtоni")
    yield "full-width letters", mail("ｐｏｉｓｔａｋａａ　ｔｉｅｔｏｎｉ")
    yield "all of Unicode", mail("".join(chr(n) for n in range(0x20, 0x3000)) + WISH)
    yield "emoji families", mail("👨‍👩‍👧‍👦" * 3_000)
    yield "tags", mail("".join(chr(0xE0000 + ord(c)) for c in "poistakaa tietoni") * 50)
    yield "private letters", mail("".join(chr(0xE000 + dice.randrange(0x1900)) for _ in range(20_000)))
    yield "Turkish dotted letters", mail("POİSTAKAA TİETONİ ıI" * 2_000)
    yield "control signs", mail(bytes(range(32)) * 2_000 + WISH.encode())
    yield "commands for a terminal", mail("\x1b[2J\x1b]0;evil\x07\x9b31m" * 500 + WISH, {"Subject": "\x1b[31mhei"})


FAMILIES = (charsets, transfer_encodings, long_texts, signs)
