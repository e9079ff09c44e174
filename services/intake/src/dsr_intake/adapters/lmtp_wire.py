"""LMTP on a socket, by aiosmtpd: what RFC 2033 asks for and that library leaves to its user.

That is one answer for each recipient after DATA, enhanced status codes, and no bound on the length of a line but that
of the whole mail. Who may connect: whoever may open the Unix socket (its directory's rights decide), or over TCP this
machine and the networks that are named.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Any, Final

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import Envelope, Session, syntax

from dsr_intake.domain.mail import MAX_MAIL_BYTES
from dsr_shared.supervise import listen_on

_HOST_NAME: Final = "kuukausi.localhost"
_SOCKET_RIGHTS_WITHHELD: Final = 0o117
_MAX_RECIPIENTS: Final = 100
_AT_ONCE: Final = 2
"""Mails in memory at the same time: a large one takes some five times its size until it is sealed."""
_IDLE_SECONDS: Final = 120.0
_ALIVE_EVERY_BYTES: Final = 256 * 1024
_GRACE_SECONDS: Final = 15.0
BUSY: Final = "451 4.3.2 many mails come in at once; send this one again later"
TOO_LARGE: Final = f"552 5.3.4 the mail is larger than {MAX_MAIL_BYTES} bytes, which is the most that is taken here"
FAILED: Final = "451 4.3.0 something went wrong here; send the mail again later"
_log = logging.getLogger(__name__)


class LmtpSocketError(Exception):
    """We cannot listen where we are to; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One mail with its envelope, as the server in front handed it over."""

    sender: str = field(repr=False)
    recipients: tuple[str, ...] = field(repr=False)
    content: bytes = field(repr=False)


Take = Callable[[Transaction], Awaitable[Mapping[str, str]]]
"""Stores the mail; the answer to each recipient."""
Refuse = Callable[[str], str | None]
"""The refusal of a recipient, None where it is taken."""


class _Hooks:
    """What aiosmtpd asks for each command, answered with the enhanced codes of RFC 3463."""

    def __init__(self, refuse: Refuse) -> None:
        self._refuse = refuse

    async def handle_EHLO(  # noqa: N802 - the library's names, here and below
        self, _server: LMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", "250 ENHANCEDSTATUSCODES"]

    async def handle_MAIL(  # noqa: N802
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.mail_from = address
        return "250 2.1.0 ok"

    async def handle_RCPT(  # noqa: N802
        self, _server: LMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if (refusal := self._refuse(address)) is not None:
            return refusal
        if len(envelope.rcpt_tos) >= _MAX_RECIPIENTS:
            return "452 4.5.3 too many recipients at once; send the others in another transaction"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_exception(self, error: Exception) -> str:
        """The library would tell the client the error's text, which may hold what is in the mail."""
        _log.error("An LMTP command failed.", exc_info=error)
        return FAILED


class LmtpConnection(LMTP):
    """One connection of the server in front."""

    line_length_limit = 256 * 1024  # of the buffer, not of a line
    room_seconds = 60.0  # a client waits two minutes for the answer to DATA (RFC 5321, 4.5.3.2.4)

    def __init__(self, take: Take, refuse: Refuse, room: asyncio.Semaphore, gate: "Gate") -> None:
        super().__init__(
            _Hooks(refuse),
            data_size_limit=MAX_MAIL_BYTES,
            enable_SMTPUTF8=True,
            hostname=_HOST_NAME,
            ident="Kuukausi LMTP",
            timeout=_IDLE_SECONDS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
            loop=asyncio.get_running_loop(),
        )
        self._take = take
        self._room = room
        self._gate = gate

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if self._gate.lets_in(transport.get_extra_info("peername")):
            self._gate.inside.add(self)
            return
        _log.warning("An LMTP connection from an address that INTAKE_LMTP_CLIENTS does not name was refused.")
        transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        self._gate.inside.discard(self)
        super().connection_lost(error)

    def hang_up(self) -> None:
        """The server in front sends again whatever was not answered."""
        if self.transport is not None:
            self.transport.close()

    @syntax("DATA")
    async def smtp_DATA(self, _argument: str | None) -> None:  # noqa: N802
        if self.envelope is None or not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 no recipient was taken")
            return
        sender, recipients = str(self.envelope.mail_from).strip("<>"), tuple(dict.fromkeys(self.envelope.rcpt_tos))
        if not await self._has_room():
            await self.push(BUSY)
            return
        try:
            await self.push("354 go on, and end with a line that holds a dot alone")
            content = await self._read_mail()
            answers: Mapping[str, str] = dict.fromkeys(recipients, TOO_LARGE)
            if content is not None:
                answers = await self._stored(Transaction(sender, recipients, content))
        finally:
            self._room.release()
        for recipient in self.envelope.rcpt_tos:
            await self.push(answers.get(recipient, FAILED))
        self.envelope = self._create_envelope()

    async def _has_room(self) -> bool:
        """Whether a turn came while the server in front waits for our word; what had none it keeps and sends again."""
        try:
            async with asyncio.timeout(self.room_seconds):
                return await self._room.acquire()
        except TimeoutError:
            return False

    async def _stored(self, transaction: Transaction) -> Mapping[str, str]:
        try:
            return await self._take(transaction)
        except Exception as error:  # noqa: BLE001 - each recipient must be answered, whatever went wrong
            _log.error("A mail that came by LMTP was not stored.", exc_info=error)
            return {}

    async def _read_mail(self) -> bytes | None:
        """The mail as it was before dots were doubled; None for one that is too large, which is read to its end."""
        content, size, is_line_start, told_alive_at = bytearray(), 0, True, 0
        while True:
            piece = await self._piece()
            if size - told_alive_at > _ALIVE_EVERY_BYTES:
                self._reset_timeout()
                told_alive_at = size
            if is_line_start and piece == b".\r\n":
                return bytes(content) if size <= MAX_MAIL_BYTES else None
            if is_line_start and piece.startswith(b"."):
                piece = piece[1:]
            is_line_start = piece.endswith(b"\r\n")
            size += len(piece)
            if size <= MAX_MAIL_BYTES:
                content += piece
            else:
                content.clear()

    async def _piece(self) -> bytes:
        """A line, or a part of one that is longer than the buffer; only CR LF ends a line (RFC 5321, 2.3.8)."""
        try:
            return await self._reader.readuntil(b"\r\n")
        except asyncio.LimitOverrunError as long_line:
            return await self._reader.readexactly(long_line.consumed)


@dataclass
class Gate:
    """Who may come in, and who is."""

    clients: tuple[IPv4Network | IPv6Network, ...]
    inside: set[LmtpConnection] = field(default_factory=set)

    def lets_in(self, peer: object) -> bool:
        if not isinstance(peer, tuple):
            return True  # a Unix socket: its rights have decided
        address = ip_address(str(peer[0]).partition("%")[0])
        return address.is_loopback or any(address in network for network in self.clients)


@dataclass(frozen=True, slots=True)
class LmtpListener:
    """Where LMTP is spoken: at `path`, or at `host` and `port` (0 finds a free one)."""

    path: Path | None = None
    host: str = ""
    port: int = 0
    clients: tuple[IPv4Network | IPv6Network, ...] = ()

    @asynccontextmanager
    async def listening(self, take: Take, refuse: Refuse) -> AsyncIterator[int]:
        """Listen until the end of the block, then let mails that are being stored be finished; gives the port."""
        room, gate = asyncio.Semaphore(_AT_ONCE), Gate(self.clients)
        listener = bind_unix(self.path) if self.path else listen_on(self.host, self.port)
        server = await asyncio.get_running_loop().create_server(
            lambda: LmtpConnection(take, refuse, room, gate), sock=listener
        )
        try:
            yield 0 if self.path else listener.getsockname()[1]
        finally:
            server.close()
            await _drain(room)
            for connection in tuple(gate.inside):
                connection.hang_up()
            if self.path:
                self.path.unlink(missing_ok=True)


async def _drain(room: asyncio.Semaphore) -> None:
    """Wait until no mail is on its way, but not for ever."""
    try:
        async with asyncio.timeout(_GRACE_SECONDS):
            for _ in range(_AT_ONCE):
                await room.acquire()
    except TimeoutError:
        _log.warning("A mail that came by LMTP was cut off; it will come again.")


def bind_unix(path: Path) -> socket.socket:
    """A socket for its owner and group; in a directory with the set-group-id bit that is the directory's group."""
    if _is_answered(path):
        raise LmtpSocketError(f"another program listens on {path}; end it, or set another INTAKE_LMTP_LISTEN")
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(_SOCKET_RIGHTS_WITHHELD)
    try:
        if path.is_socket():
            path.unlink()  # left by a process that was killed
        listener.bind(str(path))
    except OSError as error:
        listener.close()
        raise LmtpSocketError(
            f"{path} cannot be listened on ({error.strerror}); make its directory, writable for intake"
        ) from error
    finally:
        os.umask(mask)
    return listener


def _is_answered(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
