"""Posted forms with files, read as they come: one file at a time is in memory, and what is too much is let pass by."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Final

from python_multipart import MultipartParser
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dsr_intake.domain.form_files import MAX_FILE_BYTES

MAX_FIELD_BYTES: Final = 96 * 1024
MAX_PARTS: Final = 40
MAX_HEADER_BYTES: Final = 8 * 1024
_BROKEN: Final = "This form did not arrive whole; open the page again."


@dataclass(slots=True)
class Part:
    """One field or file. `length` counts all its bytes, also those that were too many to keep."""

    name: str
    file_name: str | None
    data: bytearray = field(default_factory=bytearray, repr=False)
    length: int = 0

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


async def parts_of(request: Request) -> AsyncIterator[Part]:
    """Each part as soon as it is whole, in the order of the form; raises HTTPException for what is no form."""
    reader = _Reader(_boundary(request))
    async for chunk in request.stream():
        for part in reader.feed(chunk):
            yield part
    reader.finish()


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 1 <= len(boundary) <= 200:
        raise HTTPException(400, _BROKEN)
    return boundary


class _Reader:
    """Collects what the parser tells."""

    def __init__(self, boundary: bytes) -> None:
        self._done: list[Part] = []
        self._part: Part | None = None
        self._count = 0
        self._is_whole = False
        self._name, self._value = bytearray(), bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_header_field": self._header_name,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_end": self._finished,
            },
        )

    def feed(self, chunk: bytes) -> list[Part]:
        try:
            self._parser.write(chunk)
        except MultipartParseError:
            raise HTTPException(400, _BROKEN) from None
        done, self._done = self._done, []
        return done

    def finish(self) -> None:
        if not self._is_whole:
            raise HTTPException(400, _BROKEN)

    def _finished(self) -> None:
        self._is_whole = True

    def _begin(self) -> None:
        self._count += 1
        if self._count > MAX_PARTS:
            raise HTTPException(400, "This form has more fields than ours; open the page again.")
        self._headers = {}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]
        self._check_headers()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_headers()

    def _check_headers(self) -> None:
        if len(self._name) + len(self._value) > MAX_HEADER_BYTES or len(self._headers) > 10:
            raise HTTPException(400, _BROKEN)

    def _header_end(self) -> None:
        self._headers[bytes(self._name).lower()] = bytes(self._value)
        self._name, self._value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name, file_name = options.get(b"name", b""), options.get(b"filename")
        self._part = Part(
            name.decode("utf-8", "replace"), None if file_name is None else file_name.decode("utf-8", "replace")
        )

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part is None:
            return
        part = self._part
        part.length += end - start
        most = MAX_FIELD_BYTES if part.file_name is None else MAX_FILE_BYTES
        room = most - len(part.data)
        if part.length > most:
            if part.file_name is None:
                raise HTTPException(413, "Too much was sent at once; shorten your message.")
            part.data.clear()
            return
        part.data += data[start : min(end, start + room)]

    def _end(self) -> None:
        if self._part is not None:
            self._done.append(self._part)
            self._part = None
