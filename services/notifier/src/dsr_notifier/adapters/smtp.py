"""Sends mail by SMTP, and tells exactly how far it came.

The line that matters is the DATA command. Before it the server holds nothing, whatever breaks: try later. After it
only the server's answer settles the matter; without one the outcome is unknown.
"""

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiosmtplib

from dsr_notifier.domain.delivery import Accepted, Refused, SendOutcome, TryLater, Unknown
from dsr_notifier.ports import OutgoingMail

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True)
class SmtpServer:
    """The company's mail server. `ca_file`: an authority of its own, beside the machine's."""

    host: str
    port: int
    security: Security
    username: str | None = None
    password: str | None = None
    envelope_sender: str | None = None
    ca_file: Path | None = None


class SmtpMailSender:
    """One connection a letter: a letter's fate then depends on nothing but its own conversation."""

    def __init__(self, server: SmtpServer, *, timeout_seconds: float = 30) -> None:
        self._server = server
        self._timeout_seconds = timeout_seconds
        self._tls = _tls_context(server)
        self._own_name: str | None = None

    async def send(self, mail: OutgoingMail) -> SendOutcome:
        client = self._client()
        try:
            if problem := await self._prepare(client, mail):
                return problem
            return await _hand_over(client, mail)
        finally:
            await _hang_up(client)

    async def is_reachable(self) -> bool:
        client = self._client()
        try:
            await self._connect(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return False
        else:
            return True
        finally:
            await _hang_up(client)

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            use_tls=self._server.security == "tls",
            start_tls=self._server.security == "starttls",
            tls_context=self._tls,
            local_hostname=self._own_name,
            timeout=self._timeout_seconds,
        )

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        if self._own_name is None:  # asked once: a slow name server would delay every letter
            self._own_name = client.local_hostname = await asyncio.to_thread(socket.getfqdn)
        await client.connect()
        if self._server.username and self._server.password:
            await client.login(self._server.username, self._server.password)

    async def _prepare(self, client: aiosmtplib.SMTP, mail: OutgoingMail) -> SendOutcome | None:
        """All that comes before the content; None when the server is ready for it."""
        try:
            await self._connect(client)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return TryLater()  # a refused sign-in is our own settings' fault: the letters wait for them
        try:
            await client.mail(self._server.envelope_sender or str(mail.sender))
            await client.rcpt(str(mail.recipient))
        except aiosmtplib.SMTPSenderRefused as answer:
            return TryLater(answer.code)  # so is a refused sender
        except aiosmtplib.SMTPResponseException as answer:
            return _refusal(answer.code)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            return TryLater()
        return None


async def _hand_over(client: aiosmtplib.SMTP, mail: OutgoingMail) -> SendOutcome:
    try:
        answer = await client.data(mail.message)
    except aiosmtplib.SMTPResponseException as problem:
        return _refusal(problem.code)
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        return Unknown()
    return Accepted(answer.code)


def _refusal(code: int) -> SendOutcome:
    """5xx is final; 4xx, and an answer that makes no sense before the content was taken, is for later."""
    return Refused(code) if 500 <= code < 600 else TryLater(code)


async def _hang_up(client: aiosmtplib.SMTP) -> None:
    """Say goodbye if the server still listens; the outcome is settled by now."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(2):
            await client.quit()
    client.close()


def _tls_context(server: SmtpServer) -> ssl.SSLContext | None:
    if server.security == "none":
        return None
    context = ssl.create_default_context()
    if server.ca_file:
        context.load_verify_locations(cafile=str(server.ca_file))
    return context
