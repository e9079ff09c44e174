"""A mail server that takes everything at once, so that the letters' way out is real and costs little."""

import asyncio
import email.policy
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

_LINK = re.compile(r"https?://\S+")
_PLAIN = {
    "EHLO": "250 sink",
    "HELO": "250 sink",
    "MAIL": "250 ok",
    "RCPT": "250 ok",
    "RSET": "250 ok",
    "NOOP": "250 ok",
}


@dataclass
class MailSink:
    """Knows who got which links."""

    port: int = 0
    links: dict[str, list[str]] = field(default_factory=dict)
    _came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["MailSink"]:
        server = await asyncio.start_server(self._converse, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def link(self, address: str, page: str, deadline_seconds: float = 30) -> str:
        """Wait for a letter to the address that has a link to the page."""
        async with asyncio.timeout(deadline_seconds), self._came:
            while True:
                for link in self.links.get(address, ()):
                    if f"/{page}/" in link:
                        return link
                await self._came.wait()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        try:
            while line := (await reader.readline()).decode().strip():
                verb = line[:4].upper()
                if verb == "DATA":
                    writer.write(b"354 go on\r\n")
                    await self._take(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(_PLAIN.get(verb, "250 taken" if verb == "DATA" else "221 bye").encode() + b"\r\n")
                if verb == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    async def _take(self, content: bytes) -> None:
        mail = message_from_bytes(content, policy=email.policy.default)
        body = mail.get_body(("plain",))
        links = _LINK.findall(body.get_content()) if body else []
        async with self._came:
            self.links.setdefault(str(mail["To"]).rsplit("<")[-1].strip("<> "), []).extend(links)
            self._came.notify_all()
