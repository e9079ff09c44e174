"""Looks for clear text in files: as it is, and in the forms that text takes on its way through programs."""

import base64
import gzip
import quopri
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_STREAM_STARTS = (b"\x1f\x8b\x08", b"\x78\x9c", b"\x78\x01", b"\x78\xda", b"\x78\x5e")
_LARGEST_STREAM = 4 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """A canary that was found."""

    path: Path
    canary: str
    form: str


class Scanner:
    """Searches files for canaries: texts of at least ten characters that no program writes by itself."""

    def __init__(self, canaries: Iterable[str]) -> None:
        self._folded: dict[bytes, tuple[str, str]] = {}
        self._exact: dict[bytes, tuple[str, str]] = {}
        for canary in canaries:
            assert len(canary) >= 10, "a short canary would be found by accident"
            self._folded.update({form.lower(): (canary, name) for name, form in _forms_without_case(canary)})
            self._exact.update({form: (canary, name) for name, form in _forms_with_case(canary)})

    def files(self, *places: Path) -> list[Finding]:
        """Every finding below the places."""
        found: list[Finding] = []
        for place in places:
            for path in [place] if place.is_file() else sorted(place.rglob("*")):
                if path.is_file():
                    found += [Finding(path, canary, form) for canary, form in self.content(read(path))]
        return found

    def content(self, content: bytes) -> Iterator[tuple[str, str]]:
        yield from self._plain(content)
        for stream in _unpacked(content):
            yield from ((canary, f"{form} in a compressed stream") for canary, form in self._plain(stream))

    def _plain(self, content: bytes) -> Iterator[tuple[str, str]]:
        folded = content.lower()
        yield from (meaning for form, meaning in self._folded.items() if form in folded)
        yield from (meaning for form, meaning in self._exact.items() if form in content)


def read(path: Path) -> bytes:
    """A file without the zeros at its end: the broker's index files are made 10 MB long and stay nearly empty."""
    return path.read_bytes().rstrip(b"\0")


def _forms_without_case(canary: str) -> Iterator[tuple[str, bytes]]:
    """Compared in lower case, so that changed case does not hide anything."""
    text = canary.lower()
    yield "text", text.encode()
    yield "hexadecimal", text.encode().hex().encode()
    yield "UTF-16", text.encode("utf-16-le")
    yield "UTF-16, big end first", text.encode("utf-16-be")
    yield "quoted-printable", quopri.encodestring(text.encode()).rstrip(b"=\n")
    yield "URL-encoded", quote(text, safe="").encode()
    yield "hexadecimal as written", canary.encode().hex().encode()
    yield "hexadecimal in capitals", canary.upper().encode().hex().encode()


def _forms_with_case(canary: str) -> Iterator[tuple[str, bytes]]:
    """Base64 at each of its three offsets, of words in the usual cases too; the edges belong to the neighbours."""
    for text in {canary, canary.upper(), canary.capitalize()} if canary.islower() else {canary}:
        for offset in range(3):
            coded = base64.b64encode(b"\0" * offset + text.encode())
            end = len(coded) if (offset + len(text.encode())) % 3 == 0 else -4
            core = coded[(0, 4, 4)[offset] : end]
            yield f"base64 at offset {offset}", core
            yield f"base64 at offset {offset}, URL-safe", core.replace(b"+", b"-").replace(b"/", b"_")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """What compressed streams hold, wherever they start: Kafka may compress its batches."""
    view = memoryview(content)
    for start in _STREAM_STARTS:
        at = content.find(start)
        while at >= 0:
            stream = _unpack(view[at : at + _LARGEST_STREAM], is_gzip=start == _STREAM_STARTS[0])
            if stream:
                yield stream
            at = content.find(start, at + 1)


def _unpack(start: memoryview, *, is_gzip: bool) -> bytes:
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS if is_gzip else zlib.MAX_WBITS)
    try:
        return unpacker.decompress(start, _LARGEST_STREAM)
    except zlib.error:
        return b""


def disguises(canary: str) -> dict[str, bytes]:
    """The canary in each form that the scanner must find, as a program would write it: for testing the scanner."""
    sentence = f"An answer to {canary}, as text."
    return {
        "text": sentence.encode(),
        "capitals": sentence.upper().encode(),
        "base64": base64.b64encode(sentence.encode()),
        "base64 of a longer text": base64.b64encode(b"xy" + sentence.encode()),
        "base64 at the third offset": base64.b64encode(b"x" + sentence.encode()),
        "hexadecimal": sentence.encode().hex().encode(),
        "UTF-16": sentence.encode("utf-16"),
        "quoted-printable": quopri.encodestring(sentence.encode()),
        "URL": quote(sentence).encode(),
        "gzip": b"\x00\x17" + gzip.compress(sentence.encode()) + b"\x01",
        "zlib": b"\x00\x17" + zlib.compress(sentence.encode()) + b"\x01",
    }
