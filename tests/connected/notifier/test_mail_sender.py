"""One suite for every mail sender: the fake and the real one tell the same of the same happenings."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.connected.notifier.smtp_script import SmtpScript, Step

from dsr_notifier.adapters.smtp import SmtpMailSender, SmtpServer
from dsr_notifier.adapters.writing import TemplateLetterWriter
from dsr_notifier.config import SmtpSettings
from dsr_notifier.domain.delivery import Accepted, Refused, SendOutcome, TryLater, Unknown
from dsr_notifier.ports import MailSender, OutgoingMail
from dsr_notifier.samples import CONTROLLER, sample_letter
from dsr_notifier.testing import FakeMailSender

pytestmark = pytest.mark.connected

MAIL: OutgoingMail = TemplateLetterWriter().write(
    sample_letter("refusal", "fi"), CONTROLLER, written_at=datetime(2026, 11, 25, tzinfo=UTC), is_repeat=False
)
Arrange = Callable[[SendOutcome], AbstractAsyncContextManager[MailSender]]
SCRIPTS: dict[SendOutcome, SmtpScript] = {
    Accepted(): SmtpScript(),
    Refused(550): SmtpScript({"rcpt": "550 no such user"}),
    TryLater(451): SmtpScript({"content": "451 come again"}),
    Unknown(): SmtpScript(hangs_up_at="content"),
}


@asynccontextmanager
async def fake(outcome: SendOutcome) -> AsyncIterator[MailSender]:
    yield FakeMailSender([outcome])


@asynccontextmanager
async def real(outcome: SendOutcome) -> AsyncIterator[MailSender]:
    async with SCRIPTS[outcome].serving() as script:
        yield sender_to(script.port)


def sender_to(port: int, timeout_seconds: float = 5) -> SmtpMailSender:
    return SmtpMailSender(SmtpServer("127.0.0.1", port, "none"), timeout_seconds=timeout_seconds)


@pytest.mark.parametrize("arrange", [fake, real])
@pytest.mark.parametrize("outcome", list(SCRIPTS))
async def test_a_sender_tells_what_became_of_the_mail(arrange: Arrange, outcome: SendOutcome) -> None:
    async with arrange(outcome) as sender:
        assert await sender.send(MAIL) == outcome


@pytest.mark.parametrize("arrange", [fake, real])
async def test_a_sender_that_is_up_says_so_without_sending(arrange: Arrange) -> None:
    async with arrange(Accepted()) as sender:
        assert await sender.is_reachable()


@pytest.mark.parametrize("sender", [FakeMailSender(), sender_to(1)])
async def test_a_sender_that_is_down_hands_nothing_over_and_raises_nothing(sender: MailSender) -> None:
    if isinstance(sender, FakeMailSender):
        sender.is_down = True
    assert not await sender.is_reachable()
    outcome = await sender.send(MAIL)
    assert outcome == TryLater()
    assert isinstance(outcome, TryLater)
    assert outcome.is_unreachable


BEFORE_THE_CONTENT: list[Step] = ["connect", "ehlo", "mail", "rcpt"]


@pytest.mark.parametrize("step", BEFORE_THE_CONTENT)
async def test_a_connection_lost_before_the_content_means_try_later(step: Step) -> None:
    async with SmtpScript(hangs_up_at=step).serving() as script:
        assert await sender_to(script.port).send(MAIL) == TryLater()
        assert script.taken == []


@pytest.mark.parametrize(
    ("step", "reply", "outcome"),
    [
        ("connect", "421 busy", TryLater()),
        ("mail", "451 later", TryLater(451)),
        ("mail", "553 sender not allowed", TryLater(553)),
        ("rcpt", "450 greylisted", TryLater(450)),
        ("rcpt", "554 no", Refused(554)),
        ("data", "451 later", TryLater(451)),
        ("data", "554 no", Refused(554)),
        ("content", "552 too large", Refused(552)),
        ("content", "421 closing", TryLater(421)),
    ],
)
async def test_a_refusal_is_final_only_when_it_is_about_this_letter(
    step: Step, reply: str, outcome: SendOutcome
) -> None:
    async with SmtpScript({step: reply}).serving() as script:
        assert await sender_to(script.port).send(MAIL) == outcome
        assert script.taken == []


async def test_a_server_that_never_answers_the_content_leaves_it_unknown() -> None:
    silent = asyncio.Event()

    class Silent(SmtpScript):
        async def _answer(self, writer: asyncio.StreamWriter, step: Step, usual: str) -> bool:
            if step == "content":
                await silent.wait()
            return await super()._answer(writer, step, usual)

    async with Silent().serving() as script:
        assert await sender_to(script.port, timeout_seconds=0.3).send(MAIL) == Unknown()
        silent.set()


async def test_the_mail_arrives_byte_for_byte_with_its_envelope() -> None:
    async with SmtpScript().serving() as script:
        await sender_to(script.port).send(MAIL)
        assert script.taken == [MAIL.message.replace(b"\r\n.", b"\r\n..") + b".\r\n"]
        ((sender, recipient),) = script.envelopes
        assert sender.startswith("FROM:<tietosuoja@esimerkki.example>")
        assert recipient == "TO:<liisa.esimerkki@posti.example>"


async def test_bounces_go_to_the_envelope_sender_where_one_is_set() -> None:
    async with SmtpScript().serving() as script:
        server = SmtpServer("127.0.0.1", script.port, "none", envelope_sender="bounces@esimerkki.example")
        await SmtpMailSender(server).send(MAIL)
        assert script.envelopes[0][0].startswith("FROM:<bounces@esimerkki.example>")


@pytest.mark.parametrize("security", ["tls", "starttls"])
async def test_a_server_without_the_encryption_asked_for_gets_no_letter(security: str, tmp_path: Path) -> None:
    async with SmtpScript().serving() as script:
        file = tmp_path / "smtp.json"
        file.write_text(f'{{"host": "127.0.0.1", "port": {script.port}, "security": "{security}"}}')
        sender = SmtpMailSender(SmtpSettings.load(file).server(), timeout_seconds=1)
        assert await sender.send(MAIL) == TryLater()
        assert script.envelopes == []


@pytest.mark.parametrize("host", ["mail.esimerkki.example", "192.0.2.1", "10.0.0.1", "0.0.0.0"])
def test_letters_in_clear_are_for_this_machine_alone(host: str) -> None:
    with pytest.raises(ValidationError, match="in clear"):
        SmtpSettings(host=host, port=25, security="none")
    assert SmtpSettings(host="127.0.0.1", port=25, security="none")


def test_a_user_name_without_a_password_is_refused_and_a_password_is_never_shown() -> None:
    with pytest.raises(ValidationError, match="belong together"):
        SmtpSettings(host="mail.esimerkki.example", port=465, security="tls", username="a")
    settings = SmtpSettings.model_validate(
        {"host": "mail.esimerkki.example", "port": 465, "security": "tls", "username": "a", "password": "s3cret"}
    )
    assert "s3cret" not in repr(settings)
