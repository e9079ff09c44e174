"""Raw mail to text: a small MIME splitter with a cap on everything, so that no mail costs more than its size."""

import binascii
from dataclasses import dataclass, field
from typing import Final

from dsr_intake.adapters.documents import MAX_DOCUMENT_BYTES, document_text
from dsr_intake.adapters.html_text import html_to_text
from dsr_intake.adapters.mime_headers import (
    MAX_HEADER_BYTES,
    Fields,
    addresses,
    decode_charset,
    decode_words,
    first,
    mailbox,
    message_ids,
    parameters,
    parse_fields,
    plain,
)
from dsr_intake.domain.mail import MAX_TEXT_BYTES
from dsr_intake.domain.reading.source import AUTO_HEADERS, Decoded

MAX_DEPTH: Final = 8
MAX_PARTS: Final = 60
MAX_ENCODED_TEXT: Final = 1024 * 1024
MAX_SUBJECT_CHARS: Final = 500
MAX_DOCUMENTS: Final = 3
MAX_REPORT_CHARS: Final = 16 * 1024
_DOCUMENT_ENDINGS: Final = (".pdf", ".docx", ".odt")


@dataclass(slots=True)
class _Budget:
    """What is left to spend on this mail, shared by all messages inside it."""

    parts: int = MAX_PARTS
    documents: int = MAX_DOCUMENTS
    is_cut: bool = False


@dataclass(slots=True)
class _Collected:
    """What the parts of one message gave so far."""

    texts: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    forwarded: list[Decoded] = field(default_factory=list)
    delivery_reports: list[str] = field(default_factory=list)
    bounced_ids: list[str] = field(default_factory=list)
    is_report: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a mail, not decoded yet."""

    fields: Fields
    body: bytes
    media: str
    options: dict[str, str]
    disposition: str
    name: str


def decode_mail(raw: bytes) -> Decoded:
    """Decode one raw mail; every limit that was reached shows in `is_cut`."""
    return _decode_message(raw, _Budget(), 0)


def split_header(raw: bytes) -> tuple[bytes, bytes]:
    """Header block and body, at the first empty line; without one, all is header."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := raw.find(mark)) >= 0]
    if raw[:1] in {b"\n", b"\r"}:
        return b"", raw.lstrip(b"\r\n")
    if not ends:
        return raw, b""
    at, length = min(ends)
    return raw[:at], raw[at + length :]


def _decode_message(raw: bytes, budget: _Budget, depth: int) -> Decoded:
    header, body = split_header(raw)
    if len(header) > MAX_HEADER_BYTES:
        budget.is_cut = True
    fields = parse_fields(header)
    collected = _Collected()
    _walk(part_of(fields, body), collected, budget, depth)
    text = "\n\n".join(text for text in collected.texts if text.strip())
    budget.is_cut = budget.is_cut or len(text.encode("utf-8", "replace")) > MAX_TEXT_BYTES
    return Decoded(
        sender=mailbox(first(fields, "from") or first(fields, "sender")),
        subject=decode_words(first(fields, "subject"))[:MAX_SUBJECT_CHARS],
        text=_capped(text),
        recipients=tuple(dict.fromkeys(a for n, v in fields if n in _RECIPIENTS for a in addresses(v))),
        headers=tuple((name, plain(value)[:300]) for name, value in fields if name in AUTO_HEADERS),
        message_id=next(iter(message_ids(first(fields, "message-id"))), None),
        in_reply_to=next(iter(message_ids(first(fields, "in-reply-to"))), None),
        references=message_ids(first(fields, "references")),
        attachment_names=tuple(collected.names),
        attachment_texts=tuple(_capped(text) for text in collected.documents),
        forwarded=tuple(collected.forwarded),
        delivery_reports=tuple(collected.delivery_reports),
        bounced_ids=tuple(collected.bounced_ids),
        is_report=collected.is_report,
        is_cut=budget.is_cut,
    )


_RECIPIENTS: Final = ("to", "cc", "delivered-to", "x-original-to")


def _capped(text: str) -> str:
    return text[:MAX_TEXT_BYTES].encode("utf-8", "replace")[:MAX_TEXT_BYTES].decode("utf-8", "ignore")


def part_of(fields: Fields, body: bytes) -> Part:
    media, options = parameters(first(fields, "content-type"))
    disposition, extra = parameters(first(fields, "content-disposition"))
    name = (extra.get("filename") or options.get("name") or "").replace("\\", "/").rsplit("/", 1)[-1][:200]
    return Part(fields, body, media if media.count("/") == 1 else "text/plain", options, disposition, name)


def _walk(part: Part, into: _Collected, budget: _Budget, depth: int) -> None:
    budget.parts -= 1
    if budget.parts < 0 or depth > MAX_DEPTH:
        budget.is_cut = True
        return
    if part.media.startswith("multipart/"):
        _walk_multipart(part, into, budget, depth)
    elif part.media in {"message/delivery-status", "message/disposition-notification"}:
        into.is_report = True
        if part.media == "message/delivery-status":
            into.delivery_reports.append(_text(part, budget)[:MAX_REPORT_CHARS])
    elif part.media == "text/rfc822-headers":
        into.bounced_ids += message_ids(first(parse_fields(payload(part, MAX_HEADER_BYTES)), "message-id"))
    elif part.media == "message/rfc822" or part.name.lower().endswith(".eml"):
        into.forwarded.append(_decode_message(payload(part, MAX_DOCUMENT_BYTES), budget, depth + 1))
    elif part.media in {"text/plain", "text/html"} and not (part.disposition == "attachment" and part.name):
        into.texts.append(_text(part, budget))
    else:
        _keep_attachment(part, into, budget)


def _walk_multipart(part: Part, into: _Collected, budget: _Budget, depth: int) -> None:
    pieces = split_parts(part.body, part.options.get("boundary", ""))
    if not pieces:
        into.texts.append(_text(part_of([], part.body), budget))
        return
    into.is_report = into.is_report or (
        part.media == "multipart/report" and "disposition" not in part.options.get("report-type", "")
    )
    if part.media != "multipart/alternative":
        for piece in pieces:
            _walk(parsed_part(piece), into, budget, depth + 1)
        return
    choices = _Collected()
    texts = []
    for piece in pieces:
        choices.texts = []
        _walk(parsed_part(piece), choices, budget, depth + 1)
        texts.append("\n".join(choices.texts))
    into.texts.append(_best(texts))
    into.names += choices.names
    into.documents += choices.documents
    into.forwarded += choices.forwarded


def parsed_part(piece: bytes) -> Part:
    header, body = split_header(piece)
    return part_of(parse_fields(header), body)


def _best(texts: list[str]) -> str:
    """The first alternative, which is the plain one, unless it says next to nothing beside a later one."""
    longest = max(texts, key=lambda text: len(text.strip()))
    return next((text for text in texts if len(text.strip()) * 4 >= len(longest.strip()) > 0), longest)


def split_parts(body: bytes, boundary: str) -> list[bytes]:
    """Parts between the boundary's delimiter lines, at most one more than may be read."""
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    if not 1 <= len(boundary) <= 200:
        return []
    pieces: list[bytes] = []
    start, at = -1, 0 if body.startswith(mark) else body.find(b"\n" + mark)
    while at >= 0 and len(pieces) <= MAX_PARTS:
        line_start = at if body[at : at + 2] == b"--" else at + 1
        if start >= 0:
            pieces.append(body[start:line_start].removesuffix(b"\n").removesuffix(b"\r"))
        after = line_start + len(mark)
        if body[after : after + 2] == b"--":
            return pieces
        start = body.find(b"\n", after) + 1
        if start == 0:
            return pieces
        at = body.find(b"\n" + mark, start - 1)
    if start >= 0 and len(pieces) <= MAX_PARTS:
        pieces.append(body[start:])
    return pieces


def payload(part: Part, limit: int) -> bytes:
    """The bytes of a part without their transfer encoding, at most `limit`."""
    encoding = first(part.fields, "content-transfer-encoding").strip().lower()
    body = part.body[: limit * 3 // 2]
    if encoding == "base64":
        return _base64(body)[:limit]
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)[:limit]
    return body[:limit]


def _base64(body: bytes) -> bytes:
    clean = bytes(body).translate(None, b"\r\n\t =")
    for end in (len(clean), len(clean) - 1):
        try:
            return binascii.a2b_base64(clean[:end] + b"=" * (-end % 4))
        except binascii.Error:
            continue
    return b""


def _text(part: Part, budget: _Budget) -> str:
    if len(part.body) > MAX_ENCODED_TEXT:
        budget.is_cut = True
    text = decode_charset(payload(part, MAX_ENCODED_TEXT), part.options.get("charset", "utf-8"))
    if part.media == "text/html":
        return html_to_text(text)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return _unflow(text) if part.options.get("format", "").lower() == "flowed" else text


def _unflow(text: str) -> str:
    """RFC 3676: a line that ends in a blank goes on in the next, but for the signature mark and quotes."""
    lines: list[list[str]] = []
    is_open = False
    for line in text.split("\n"):
        stuffed = line.removeprefix(" ")
        if is_open and not stuffed.startswith(">") and stuffed != "-- ":
            lines[-1].append(stuffed)
        else:
            lines.append([stuffed])
        is_open = stuffed.endswith(" ") and stuffed != "-- " and not stuffed.startswith(">")
    return "\n".join("".join(pieces) for pieces in lines)


def _keep_attachment(part: Part, into: _Collected, budget: _Budget) -> None:
    if part.name:
        into.names.append(part.name)
    is_document = part.media == "application/pdf" or part.name.lower().endswith(_DOCUMENT_ENDINGS)
    if part.media == "text/plain":
        into.documents.append(_text(part, budget))
    elif is_document and budget.documents > 0:
        budget.documents -= 1
        text = document_text(payload(part, MAX_DOCUMENT_BYTES))
        budget.is_cut = budget.is_cut or text is None
        into.documents.append(text or "")
