"""A real Postfix in front, set up as docs/user/lmtp.md says: what it took reaches intake, also after bad times."""

import asyncio
import shutil
import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.connected.lmtp.conftest import Front
from tests.connected.lmtp.hand_over import a_mail
from tests.connected.lmtp.postfix import Postfix, postfix_is_there

from dsr_shared.testing import wait_until
from kuukausi.stack.ports import free_ports

pytestmark = pytest.mark.connected
TO = "tietosuoja+K-2026-0007@esimerkki.example"


@pytest.fixture(scope="module")
def postfix(run_directory: Path) -> Iterator[Postfix]:
    postfix_is_there()
    server = Postfix(run_directory / "postfix", free_ports(1)[0])
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.directory, ignore_errors=True)


async def until_stored(front: Front, postfix: Postfix) -> None:
    """Postfix tries again by itself some time; told to, it does so now."""

    async def is_stored() -> bool:
        await asyncio.to_thread(postfix.flush)
        return "stored" in front.counted

    await wait_until(is_stored, 30, "the mail, on a later try")


@pytest.mark.promise("P05")
async def test_what_postfix_took_is_stored_with_the_time_at_which_it_took_it(front: Front, postfix: Postfix) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    await asyncio.to_thread(postfix.send, [TO], a_mail())

    await wait_until(lambda: "status=deferred" in postfix.log(), 20, "a Postfix that finds nobody at the socket")
    async with front.listening(postfix.socket_path):
        await until_stored(front, postfix)
        ((raw, received),) = await front.arrivals()
    assert raw.startswith(f"Return-Path: <aino@posti.example>\r\nDelivered-To: {TO}\r\nReceived: ".encode())
    assert raw.endswith(a_mail())
    assert before <= datetime.fromisoformat(received) <= before + timedelta(seconds=5), "not when it was handed over"


async def test_while_our_database_is_away_postfix_keeps_the_mail_and_sends_it_once_more(
    front: Front, postfix: Postfix
) -> None:
    async with front.listening(postfix.socket_path):
        front.gate.shut()
        await asyncio.to_thread(postfix.send, [TO], a_mail(2))
        await wait_until(lambda: "later" in front.counted, 20, "a refusal for now")
        await front.gate.open()
        await until_stored(front, postfix)
        assert len(await front.arrivals()) == 1
    assert "451 4.3.0 the mail cannot be stored now; send it again later" in postfix.log()


async def test_an_address_that_only_postfix_knows_is_refused_for_good_and_named_in_its_log(
    front: Front, postfix: Postfix
) -> None:
    async with front.listening(postfix.socket_path):
        await asyncio.to_thread(postfix.send, ["alle@esimerkki.example"], a_mail(3))
        await wait_until(lambda: "550 5.1.1 no controller has this address" in postfix.log(), 20, "the refusal")
    assert await front.arrivals() == []


async def test_postfix_refuses_unknown_recipients_and_oversize_mail_itself(postfix: Postfix) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        await asyncio.to_thread(postfix.send, ["nobody@esimerkki.example"], a_mail())
    with pytest.raises(smtplib.SMTPSenderRefused, match="552"):
        await asyncio.to_thread(postfix.send, [TO], a_mail(body="x\r\n" * 13_000_000))
