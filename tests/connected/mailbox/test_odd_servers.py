"""Mail servers that refuse, lack extensions or number their mails anew: a small server that does as the test says."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pytest

from dsr_intake.adapters.imap_wire import ImapConnection, MailboxUnreachableError
from dsr_intake.adapters.mailboxes import MailboxSettings
from dsr_intake.domain.arrivals import StoredArrival
from dsr_intake.domain.mail import MailPosition
from dsr_intake.entrypoints.mailbox import MailboxReader, Patience
from dsr_shared.contracts.words import Channel
from dsr_shared.testing import wait_until

QUICK = Patience(0.01, 0.1, 0.01, 0.1)
MAIL = b"Subject: one\r\n\r\nHei"


@dataclass
class OddServer:
    """IMAP with one mail in INBOX and no extension but those named."""

    capabilities: str = ""
    refuses_login: bool = False
    refuses_copy: bool = False
    uidvalidity: int = 1
    inbox: dict[int, bytes] = field(default_factory=lambda: {7: MAIL})
    handled: list[bytes] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    port: int = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["OddServer"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK odd\r\n")
        while line := (await reader.readline()).decode().strip():
            while literal := re.search(r"\{(\d+)\}$", line):
                writer.write(b"+ go on\r\n")
                value = (await reader.readexactly(int(literal[1]))).decode()
                line = line[: literal.start()] + value + (await reader.readline()).decode().rstrip()
            tag, _, command = line.partition(" ")
            self.commands.append(command)
            writer.write(self._answer(command) + tag.encode() + b" " + self._status(command) + b"\r\n")
        writer.close()

    def _status(self, command: str) -> bytes:
        refused = (self.refuses_login and command.startswith("LOGIN")) or (
            self.refuses_copy and command.startswith("UID COPY")
        )
        return b"NO no" if refused else b"OK done"

    def _answer(self, command: str) -> bytes:
        uid = int(found[1]) if (found := re.match(r"UID \w+ (\d+)", command)) else 0
        match command.split()[:2]:
            case ["CAPABILITY"]:
                return f"* CAPABILITY IMAP4rev1 {self.capabilities}\r\n".encode()
            case ["SELECT", name]:
                self.deleted.clear()
                return b"* OK [UIDVALIDITY %d] x\r\n" % (self.uidvalidity if "INBOX" in name else 99)
            case ["UID", "SEARCH"]:
                mails = self.inbox if "ALL" in command else {}
                return f"* SEARCH {' '.join(map(str, mails))}\r\n".encode()
            case ["UID", "FETCH"] if uid in self.inbox:
                return self._fetched(uid, command)
            case ["UID", "COPY"] if not self.refuses_copy:
                self.handled.append(self.inbox[uid])
            case ["UID", "STORE"]:
                self.deleted.add(uid)
            case ["EXPUNGE"] | ["UID", "EXPUNGE"]:
                self.inbox = {number: raw for number, raw in self.inbox.items() if number not in self.deleted}
        return b""

    def _fetched(self, uid: int, command: str) -> bytes:
        raw = self.inbox[uid]
        if "BODY" in command:
            return b"* 1 FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (uid, len(raw), raw)
        date = b'INTERNALDATE " 1-Feb-2026 10:00:00 +0200"'
        return b"* 1 FETCH (UID %d RFC822.SIZE %d %s)\r\n" % (uid, len(raw), date)

    def settings(self) -> MailboxSettings:
        values = {"controller_id": "acme", "host": "127.0.0.1", "port": self.port, "security": "none"}
        secret = {"username": "kärki", "password": "sälä", "poll_seconds": 0.05}
        return MailboxSettings.model_validate(values | secret)


@dataclass
class CountingStore:
    positions: list[MailPosition] = field(default_factory=list)

    async def store_raw(
        self, controller_id: str, channel: Channel, raw: bytes, received_at: datetime, position: MailPosition | None
    ) -> StoredArrival:
        assert position is not None
        self.positions.append(position)
        return StoredArrival(UUID(int=len(self.positions)), is_new=True)


@asynccontextmanager
async def reading(server: OddServer, store: CountingStore) -> AsyncIterator[MailboxReader]:
    stop = asyncio.Event()
    reader = MailboxReader(server.settings(), store, patience=QUICK)
    task = asyncio.create_task(reader.run(stop))
    try:
        yield reader
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def test_a_wrong_password_is_named_with_its_remedy_and_mended_while_running(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with OddServer(refuses_login=True).serving() as server, reading(server, store := CountingStore()) as reader:
        await wait_until(lambda: "refuses user name or password" in (reader.problem or ""), deadline_seconds=10)
        assert "correct them in the mailboxes file" in (reader.problem or "")
        assert "sälä" not in caplog.text
        server.refuses_login = False
        await wait_until(lambda: reader.problem is None, deadline_seconds=10)
        assert len(store.positions) == 1


@pytest.mark.parametrize("capabilities", ["", "UIDPLUS"])
async def test_without_move_a_mail_is_copied_and_then_expunged(capabilities: str) -> None:
    async with OddServer(capabilities=capabilities).serving() as server, reading(server, CountingStore()):
        await wait_until(lambda: server.handled == [MAIL] and not server.inbox, deadline_seconds=10)
        assert ("UID EXPUNGE 7" in server.commands) == (capabilities == "UIDPLUS")


async def test_a_mail_that_cannot_be_put_away_stays_and_is_stored_once() -> None:
    async with OddServer(refuses_copy=True).serving() as server, reading(server, store := CountingStore()) as reader:
        await wait_until(lambda: sum("UID COPY" in c for c in server.commands) >= 3, deadline_seconds=10)
        assert server.inbox == {7: MAIL}
        assert "UID COPY" in (reader.problem or "")
        assert len(store.positions) == 1


async def test_after_the_mailbox_was_numbered_anew_what_lies_in_it_is_read_again() -> None:
    async with OddServer(refuses_copy=True).serving() as server, reading(server, store := CountingStore()):
        await wait_until(lambda: len(store.positions) == 1, deadline_seconds=10)
        server.uidvalidity = 2
        await wait_until(lambda: len(store.positions) == 2, deadline_seconds=10)
    assert [position.uidvalidity for position in store.positions] == [1, 2]
    assert len({position.sha256 for position in store.positions}) == 1


async def test_what_is_sent_in_clear_after_starttls_is_not_believed() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK odd\r\n")
        tag = (await reader.readline()).split()[0]
        writer.write(tag + b" OK go on\r\nK2 OK let in by somebody in between\r\n")
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(MailboxUnreachableError, match="in clear after STARTTLS"):
            await ImapConnection.open("127.0.0.1", port, "starttls")
