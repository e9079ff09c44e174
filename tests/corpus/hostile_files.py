"""Files that unpack to far more than they weigh, that are broken, or that no program here should open."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from random import Random

from tests.corpus.hostile_words import WISH, attached, attachment, mail, multipart, part, wish

Ways = Iterator[tuple[str, bytes]]
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DEEP = "<w:p>" * 200_000


def bombs(_dice: Random) -> Ways:
    zeros = bytes(100 * 1024 * 1024)
    small, flat = gzip.compress(zeros, 6), zlib.compress(zeros, 6)
    yield "gzip of 100 MB", attached("a.gz", "application/gzip", small)
    yield "gzip in gzip", attached("a.gz", "application/gzip", gzip.compress(small))
    yield "a mail that says it is gzip", mail(small, {"Content-Type": "text/plain", "Content-Encoding": "gzip"})
    packed = _zip({"word/document.xml": zeros})
    yield "zip of 100 MB", attached("a.zip", "application/zip", packed)
    yield "Word of 100 MB", attached("a.docx", DOCX, packed)
    yield (
        "OpenDocument of 100 MB",
        attached("a.odt", "application/vnd.oasis.opendocument.text", _zip({"content.xml": zeros})),
    )
    yield "three Word files of 100 MB", multipart(wish(), *[attachment(f"{n}.docx", DOCX, packed) for n in range(3)])
    yield "zip in zip in zip", attached("a.zip", "application/zip", _zip({"a.zip": _zip({"b.zip": packed})}))
    yield "zip of 30,000 files", attached("a.docx", DOCX, _zip({f"f{n}": b"" for n in range(30_000)}))
    yield (
        "zip of 5,000 files before the text",
        attached("a.odt", "a/b", _zip({**{f"f{n}": b"" for n in range(5_000)}, "content.xml": b"x"})),
    )
    yield "PDF stream of 100 MB", attached("a.pdf", PDF, _pdf(flat, "/Filter /FlateDecode"))
    twice = zlib.compress(flat, 9)
    yield "PDF stream packed twice", attached("a.pdf", PDF, _pdf(twice, "/Filter [/FlateDecode /FlateDecode]"))
    for name in ("ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "LZWDecode"):
        yield f"PDF stream by {name}", attached("a.pdf", PDF, _pdf(b"\x80z" * 1_000_000, f"/Filter /{name}"))


def broken_documents(dice: Random) -> Ways:
    good = _pdf(b"BT /F1 12 Tf (Poistakaa tietoni) Tj ET")
    for cut in (5, 50, len(good) // 2, len(good) - 10):
        yield f"PDF cut at {cut}", attached("a.pdf", PDF, good[:cut])
    for number in range(12):
        yield f"PDF with wrong bytes, {number}", attached("a.pdf", PDF, _spoilt(good, dice))
    yield "PDF of open dictionaries", attached("a.pdf", PDF, b"%PDF-1.7\n" + b"1 0 obj<</A " * 100_000)
    yield "PDF of open arrays", attached("a.pdf", PDF, b"%PDF-1.7\n1 0 obj" + b"[" * 200_000)
    yield "PDF whose pages are in themselves", attached("a.pdf", PDF, _pdf(b"", pages="/Kids [2 0 R 2 0 R]"))
    yield "PDF whose table points to itself", attached("a.pdf", PDF, good + b"\nstartxref\n9\n%%EOF")
    yield "PDF of a million pages", attached("a.pdf", PDF, _pdf(b"", pages="/Kids [" + "3 0 R " * 50_000 + "]"))
    yield "PDF with a million operators", attached("a.pdf", PDF, _pdf(b"q 1 0 0 1 0 0 cm " * 300_000))
    yield (
        "PDF with a million words",
        attached("a.pdf", PDF, _pdf(b"BT /F1 12 Tf " + b"(poistakaa tietoni) Tj T* " * 100_000)),
    )
    yield (
        "PDF that is locked",
        attached("a.pdf", PDF, good.replace(b"/Root", b"/Encrypt <</Filter /Standard /V 4 /R 4>> /Root")),
    )
    yield "PDF after a kilobyte of others", attached("a.pdf", PDF, b"x" * 1_000 + good)
    word = _zip({"word/document.xml": f"<w:p>{WISH}</w:p>".encode()})
    for number in range(6):
        yield f"Word with wrong bytes, {number}", attached("a.docx", DOCX, _spoilt(word, dice))
    yield "Word of open paragraphs", attached("a.docx", DOCX, _zip({"word/document.xml": _DEEP.encode()}))
    yield "Word of smaller-than signs", attached("a.docx", DOCX, _zip({"word/document.xml": b"<" * 4_000_000}))
    entities = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'
    yield "Word with entities", attached("a.docx", DOCX, _zip({"word/document.xml": entities.encode()}))
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    yield "Word that reads a file", attached("a.docx", DOCX, _zip({"word/document.xml": outside.encode()}))
    yield (
        "Word with paths outside",
        attached("a.docx", DOCX, _zip({"../../etc/passwd": b"x", "word/document.xml": b"<w:p>hei</w:p>"})),
    )
    yield "Word that is locked", attached("a.docx", DOCX, word[:6] + b"\x01" + word[7:])
    yield "Word by an unknown method", attached("a.docx", DOCX, word[:8] + b"\x63\x00" + word[10:])
    yield "only the end of a zip", attached("a.docx", DOCX, b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18)


def other_files(dice: Random) -> Ways:
    tnef = b"\x78\x9f\x3e\x22\x01\x00" + b"\x01\x06\x90\x08\x00\xff\xff\xff\x7f" + dice.randbytes(5_000)
    yield "winmail.dat", attached("winmail.dat", "application/ms-tnef", tnef)
    yield "winmail.dat alone", mail(tnef, {"Content-Type": "application/ms-tnef; name=winmail.dat"})
    sealed = {"Content-Type": "application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m"}
    yield "S/MIME, enveloped", mail(b"\x30\x84\xff\xff\xff\xff" + dice.randbytes(9_000), sealed)
    opaque = {"Content-Type": "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m"}
    yield "S/MIME, signed and opaque", mail(b"\x30\x80" * 9_000 + WISH.encode(), opaque)
    signed = multipart(
        wish(), part("application/pkcs7-signature; name=smime.p7s", dice.randbytes(4_000)), subtype="signed"
    )
    yield "S/MIME, signed in clear", signed
    pgp = "-----BEGIN PGP MESSAGE-----\r\n\r\n" + "hQEMA" * 4_000 + "\r\n-----END PGP MESSAGE-----\r\n"
    yield "PGP, inline", mail(pgp)
    yield "PGP, never ending", mail(pgp[:9_000])
    yield (
        "PGP/MIME",
        multipart(
            part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", pgp), subtype="encrypted"
        ),
    )
    yield (
        "PGP, signed around a wish",
        mail(f"-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n{WISH}-----BEGIN PGP SIGNATURE-----\r\nx\r\n"),
    )
    heads = {
        "PNG": b"\x89PNG\r\n\x1a\n" + b"\xff" * 40,
        "JPEG": b"\xff\xd8\xff" * 900,
        "GIF": b"GIF89a\xff\xff\xff\xff",
        "RAR": b"Rar!\x1a\x07\x01\x00",
        "7z": b"7z\xbc\xaf\x27\x1c" + b"\xff" * 30,
        "ELF": b"\x7fELF" + b"\xff" * 60,
        "EXE": b"MZ" + b"\x90" * 60,
        "OLE": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600,
    }
    for name, head in heads.items():
        yield f"{name} that calls itself a PDF", attached("lasku.pdf", PDF, head)
    yield "both a PDF and a zip", attached("a.pdf", PDF, _pdf(b"") + _zip({"word/document.xml": b"<p>x</p>"}))
    yield "both HTML and a PDF", attached("a.pdf", PDF, b"<script>alert(1)</script>" + _pdf(b""))
    yield "SVG with a script", attached("a.svg", "image/svg+xml", b"<svg onload='alert(1)'>" + b"<g>" * 50_000)
    yield (
        "a calendar that invites",
        mail("BEGIN:VCALENDAR\r\n" * 9_000, {"Content-Type": "text/calendar; method=REQUEST"}),
    )
    yield "12 MB of random bytes", attached("a.bin", "application/octet-stream", dice.randbytes(12_000_000))
    yield "an empty file", attached("a.pdf", PDF, b"")


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 10, 5, 12, 20, 6)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _pdf(content: bytes, options: str = "", pages: str = "/Kids [3 0 R]") -> bytes:
    """A PDF of one page with a right table of its objects."""
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>",
        f"<</Type /Pages /Count 1 {pages}>>".encode(),
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>",
        f"<</Length {len(content)} {options}>>\nstream\n".encode() + content + b"\nendstream",
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>",
    ]
    out, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer <</Size {len(objects) + 1} /Root 1 0 R>>\n"
    return out + head.encode() + f"startxref\n{len(out)}\n%%EOF\n".encode()


def _spoilt(data: bytes, dice: Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(8):
        spoilt[dice.randrange(8, len(spoilt))] = dice.randrange(256)
    return bytes(spoilt)


FAMILIES = (bombs, broken_documents, other_files)
