"""Header fields of hostile mail: capped before they are parsed, encoded words decoded within bounds."""

import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from dsr_intake.domain.reading.source import Person

MAX_HEADER_BYTES: Final = 64 * 1024
MAX_FIELDS: Final = 400
MAX_VALUE_CHARS: Final = 8 * 1024
MAX_ENCODED_WORDS: Final = 200
_ENCODED: Final = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{1,20})?\?([bBqQ])\?([^?\s]{0,2000})\?=")
_ADDRESS: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]{1,64}"
    r"(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]{1,64}){0,8}"
    r"@(?:[A-Za-z0-9\u0080-\U0010ffff](?:[A-Za-z0-9\u0080-\U0010ffff-]{0,61}[A-Za-z0-9\u0080-\U0010ffff])?\.){1,8}"
    r"[A-Za-z\u0080-\U0010ffff][A-Za-z0-9\u0080-\U0010ffff-]{1,62}"
)
_MESSAGE_ID: Final = re.compile(r"<([^<>\s]{1,250})>")
_PARAMETER: Final = re.compile(r";\s*([\w!#$&+.^`|~-]{1,40}?)(\*\d{0,2}\*?|)\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;\s]*)")

Fields = list[tuple[str, str]]


def parse_fields(block: bytes) -> Fields:
    """Unfold a header block into (lower-case name, raw value); what exceeds the caps is left out."""
    fields: Fields = []
    for line in block[:MAX_HEADER_BYTES].decode("ascii", "surrogateescape").splitlines():
        if line[:1] in {" ", "\t"} and fields:
            name, value = fields[-1]
            if len(value) < MAX_VALUE_CHARS:
                fields[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon and len(fields) < MAX_FIELDS:
            fields.append((name.strip().lower()[:80], value.strip()[:MAX_VALUE_CHARS]))
    return fields


def first(fields: Fields, name: str) -> str:
    return next((value for key, value in fields if key == name), "")


def decode_charset(data: bytes, charset: str) -> str:
    """Text of the bytes: the charset named, else UTF-8, else Windows-1252; never an error."""
    for candidate in (charset.strip("\"' ").lower(), "utf-8"):
        try:
            info = codecs.lookup(candidate or "utf-8")
            if info._is_text_encoding:
                return data.decode(info.name, "strict")
        except (LookupError, ValueError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def plain(value: str) -> str:
    """One line of visible text: raw bytes decoded, controls and direction marks out, width folded."""
    if any("\udc80" <= char <= "\udcff" for char in value):
        value = decode_charset(value.encode("utf-8", "surrogateescape"), "utf-8")
    value = "".join(" " if unicodedata.category(char) in {"Cc", "Zl", "Zp"} else char for char in value)
    return " ".join("".join(char for char in value if unicodedata.category(char) not in {"Cf", "Cs", "Co"}).split())


def _word_bytes(encoding: str, payload: str) -> bytes:
    if encoding in "bB":
        padded = payload + "=" * (-len(payload) % 4)
        try:
            return binascii.a2b_base64(padded.encode("ascii", "ignore"))
        except binascii.Error:
            return b""
    return binascii.a2b_qp(payload.encode("ascii", "ignore"), header=True)


def _pieces(value: str) -> Iterator[tuple[str, bytes | str]]:
    """Runs of (charset, bytes) for encoded words and ("", text) between them; blanks between two words vanish."""
    end = 0
    for count, match in enumerate(_ENCODED.finditer(value)):
        if count >= MAX_ENCODED_WORDS:
            break
        between = value[end : match.start()]
        if between.strip() or (between and end == 0):
            yield "", between
        yield match[1].lower(), _word_bytes(match[2], match[3])
        end = match.end()
    yield "", value[end:]


def decode_words(value: str) -> str:
    """RFC 2047 words decoded, neighbours of one charset joined first; bounded by count and length."""
    runs: list[tuple[str, bytes | str]] = []
    for charset, piece in _pieces(value[:MAX_VALUE_CHARS]):
        previous = runs[-1] if runs else ("", "")
        if isinstance(piece, bytes) and isinstance(previous[1], bytes) and previous[0] == charset:
            runs[-1] = (charset, previous[1] + piece)
        else:
            runs.append((charset, piece))
    return plain("".join(p if isinstance(p, str) else decode_charset(p, charset) for charset, p in runs))


def is_address(text: str) -> bool:
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def addresses(value: str, limit: int = 50) -> tuple[str, ...]:
    """Every strictly valid address of a header, in order; encoded words are never read as addresses."""
    bare = re.sub(r'"(?:[^"\\]|\\.){0,500}"', " ", _ENCODED.sub(" ", value))
    found = [match[0] for match in _ADDRESS.finditer(plain(bare))]
    return tuple(dict.fromkeys(found))[:limit]


def mailbox(value: str) -> Person:
    """Name and address of a From field. Two addresses outside angle brackets are a spoof: the bracketed one counts."""
    angled = re.search(r"<([^<>]{1,320})>\s*(?:\([^)]*\))?\s*(?:,|$)", value)
    if angled:
        name = decode_words(value[: angled.start()].strip().strip('"').replace('\\"', '"')).strip("\"' ")
        email = plain(angled[1])
    else:
        email = next(iter(addresses(value)), "")
        name = decode_words(value.replace(email, "").strip(" ()\"'<>,")) if email else decode_words(value)
    return Person(name or None, email if is_address(email) else None)


def message_ids(value: str, limit: int = 30) -> tuple[str, ...]:
    return tuple(match[1] for match in _MESSAGE_ID.finditer(plain(value)))[-limit:]


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """Main value and parameters of a structured field (RFC 2045, 2231), bounded."""
    main, _, _ = value.partition(";")
    parts: dict[str, list[str]] = {}
    extended: set[str] = set()
    for match in list(_PARAMETER.finditer(value[:4096]))[:40]:
        name, star, raw = match[1].lower(), match[2], match[3]
        text = re.sub(r"\\(.)", r"\1", raw[1:-1]) if raw[:1] == '"' else raw
        parts.setdefault(name, []).append(text)
        if star.endswith("*"):
            extended.add(name)
    joined = {name: "".join(texts) for name, texts in parts.items()}
    return main.strip().lower(), {n: _extended(t) if n in extended else decode_words(t) for n, t in joined.items()}


def _extended(text: str) -> str:
    """RFC 2231: charset, language and bytes in per cent; bytes that a sender left raw stay what they are."""
    charset, quote, rest = text.partition("'")
    _, second, encoded = rest.partition("'")
    if not (quote and second):
        charset, encoded = "utf-8", text
    return plain(decode_charset(unquote_to_bytes(encoded.encode("utf-8", "surrogateescape")), charset))
