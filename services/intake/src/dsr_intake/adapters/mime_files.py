"""The files inside a mail, and a digest of what a mail says: for telling a copy from another mail.

Like `mime`, everything here is capped, and runs in the limited child process.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from dsr_intake.adapters.mime import (
    MAX_DEPTH,
    MAX_PARTS,
    Part,
    parsed_part,
    part_of,
    payload,
    split_header,
    split_parts,
)
from dsr_intake.adapters.mime_headers import decode_charset, parse_fields
from dsr_intake.domain.mail import MAX_MAIL_BYTES, MailFile
from dsr_shared.media_types import media_type_of

MAX_FILES: Final = 25
MAX_FILE_BYTES: Final = 25 * 1024 * 1024
MAX_TOTAL_BYTES: Final = 30 * 1024 * 1024
_BLANKS: Final = re.compile(r"\s+")


@dataclass(slots=True)
class _Left:
    """What may still be walked."""

    parts: int = MAX_PARTS


@dataclass(slots=True)
class _Kept:
    files: list[MailFile] = field(default_factory=list)
    total: int = 0


def files_of(raw: bytes) -> tuple[MailFile, ...]:
    """Files of a mail in their order, by what their bytes are; those beyond the limits stay in the mail alone."""
    kept = _Kept()
    for part in _leaves(raw):
        if not _is_file(part) or len(kept.files) >= MAX_FILES:
            continue
        data = payload(part, MAX_FILE_BYTES + 1)
        if not data or len(data) > MAX_FILE_BYTES or kept.total + len(data) > MAX_TOTAL_BYTES:
            continue
        kept.total += len(data)
        media_type = "message/rfc822" if _is_message(part) else media_type_of(data)
        kept.files.append(MailFile(part.name or f"{len(kept.files) + 1}{_ending(media_type)}", media_type, data))
    return tuple(kept.files)


def body_digest(raw: bytes) -> str:
    """SHA-256 of what the parts say: the same for copies whose header, encoding or line ends differ."""
    digest = hashlib.sha256()
    for part in _leaves(raw):
        content = payload(part, MAX_MAIL_BYTES)
        if part.media.startswith("text/"):
            text = unicodedata.normalize("NFC", decode_charset(content, part.options.get("charset", "utf-8")))
            content = _BLANKS.sub(" ", text).strip().encode("utf-8", "replace")
        digest.update(f"{part.media}:{len(content)}:".encode("utf-8", "replace"))
        digest.update(content)
    return digest.hexdigest()


def _leaves(raw: bytes) -> Iterator[Part]:
    header, body = split_header(raw)
    yield from _walk(part_of(parse_fields(header), body), _Left(), 0)


def _walk(part: Part, left: _Left, depth: int) -> Iterator[Part]:
    left.parts -= 1
    if left.parts < 0 or depth > MAX_DEPTH:
        return
    pieces = split_parts(part.body, part.options.get("boundary", "")) if part.media.startswith("multipart/") else []
    if not pieces:
        yield part
    for piece in pieces:
        yield from _walk(parsed_part(piece), left, depth + 1)


def _is_message(part: Part) -> bool:
    return part.media == "message/rfc822"


def _is_file(part: Part) -> bool:
    """Everything but the text itself and what mail servers report."""
    if part.media in {"text/plain", "text/html"}:
        return part.disposition == "attachment" or bool(part.name)
    is_report = part.media in {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}
    return not is_report and not part.media.startswith("multipart/")


def _ending(media_type: str) -> str:
    known = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "message/rfc822": ".eml"}
    return known.get(media_type, ".txt" if media_type == "text/plain" else ".bin")
