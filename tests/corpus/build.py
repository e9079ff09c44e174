"""Builds raw mail from the compact samples in `own/`, and tells how a reading differs from what is expected."""

import base64
import json
import quopri
from collections.abc import Iterator
from email.header import Header
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import yaml

from dsr_intake.domain.mail import MailReading

HERE: Final = Path(__file__).parent
COMPANY: Final = "company.example"
MULTIPART: Final = {"pdf", "forward", "also_html", "report", "report_headers", "attachments"}
WHEN: Final = "Mon, 05 Oct 2026 12:20:07 +0300"
FIELDS: Final = ("kind", "rights", "language", "subject_email", "subject_name", "on_behalf")


def given() -> list[tuple[str, bytes, dict[str, Any]]]:
    """The given samples: name, raw bytes, expectation."""
    lines = (HERE / "given" / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines if line.strip()]
    return [(label["file"], (HERE / "given" / label["file"]).read_bytes(), label) for label in labels]


def own(name: str) -> list[tuple[str, bytes, dict[str, Any]]]:
    """Our samples of one file: name, raw bytes, expectation."""
    samples = loaded(HERE / "own" / name)
    return [(f"{name}#{number}", build(sample), _label(sample)) for number, sample in enumerate(samples, 1)]


def loaded(path: Path) -> Any:
    """What a YAML file holds; by libyaml where it is there, since the sets are long."""
    return yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _label(sample: dict[str, Any]) -> dict[str, Any]:
    """`kind: [rights]` in short; a request is about its sender unless the sample says otherwise."""
    kind = sample.get("kind", "request")
    name, email = _sender(sample)
    is_about = kind in {"request", "follow_up"}
    return {
        "kind": kind,
        "rights": sorted(sample.get("rights", "").split()),
        "min_rights": sorted(sample.get("min_rights", sample.get("rights", "")).split()),
        "language": sample["lang"],
        "subject_email": sample.get("about_email", email if is_about else None),
        "subject_name": sample.get("about_name", name if is_about else None),
        "on_behalf": sample.get("on_behalf", False),
        "notes": sample.get("notes", ""),
    }


def got(reading: MailReading) -> dict[str, Any]:
    """A reading in the words of the labels."""
    return {
        "kind": reading.kind,
        "rights": sorted(reading.rights),
        "language": reading.language,
        "subject_email": reading.subject_email,
        "subject_name": reading.subject_name,
        "on_behalf": reading.is_on_behalf,
    }


def differences(reading: MailReading, label: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field -> (read, expected), for the fields that differ."""
    read = got(reading)
    return {field: (read[field], label[field]) for field in FIELDS if read[field] != label[field]}


def build(sample: dict[str, Any]) -> bytes:
    """The sample as raw mail with CRLF."""
    name, email = _sender(sample)
    charset = sample.get("charset", "utf-8")
    shown = Header(name, charset).encode() if not name.isascii() else name
    subject = sample.get("subject", "")
    header = [
        f"Return-Path: <{'' if sample.get('no_return_path') else email}>",
        f"Delivered-To: tietosuoja@{COMPANY}",
        f"Received: from mail.{email.split('@')[1]} by mx1.{COMPANY} with ESMTPS; Mon, 05 Oct 2026 12:20:14 +0300",
        f"From: {shown} <{email}>" if name else f"From: {email}",
        f"To: {sample.get('to', f'tietosuoja@{COMPANY}')}",
        f"Subject: {subject if subject.isascii() else Header(subject, charset).encode()}",
        f"Date: {sample.get('date', WHEN)}",
        *sample.get("headers", []),
        "MIME-Version: 1.0",
    ]
    return ("\n".join(header) + "\n").replace("\n", "\r\n").encode() + b"".join(_body(sample, charset))


def _sender(sample: dict[str, Any]) -> tuple[str, str]:
    name, _, email = sample["from"].rpartition("<")
    return name.strip(), email.strip("<> ")


def _body(sample: dict[str, Any], charset: str) -> Iterator[bytes]:
    text = sample.get("html") or sample.get("text", "")
    media = "text/html" if "html" in sample else "text/plain"
    if not MULTIPART & set(sample):
        yield from _leaf(text, media, charset, sample.get("encoding", "quoted-printable"))
        return
    kind = "alternative" if "also_html" in sample else "mixed"
    kind = "report; report-type=delivery-status" if "report" in sample else kind
    yield f'Content-Type: multipart/{kind}; boundary="=_b1"\r\n\r\n'.encode()
    yield b"--=_b1\r\n"
    yield from _leaf(text, media, charset, sample.get("encoding", "quoted-printable"))
    yield from _extras(sample)
    for attachment in sample.get("attachments", ()):
        yield from _attached(attachment)
    yield b"\r\n--=_b1--\r\n"


def _extras(sample: dict[str, Any]) -> Iterator[bytes]:
    if "also_html" in sample:
        yield b"\r\n--=_b1\r\n"
        yield from _leaf(sample["also_html"], "text/html", "utf-8", "quoted-printable")
    if "forward" in sample:
        yield b"\r\n--=_b1\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n"
        yield build(sample["forward"])
    if "pdf" in sample:
        yield b"\r\n--=_b1\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        yield b'Content-Disposition: attachment; filename="letter.pdf"\r\n\r\n'
        yield base64.encodebytes(pdf(sample["pdf"]))
    if "report" in sample:
        yield b"\r\n--=_b1\r\nContent-Type: message/delivery-status\r\n\r\n" + sample["report"].encode()
    if "report_headers" in sample:
        yield b"\r\n--=_b1\r\nContent-Type: text/rfc822-headers\r\n\r\n" + sample["report_headers"].encode()


def _attached(attachment: dict[str, str]) -> Iterator[bytes]:
    """One file: `name`, `type`, `text`; a PDF shows the text, any other type is the text itself."""
    media = attachment.get("type", "text/plain")
    charset, encoding = attachment.get("charset", "utf-8"), attachment.get("encoding", "base64")
    yield b"\r\n--=_b1\r\n"
    yield f"Content-Disposition: attachment; filename*=UTF-8''{quote(attachment['name'])}\r\n".encode()
    if media == "application/pdf":
        yield b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        yield base64.encodebytes(pdf(attachment["text"]))
    else:
        yield from _leaf(attachment["text"], media, charset, encoding)


def _leaf(text: str, media: str, charset: str, encoding: str) -> Iterator[bytes]:
    yield f"Content-Type: {media}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    data = text.encode(charset)
    if encoding == "base64":
        yield base64.encodebytes(data)
    elif encoding == "quoted-printable":
        yield quopri.encodestring(data).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    else:
        yield data.replace(b"\n", b"\r\n")


def pdf(text: str) -> bytes:
    """A one-page PDF that says the text."""
    escaped = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.strip().split("\n")]
    drawn = "BT /F1 11 Tf 14 TL 60 780 Td " + " ".join(f"({line}) Tj T*" for line in escaped) + " ET"
    stream = drawn.encode("cp1252", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )
