"""The few IMAP4rev1 commands that reading a mailbox takes, over asyncio streams, with a limit on all that comes in.

ImapError
├── MailboxUnreachableError    network, TLS, a server that is silent or hangs up
├── MailboxRefusedError        the server takes neither user name nor password
└── ImapAnswerError            the server said NO or BAD, or what no server should say
"""

import asyncio
import re
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

from dsr_intake.domain.mail import MAX_MAIL_BYTES

ResultT = TypeVar("ResultT")
Security = Literal["tls", "starttls", "none"]
_LITERAL: Final = re.compile(rb"\{(\d{1,12})\}$")
_MAX_LINE_BYTES: Final = 1024 * 1024
_MAX_LITERAL_BYTES: Final = MAX_MAIL_BYTES + 1024


class ImapError(Exception):
    """Anything between us and a mailbox."""


class MailboxUnreachableError(ImapError):
    """The server cannot be reached or went away."""


class MailboxRefusedError(ImapError):
    """The server refuses the sign-in."""


class ImapAnswerError(ImapError):
    """The server refused a command or broke the protocol; the text names the command only."""


@dataclass(frozen=True, slots=True)
class Line:
    """One untagged answer: its text with {} in place of each literal."""

    text: bytes
    literals: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command brought."""

    status: str
    text: bytes
    lines: tuple[Line, ...]


class ImapConnection:
    """One connection; not for use by two tasks at once."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
        self._reader = reader
        self._writer = writer
        self._seconds = seconds
        self._count = 0

    @classmethod
    async def open(cls, host: str, port: int, security: Security, *, seconds: float = 30.0) -> "ImapConnection":
        """Connect, wait for the greeting and switch to TLS where that is asked."""
        context = ssl.create_default_context() if security != "none" else None
        try:
            async with asyncio.timeout(seconds):
                reader, writer = await asyncio.open_connection(
                    host, port, ssl=context if security == "tls" else None, limit=_MAX_LINE_BYTES
                )
                connection = cls(reader, writer, seconds)
                await connection._read_line()
                if security == "starttls" and context is not None:
                    await connection.checked("STARTTLS")
                    await writer.start_tls(context, server_hostname=host)
                return connection
        except (OSError, TimeoutError) as problem:
            raise MailboxUnreachableError(type(problem).__name__) from problem

    async def close(self) -> None:
        """Hang up; a server that is gone already is no problem."""
        self._writer.close()
        try:
            async with asyncio.timeout(2):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            return

    async def checked(self, command: str, *values: str) -> Answer:
        """Run a command that must end in OK."""
        answer = await self.run(command, *values)
        if answer.status != "OK":
            raise ImapAnswerError(f"{command.split(' {')[0]} was answered by {answer.status}")
        return answer

    async def run(self, command: str, *values: str) -> Answer:
        """Run one command; each `{}` in it is replaced by a value as an IMAP string, whatever that value holds."""
        tag = self._tag()
        try:
            async with asyncio.timeout(self._seconds):
                await self._send(tag, command, values)
        except (OSError, TimeoutError) as problem:
            raise MailboxUnreachableError(type(problem).__name__) from problem
        return await self._answer(tag)

    async def idle(self, stop: asyncio.Event, seconds: float) -> bool:
        """Wait until the server tells of new mail, the time is over, or `stop` is set; True for new mail."""
        tag = self._tag()
        self._writer.write(f"{tag} IDLE\r\n".encode())
        if not (await self._timed(self._read_line())).startswith(b"+"):
            raise ImapAnswerError("IDLE was not taken")
        news = asyncio.create_task(self._news())
        stopped = asyncio.create_task(stop.wait())
        done, waiting = await asyncio.wait({news, stopped}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        if news in done:
            news.result()
        self._writer.write(b"DONE\r\n")
        await self._answer(tag)
        return news in done

    def _tag(self) -> str:
        self._count += 1
        return f"K{self._count}"

    async def _send(self, tag: str, command: str, values: tuple[str, ...]) -> None:
        pieces = command.split("{}")
        out = f"{tag} {pieces[0]}".encode()
        for value, piece in zip(values, pieces[1:], strict=True):
            if value.isascii() and value.isprintable():
                escaped = value.replace("\\", "\\\\").replace('"', '\\"')
                out += f'"{escaped}"'.encode()
            else:
                data = value.encode()
                self._writer.write(out + b"{%d}\r\n" % len(data))
                if not (await self._read_line()).startswith(b"+"):
                    raise ImapAnswerError("a literal was not taken")
                out = data
            out += piece.encode()
        self._writer.write(out + b"\r\n")
        await self._writer.drain()

    async def _answer(self, tag: str) -> Answer:
        lines: list[Line] = []
        while True:
            line = await self._timed(self._read_full())
            if line.text.startswith(b"* "):
                lines.append(Line(line.text[2:], line.literals))
                if line.text[2:5].upper() == b"BYE" and not line.text.upper().startswith(b"* BYE LOGGING"):
                    raise MailboxUnreachableError("BYE")
            elif line.text.startswith(tag.encode() + b" "):
                status, _, text = line.text[len(tag) + 1 :].partition(b" ")
                return Answer(status.decode("ascii", "replace").upper(), text, tuple(lines))

    async def _news(self) -> None:
        """Return when a line tells that the number of mails changed."""
        while not re.match(rb"\* \d+ (?:EXISTS|RECENT)", line := await self._read_line(), re.IGNORECASE):
            if line[:5].upper() == b"* BYE":
                raise MailboxUnreachableError("BYE")

    async def _timed(self, reading: Awaitable[ResultT]) -> ResultT:
        try:
            async with asyncio.timeout(self._seconds):
                return await reading
        except (OSError, TimeoutError) as problem:
            raise MailboxUnreachableError(type(problem).__name__) from problem

    async def _read_full(self) -> Line:
        """A line with its literals."""
        text, literals = await self._read_line(), []
        while match := _LITERAL.search(text):
            size = int(match[1])
            if size > _MAX_LITERAL_BYTES:
                raise ImapAnswerError("a literal is larger than any mail we fetch")
            literals.append(await self._read_exactly(size))
            text = text[: match.start()] + b"{}" + await self._read_line()
        return Line(text, tuple(literals))

    async def _read_line(self) -> bytes:
        try:
            return (await self._reader.readuntil(b"\n")).rstrip(b"\r\n")
        except asyncio.LimitOverrunError as problem:
            raise ImapAnswerError("a line is too long") from problem
        except (asyncio.IncompleteReadError, OSError) as problem:
            raise MailboxUnreachableError("the server hung up") from problem

    async def _read_exactly(self, size: int) -> bytes:
        try:
            return await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, OSError) as problem:
            raise MailboxUnreachableError("the server hung up") from problem
