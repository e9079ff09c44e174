"""A mail server that answers as its script says, and counts what it took."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

Step = Literal["connect", "ehlo", "mail", "rcpt", "data", "content"]


@dataclass
class SmtpScript:
    """`answers`: the reply at a step; `hangs_up_at`: where the connection is dropped instead of a reply."""

    answers: dict[Step, str] = field(default_factory=dict)
    hangs_up_at: Step | None = None
    port: int = 0
    taken: list[bytes] = field(default_factory=list)
    envelopes: list[tuple[str, str]] = field(default_factory=list)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["SmtpScript"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._converse(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._answer(writer, "connect", "220 ready"):
            return
        sender = ""
        while line := (await reader.readline()).decode().strip():
            verb, _, rest = line.partition(" ")
            step, usual = _USUAL.get(verb, (None, "221 bye"))
            if step is None:
                await self._say(writer, usual)
                return
            if not await self._answer(writer, step, usual):
                return
            sender = rest if step == "mail" else sender
            if step == "rcpt":
                self.envelopes.append((sender, rest))
            if step == "data" and "data" not in self.answers:
                content = await reader.readuntil(b"\r\n.\r\n")
                if self.answers.get("content", "250").startswith("250"):
                    self.taken.append(content)
                if not await self._answer(writer, "content", "250 taken"):
                    return

    async def _answer(self, writer: asyncio.StreamWriter, step: Step, usual: str) -> bool:
        if self.hangs_up_at == step:
            return False
        await self._say(writer, self.answers.get(step, usual))
        return True

    async def _say(self, writer: asyncio.StreamWriter, line: str) -> None:
        writer.write(f"{line}\r\n".encode())
        await writer.drain()


_USUAL: dict[str, tuple[Step, str]] = {
    "EHLO": ("ehlo", "250 hello"),
    "HELO": ("ehlo", "250 hello"),
    "MAIL": ("mail", "250 ok"),
    "RCPT": ("rcpt", "250 ok"),
    "DATA": ("data", "354 go on"),
}
