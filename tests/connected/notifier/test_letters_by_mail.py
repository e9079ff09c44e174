"""A letter's event in, the mail in the person's mailbox, by a real mail server; and a real process killed midway."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.connected.notifier.builders import (
    Fulfilment,
    dispatch_all,
    end_leases,
    environment_of,
    mails_of,
    make_due,
    state_of,
    told,
)
from tests.connected.notifier.conftest import MakeNotifier
from tests.connected.notifier.smtp_script import SmtpScript, Step

from dsr_notifier.adapters.smtp import SmtpMailSender, SmtpServer
from dsr_notifier.adapters.writing import REPEAT_HEADER
from dsr_notifier.bootstrap import Notifier
from dsr_notifier.config import NotifierSettings
from dsr_notifier.entrypoints.dispatcher import dispatcher_of
from dsr_shared.contracts.words import LANGUAGES

if TYPE_CHECKING:
    from kuukausi.stack.mail import MailServer

pytestmark = pytest.mark.connected


@pytest.fixture
async def by_mail(make_notifier: MakeNotifier, mail_server: "MailServer") -> Notifier:
    server = SmtpServer(mail_server.host, mail_server.smtp_port, "none")
    return await make_notifier(SmtpMailSender(server))


async def test_a_letter_reaches_the_mailbox_once_in_each_language(
    by_mail: Notifier, fulfilment: Fulfilment, mail_server: "MailServer"
) -> None:
    letters = [
        (await fulfilment.ask_for_letter("challenge", language, to="once@posti.example"))[0] for language in LANGUAGES
    ]
    await dispatch_all(by_mail)
    await fulfilment.replay()
    await dispatch_all(by_mail)
    mails = await mails_of(mail_server.host, mail_server.imap_port, "once@posti.example")
    assert sorted(mail["Message-ID"] for mail in mails) == sorted(
        f"<{letter.hex}@esimerkki.example>" for letter in letters
    )
    assert {mail["Content-Language"] for mail in mails} == set(LANGUAGES)
    finnish = next(mail for mail in mails if mail["Content-Language"] == "fi")
    assert finnish["Subject"] == "K-2026-0034: avaa linkki, niin voimme vastata"
    body = finnish.get_body(("plain",))
    assert body is not None
    assert "Vastaamme viimeistään maanantaina 28.12.2026." in body.get_content()
    assert [envelope.type for envelope in await told(by_mail)] == ["letter_accepted"] * 3


async def test_a_letter_leaves_at_once_without_waiting_for_the_next_poll(
    make_notifier: MakeNotifier, settings: NotifierSettings, fulfilment: Fulfilment
) -> None:
    arrived = asyncio.Event()

    class Listening(SmtpScript):
        async def _answer(self, writer: asyncio.StreamWriter, step: Step, usual: str) -> bool:
            if step == "content":
                arrived.set()
            return await super()._answer(writer, step, usual)

    stop = asyncio.Event()
    async with Listening().serving() as script:
        sleepy = await make_notifier(SmtpMailSender(SmtpServer("127.0.0.1", script.port, "none")))
        slow = sleepy.settings.model_copy(update={"poll_seconds": 60.0})
        object.__setattr__(sleepy, "settings", slow)
        running = asyncio.create_task(dispatcher_of(sleepy).run(stop))
        await fulfilment.ask_for_letter()
        async with asyncio.timeout(5):
            await arrived.wait()
        stop.set()
        async with asyncio.timeout(5):
            await running


_DOOMED = """
import asyncio, sys
from prometheus_client import CollectorRegistry
from dsr_notifier.bootstrap import build
from dsr_notifier.config import NotifierSettings

async def main():
    notifier = await build(NotifierSettings.load(), CollectorRegistry())
    await notifier.dispatching.dispatch_next()

asyncio.run(main())
"""


async def test_a_process_killed_after_the_content_was_sent_leads_to_one_marked_repeat(
    notifier: Notifier, fulfilment: Fulfilment, settings: NotifierSettings, make_notifier: MakeNotifier, tmp_path: Path
) -> None:
    content_came, never = asyncio.Event(), asyncio.Event()

    class TakesAndKeepsSilent(SmtpScript):
        async def _answer(self, writer: asyncio.StreamWriter, step: Step, usual: str) -> bool:
            if step == "content":
                content_came.set()
                await never.wait()
            return await super()._answer(writer, step, usual)

    letter_id, _, _ = await fulfilment.ask_for_letter()
    async with TakesAndKeepsSilent().serving() as silent:
        settings.smtp_path.write_text(json.dumps({"host": "127.0.0.1", "port": silent.port, "security": "none"}))
        doomed = await asyncio.create_subprocess_exec(
            sys.executable, "-c", _DOOMED, env=environment_of(settings), cwd=tmp_path
        )
        async with asyncio.timeout(20):
            await content_came.wait()
        doomed.send_signal(signal.SIGKILL)
        await doomed.wait()
        never.set()
    assert await state_of(notifier, letter_id) == "intended"
    await end_leases(notifier)
    async with SmtpScript().serving() as script:
        survivor = await make_notifier(SmtpMailSender(SmtpServer("127.0.0.1", script.port, "none")))
        assert await survivor.dispatching.reconcile_next()
        await make_due(survivor)
        await dispatch_all(survivor)
    (first,), (repeat,) = silent.taken, script.taken
    message_id = f"Message-ID: <{letter_id.hex}@esimerkki.example>".encode()
    assert message_id in first
    assert message_id in repeat
    assert REPEAT_HEADER.encode() not in first
    assert REPEAT_HEADER.encode() in repeat
    assert [envelope.data["is_repeat"] for envelope in await told(notifier)] == [True]
