"""The few IMAP4rev1 commands that reading a mailbox takes, over asyncio streams, with a limit on all that comes in.

ImapError
├── MailboxUnreachableError    network, TLS, a server that is silent, hangs up or cannot work at the moment
├── MailboxRefusedError        the server, or who issues its tokens, does not let us in
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
_COUNT: Final = re.compile(rb"(\d{1,10}) (EXISTS|EXPUNGE)$", re.IGNORECASE)
_CODE: Final = re.compile(rb"\[([A-Z]{1,20})[ \]]", re.IGNORECASE)
_KNOWN_CODES: Final = frozenset(
    {
        *("ALREADYEXISTS", "CANNOT", "CLIENTBUG", "CONTACTADMIN", "CORRUPTION", "EXPUNGEISSUED", "INUSE", "LIMIT"),
        *("NONEXISTENT", "NOPERM", "OVERQUOTA", "SERVERBUG", "TRYCREATE", "UNAVAILABLE"),
        *("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED", "PRIVACYREQUIRED"),
    }
)
_CHALLENGES: Final = 3
_UNTRUSTED: Final = (
    "the server's certificate is not trusted: correct host, or name its authority's file in SSL_CERT_FILE of intake"
)
_MAX_LINE_BYTES: Final = 1024 * 1024
_MAX_LITERAL_BYTES: Final = MAX_MAIL_BYTES + 1024


class ImapError(Exception):
    """Anything between us and a mailbox; `reason` is a word for logs and metrics."""

    reason = "imap"


class MailboxUnreachableError(ImapError):
    """The server cannot be reached, went away or cannot work at the moment."""

    reason = "unreachable"


class MailboxRefusedError(ImapError):
    """We are not let in; the text says why and what to do, and holds no secret."""

    def __init__(self, text: str, reason: str = "refused") -> None:
        super().__init__(text)
        self.reason = reason


class ImapAnswerError(ImapError):
    """The server refused a command or broke the protocol; the text names the command only."""

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.reason = "mailbox_full" if code == "OVERQUOTA" else "answer"


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

    @property
    def code(self) -> str | None:
        """The response code of RFC 3501 and 5530, where it is a known one: others may hold anything."""
        match = _CODE.match(self.text)
        name = match[1].decode("ascii").upper() if match else ""
        return name if name in _KNOWN_CODES else None


class ImapConnection:
    """One connection; not for use by two tasks at once."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float) -> None:
        self._reader = reader
        self._writer = writer
        self._seconds = seconds
        self._count = 0
        self._mails = 0
        self.has_news = False
        """Whether the server told of more mails than before, since whoever looks set it to False."""

    @classmethod
    async def open(cls, host: str, port: int, security: Security, *, seconds: float = 30.0) -> "ImapConnection":
        """Connect, wait for the greeting and switch to TLS where that is asked."""
        context = ssl.create_default_context() if security != "none" else None
        at_once = context if security == "tls" else None
        try:
            async with asyncio.timeout(seconds):
                streams = await asyncio.open_connection(host, port, ssl=at_once, limit=_MAX_LINE_BYTES)
                connection = cls(*streams, seconds)
                await connection._begin(context if security == "starttls" else None, host)
                return connection
        except ssl.SSLCertVerificationError as problem:
            raise MailboxUnreachableError(_UNTRUSTED) from problem
        except (OSError, TimeoutError) as problem:
            raise MailboxUnreachableError(type(problem).__name__) from problem

    async def _begin(self, context: ssl.SSLContext | None, host: str) -> None:
        try:
            await self._read_line()
            if context is not None:
                await self._start_tls(context, host)
        except BaseException:
            await self.close()
            raise

    async def _start_tls(self, context: ssl.SSLContext, host: str) -> None:
        """Switch over; what came in clear behind the server's OK was written by somebody in between."""
        await self.checked("STARTTLS")
        early = asyncio.create_task(self._reader.read(1))
        await asyncio.sleep(0)
        if early.done():
            raise MailboxUnreachableError("something was sent in clear after STARTTLS")
        early.cancel()
        await asyncio.gather(early, return_exceptions=True)
        await self._writer.start_tls(context, server_hostname=host)

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
            code = f" [{answer.code}]" if answer.code else ""
            raise ImapAnswerError(f"{command.split(' {')[0]} was answered by {answer.status}{code}", answer.code)
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

    def count_anew(self) -> None:
        """Before another folder is selected: whatever lies there is news."""
        self._mails, self.has_news = 0, False

    async def authenticate(self, mechanism: str, response: str, *, at_once: bool, on_error: str) -> Answer:
        """Sign in by a mechanism with one response (RFC 3501, 4959): sent `at_once` or when the server asks for it.

        Each further question of the server is its word that the response is refused; it is answered by `on_error`.
        """
        tag, rest = self._tag(), [response]
        first = f" {rest.pop()}" if at_once else ""
        self._writer.write(f"{tag} AUTHENTICATE {mechanism}{first}\r\n".encode())
        for _ in range(_CHALLENGES):
            line = await self._timed(self._read_full())
            if not line.text.startswith(b"+"):
                return await self._answer(tag, line)
            self._writer.write((rest.pop() if rest else on_error).encode() + b"\r\n")
        raise ImapAnswerError("AUTHENTICATE asks without end")

    async def idle(self, stop: asyncio.Event, seconds: float) -> bool:
        """Wait until the server tells of new mail, the time is over, or `stop` is set; True for new mail."""
        if self.has_news:
            return True
        tag = self._tag()
        self._writer.write(f"{tag} IDLE\r\n".encode())
        await self._timed(self._taken_idle(tag))
        news = asyncio.create_task(self._news())
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({news, stopped}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (news, stopped):
                task.cancel()
            await asyncio.gather(news, stopped, return_exceptions=True)
        if not news.cancelled():
            news.result()
        self._writer.write(b"DONE\r\n")
        await self._answer(tag)
        return self.has_news

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

    async def _answer(self, tag: str, first: Line | None = None) -> Answer:
        """All lines up to the tagged one; `first` is one that was read already."""
        lines: list[Line] = []
        line: Line = first if first is not None else await self._timed(self._read_full())
        while not line.text.startswith(tag.encode() + b" "):
            if line.text.startswith(b"* "):
                lines.append(Line(line.text[2:], line.literals))
                self._note(line.text)
                if line.text[2:5].upper() == b"BYE" and not line.text.upper().startswith(b"* BYE LOGGING"):
                    raise MailboxUnreachableError("BYE")
            line = await self._timed(self._read_full())
        status, _, text = line.text[len(tag) + 1 :].partition(b" ")
        return Answer(status.decode("ascii", "replace").upper(), text, tuple(lines))

    async def _taken_idle(self, tag: str) -> None:
        """The server may tell of mail before it says that it idles."""
        while not (line := await self._read_line()).startswith(b"+"):
            self._note(line)
            if line.startswith(tag.encode()):
                raise ImapAnswerError("IDLE was not taken")

    async def _news(self) -> None:
        """Return when the server tells how many mails there are, which it does when one came."""
        while not self.has_news:
            line = await self._read_line()
            self.has_news = self._note(line) or self.has_news
            if line[:5].upper() == b"* BYE":
                raise MailboxUnreachableError("BYE")

    def _note(self, line: bytes) -> bool:
        """Keep count of the mails as the server tells of them, whatever it was asked; True for their number."""
        match = _COUNT.match(line[2:]) if line.startswith(b"* ") else None
        if match is None:
            return False
        number, is_number = int(match[1]), match[2].upper() == b"EXISTS"
        self.has_news = self.has_news or (is_number and number > self._mails)
        self._mails = number if is_number else self._mails - 1
        return is_number

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
