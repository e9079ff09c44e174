"""An IMAP server that knows AUTHENTICATE and an empty mailbox, and remembers what it was told."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from dsr_intake.adapters.mailboxes import MailboxSettings


@dataclass
class SaslServer:
    capabilities: str = "AUTH=XOAUTH2 SASL-IR"
    refuses: bool = False
    responses: list[str] = field(default_factory=list)
    closings: list[str] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["SaslServer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    def settings(self, oauth: dict[str, object]) -> MailboxSettings:
        values = {"controller_id": "acme", "host": "127.0.0.1", "port": self.port, "security": "none"}
        return MailboxSettings.model_validate(values | {"username": "p@company.example", "oauth": oauth})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK odd\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            status = b"OK done"
            match command.split():
                case ["AUTHENTICATE", _, *given]:
                    status = await self._authenticate(given, reader, writer)
                case ["CAPABILITY"]:
                    writer.write(f"* CAPABILITY IMAP4rev1 {self.capabilities}\r\n".encode())
                case ["SELECT", _]:
                    writer.write(b"* OK [UIDVALIDITY 1] x\r\n")
            writer.write(tag.encode() + b" " + status + b"\r\n")
        writer.close()

    async def _authenticate(
        self, given: list[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bytes:
        if not given:
            writer.write(b"+ \r\n")
            given = [(await reader.readline()).decode().strip()]
        self.responses.append(base64.b64decode(given[0]).decode())
        if not self.refuses:
            return b"OK in"
        writer.write(b"+ " + base64.b64encode(b'{"status":"401","schemes":"bearer"}') + b"\r\n")
        self.closings.append((await reader.readline()).decode().strip())
        return b"NO [AUTHENTICATIONFAILED] no"
