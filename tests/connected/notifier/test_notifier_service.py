"""The whole process as it runs in production: Kafka in, mail out, Kafka out, health pages, a clean end."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest
from aiokafka import AIOKafkaProducer
from tests.connected.notifier.builders import Fulfilment, environment_of, mails_of, told

from dsr_notifier.bootstrap import Notifier
from dsr_notifier.config import NotifierSettings
from dsr_shared.contracts.words import Service
from dsr_shared.testing import wait_until
from kuukausi.stack.ports import free_ports

if TYPE_CHECKING:
    from kuukausi.stack.kafka import KafkaServer
    from kuukausi.stack.mail import MailServer

pytestmark = pytest.mark.connected
MEGABYTE = 1_000_000


class Process:
    """`python -m dsr_notifier`."""

    def __init__(self, settings: NotifierSettings, log: Path) -> None:
        self._settings = settings
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.url = f"http://127.0.0.1:{settings.health_port}"

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "dsr_notifier", env=environment_of(self._settings), stderr=log
            )

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        async with asyncio.timeout(30):
            return await self._process.wait()

    def memory_bytes(self) -> int:
        assert self._process is not None
        return int(psutil.Process(self._process.pid).memory_info().rss)

    async def readiness(self) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            try:
                answer: dict[str, Any] = (await client.get(f"{self.url}/readyz")).json()
            except httpx.TransportError:
                return {"status": "silent"}
        return answer


@pytest.fixture
def service_settings(
    settings: NotifierSettings, kafka_server: "KafkaServer", mail_server: "MailServer"
) -> NotifierSettings:
    (port,) = free_ports(1)
    smtp = {"host": mail_server.host, "port": mail_server.smtp_port, "security": "none"}
    settings.smtp_path.write_text(json.dumps(smtp))
    return settings.model_copy(
        update={
            "kafka_bootstrap_servers": kafka_server.bootstrap,
            "kafka_password": type(settings.kafka_password)(kafka_server.passwords["notifier"]),
            "health_port": port,
            "poll_seconds": 1.0,
            "smtp_check_seconds": 1.0,
        }
    )


@pytest.fixture
async def service(service_settings: NotifierSettings, tmp_path: Path) -> AsyncIterator[Process]:
    process = Process(service_settings, tmp_path / "notifier.log")
    await process.start()
    yield process
    await process.stop(signal.SIGKILL)


async def produce(server: "KafkaServer", user: Service, side: Fulfilment) -> None:
    """Put what fulfilment wrote into Kafka, with fulfilment's own rights."""
    producer = AIOKafkaProducer(
        bootstrap_servers=server.bootstrap,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=user,
        sasl_plain_password=server.passwords[user],
        enable_idempotence=True,
    )
    async with producer:
        for record in side.records:
            await producer.send_and_wait(record.topic, record.value, key=record.key)


async def test_the_process_carries_a_letter_from_kafka_to_the_mailbox_and_the_outcome_back(
    service: Process,
    notifier: Notifier,
    rings: Path,
    kafka_server: "KafkaServer",
    mail_server: "MailServer",
) -> None:
    started = time.monotonic()

    async def is_ready() -> bool:
        return bool((await service.readiness())["status"] == "ready")

    await wait_until(is_ready, 30)
    ready_after = time.monotonic() - started
    idle_bytes = service.memory_bytes()

    side = Fulfilment(notifier, rings / "public-keys.json", is_broker_away=True)
    await side.publish()
    letter_id, _, _ = await side.ask_for_letter("access_reply", "sv", to="whole@posti.example")
    await produce(kafka_server, "fulfilment", side)

    async def is_told() -> bool:
        async with notifier.database.across_controllers() as conn:
            return bool(await conn.fetchval("select exists (select 1 from outbox where sent_at is not null)"))

    await wait_until(is_told, 30)
    (envelope,) = await told(notifier)
    assert (envelope.type, envelope.data["letter_id"]) == ("letter_accepted", str(letter_id))
    (mail,) = await mails_of(mail_server.host, mail_server.imap_port, "whole@posti.example")
    assert mail["Message-ID"] == envelope.data["message_id"]
    async with httpx.AsyncClient() as client:
        metrics = (await client.get(f"{service.url}/metrics")).text
    assert 'notifier_letters_ended_total{state="accepted"} 1.0' in metrics
    assert "posti.example" not in metrics
    assert await service.stop() == 0
    assert idle_bytes < 120 * MEGABYTE
    assert ready_after < 10, "five seconds alone; the test machine has other work"


async def test_without_a_mail_server_the_process_lives_waits_and_says_so(
    service_settings: NotifierSettings, tmp_path: Path
) -> None:
    service_settings.smtp_path.write_text('{"host": "127.0.0.1", "port": 1, "security": "none"}')
    process = Process(service_settings, tmp_path / "notifier.log")
    await process.start()

    async def misses_only_mail() -> bool:
        return set((await process.readiness()).get("missing", {})) == {"mail_server"}

    try:
        await wait_until(misses_only_mail, 30)
    finally:
        assert await process.stop() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"NOTIFIER_KAFKA_PASSWORD": None}, "NOTIFIER_KAFKA_PASSWORD is missing"),
        ({"NOTIFIER_LEASE_SECONDS": "10"}, "NOTIFIER_LEASE_SECONDS is wrong"),
        ({"NOTIFIER_SMTP_PATH": "/nowhere/smtp.json"}, "/nowhere/smtp.json: No such file"),
        ({"NOTIFIER_KEYRING_PATH": "/nowhere/ring.json"}, "/nowhere/ring.json"),
    ],
)
async def test_a_wrong_setting_is_named_in_one_line_without_a_traceback(
    settings: NotifierSettings, change: dict[str, str | None], words: str
) -> None:
    settings.smtp_path.write_text('{"host": "127.0.0.1", "port": 1, "security": "none"}')
    environment = {name: value for name, value in (environment_of(settings) | change).items() if value is not None}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "dsr_notifier", env=environment, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        _, errors = await process.communicate()
    assert process.returncode == 2
    assert words in errors.decode()
    assert "Traceback" not in errors.decode()
