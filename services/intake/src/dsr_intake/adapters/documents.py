"""Text of attached documents: PDF by pypdf, word-processor files by their one XML part; bounded in pages and time."""

import io
import re
import signal
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from types import FrameType
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MAX_DOCUMENT_BYTES: Final = 12 * 1024 * 1024
MAX_PAGES: Final = 10
MAX_CHARS: Final = 64 * 1024
MAX_XML_BYTES: Final = 4 * 1024 * 1024
CPU_SECONDS: Final = 1.5
_BROKEN: Final = (
    PyPdfError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Whatever a broken document makes a pure-Python parser raise."""


class _TookTooLongError(OSError):
    """The document used up its share of processor time."""


@contextmanager
def _cpu_limit(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TookTooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def document_text(data: bytes) -> str | None:
    """Text of the document, or None where it could not be read within its limits."""
    try:
        with _cpu_limit(CPU_SECONDS):
            if data[:4] == b"PK\x03\x04":
                return _office_text(data)
            return _pdf_text(data) if b"%PDF" in data[:1024] else None
    except _BROKEN:
        return None


def _pdf_text(data: bytes) -> str:
    reader = PdfReader(io.BytesIO(data), strict=False)
    texts: list[str] = []
    for number, page in enumerate(reader.pages):
        if number >= MAX_PAGES or sum(map(len, texts)) > MAX_CHARS:
            break
        texts.append(page.extract_text())
    return "\n\n".join(texts)[:MAX_CHARS]


def _office_text(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = next((n for n in ("word/document.xml", "content.xml") if n in archive.namelist()[:2000]), None)
        if name is None:
            return None
        with archive.open(name) as part:
            xml = part.read(MAX_XML_BYTES).decode("utf-8", "replace")
    broken = re.sub(r"</w:p>|<w:br ?/>|</text:p>|</text:h>|<text:line-break ?/>", "\n", xml)
    return unescape(re.sub(r"<[^<>]{0,5000}>", "", broken))[:MAX_CHARS]
