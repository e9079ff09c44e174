"""Mail in a real mailbox is stored before it is put away, once, whatever happens in between."""

import imaplib
import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from tests.connected.mailbox.reading_mail import FakeStore, reading, until

from dsr_intake.adapters import imap_wire
from dsr_intake.adapters.mailboxes import MailboxSettings
from dsr_intake.entrypoints import mailbox as entrypoint
from dsr_intake.entrypoints.mailbox import MailboxReader

if TYPE_CHECKING:
    from kuukausi.stack.mail import MailServer

pytestmark = pytest.mark.connected


@dataclass
class Postbox:
    server: "MailServer"
    address: str

    def settings(self, **changes: object) -> MailboxSettings:
        values: dict[str, object] = {
            "controller_id": "acme",
            "host": self.server.host,
            "port": self.server.imap_port,
            "security": "none",
            "username": self.address,
            "password": 'pass"word \\ with marks',
            "own_mail_hosts": ("mx1.company.example",),
            "poll_seconds": 5.0,
        }
        return MailboxSettings.model_validate(values | changes)

    def send(self, subject: str, *header: str) -> None:
        lines = [*header, "From: kai@person.example", f"To: {self.address}", f"Subject: {subject}", "", "Hei"]
        with smtplib.SMTP(self.server.host, self.server.smtp_port) as smtp:
            smtp.sendmail("kai@person.example", [self.address], "\r\n".join(lines).encode())

    def append(self, folder: str, raw: bytes, moment: datetime) -> None:
        with self._imap() as imap:
            imap.create(folder)
            imap.append(folder, "", imaplib.Time2Internaldate(moment), raw)

    def count(self, folder: str) -> int:
        with self._imap() as imap:
            status, found = imap.select(folder, readonly=True)
            return int(found[0] or 0) if status == "OK" else 0

    def _imap(self) -> imaplib.IMAP4:
        imap = imaplib.IMAP4(self.server.host, self.server.imap_port)
        imap.login(self.address, "x")
        return imap


@pytest.fixture
def postbox(mail_server: "MailServer") -> Postbox:
    return Postbox(mail_server, f"privacy-{uuid4().hex[:8]}@company.example")


@pytest.mark.promise("P05")
async def test_mail_is_stored_and_then_lies_in_the_handled_folder(postbox: Postbox) -> None:
    store = FakeStore()
    postbox.send("first")
    async with reading(reader := MailboxReader(postbox.settings(), store)):
        await until(lambda: reader.problem is None)
        postbox.send("second, while the reader waits")
        await until(lambda: len(store.arrivals) == 2)
        await until(lambda: postbox.count("Kuukausi") == 2)
    assert postbox.count("INBOX") == 0
    assert {arrival.times for arrival in store.arrivals.values()} == {1}


async def test_nothing_is_put_away_before_the_store_has_committed(postbox: Postbox) -> None:
    store = FakeStore(failures_left=1)
    seen: list[int] = []
    store.on_store = lambda: seen.append(postbox.count("INBOX"))
    postbox.send("only")
    async with reading(MailboxReader(postbox.settings(), store)):
        await until(lambda: postbox.count("Kuukausi") == 1)
    assert seen == [1]


async def test_mail_that_was_stored_but_not_put_away_is_known_by_its_bytes(postbox: Postbox) -> None:
    store = FakeStore()
    postbox.send("twice")
    async with reading(MailboxReader(postbox.settings(), store)):
        await until(lambda: postbox.count("Kuukausi") == 1)
    (arrival,) = store.arrivals.values()
    postbox.append("INBOX", arrival.raw, datetime.now(UTC) + timedelta(minutes=5))
    async with reading(MailboxReader(postbox.settings(), store)):
        await until(lambda: postbox.count("Kuukausi") == 2)
    assert len(store.arrivals) == 1
    assert arrival.times == 2


async def test_receipt_is_our_servers_stamp_and_else_the_mailboxs_date(postbox: Postbox) -> None:
    store = FakeStore()
    old = datetime(2026, 3, 1, tzinfo=UTC)  # the test server keeps the day only
    stamp = b"Received: from a.example by mx1.company.example; Sun, 01 Feb 2026 23:30:00 +0000\r\n"
    postbox.append("INBOX", stamp + b"Subject: stamped\r\n\r\nx", old)
    postbox.append("INBOX", b"Subject: bare\r\n\r\nx", old)
    async with reading(MailboxReader(postbox.settings(), store)):
        await until(lambda: len(store.arrivals) == 2)
    times = {raw.split(b"Subject: ")[1][:4]: arrival.received_at for raw, arrival in store.arrivals.items()}
    assert times == {b"stam": datetime(2026, 2, 1, 23, 30, tzinfo=UTC), b"bare": old}


async def test_handled_mail_is_deleted_from_the_mailbox_after_its_days(postbox: Postbox) -> None:
    postbox.append("Kuukausi", b"Subject: old\r\n\r\nx", datetime.now(UTC) - timedelta(days=40))
    postbox.append("Kuukausi", b"Subject: new\r\n\r\nx", datetime.now(UTC) - timedelta(days=3))
    async with reading(MailboxReader(postbox.settings(retention_days=30), FakeStore())):
        await until(lambda: postbox.count("Kuukausi") == 1)


async def test_an_oversize_mail_arrives_as_its_header_for_a_person(
    postbox: Postbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrypoint, "MAX_MAIL_BYTES", 2000)
    store = FakeStore()
    postbox.append("INBOX", b"Subject: huge\r\n\r\n" + b"x" * 5000, datetime.now(UTC) - timedelta(days=400))
    async with reading(reader := MailboxReader(postbox.settings(), store)):
        await until(lambda: reader.problem is None and postbox.count("Kuukausi") == 1)
    (arrival,) = store.arrivals.values()
    assert arrival.position.problem == "oversize"
    assert arrival.raw.startswith(b"Subject: huge")
    assert b"xxx" not in arrival.raw
    assert postbox.count("Kuukausi") == 1, "a person must still be able to find it in the mailbox"


async def test_a_dropped_connection_is_made_again(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[imap_wire.ImapConnection] = []
    original = imap_wire.ImapConnection.open.__func__  # type: ignore[attr-defined]

    async def remember(cls: type, *values: object, **named: object) -> imap_wire.ImapConnection:
        opened.append(await original(cls, *values, **named))
        return opened[-1]

    monkeypatch.setattr(imap_wire.ImapConnection, "open", classmethod(remember))
    store = FakeStore()
    async with reading(reader := MailboxReader(postbox.settings(), store)):
        await until(lambda: reader.problem is None)
        opened[0]._writer.transport.abort()
        await until(lambda: len(opened) == 2)
        postbox.send("after the drop")
        await until(lambda: len(store.arrivals) == 1)


async def test_an_unreachable_server_is_a_fact_for_readiness_and_no_crash(postbox: Postbox) -> None:
    reader = MailboxReader(postbox.settings(port=1), FakeStore())
    async with reading(reader):
        await until(lambda: "Unreachable" in (reader.problem or ""))
