"""The whole process as it runs in production: Kafka, IMAP and the web in, Kafka out, a clean end."""

import asyncio
import json
import signal
import smtplib
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from tests.connected.intake.builders import a_register, filled_form, received

from dsr_intake.config import IntakeSettings
from dsr_shared.contracts.base import Envelope, Event
from dsr_shared.testing import apply_schema, catalogue, wait_until
from kuukausi.stack.ports import free_ports

if TYPE_CHECKING:
    from kuukausi.stack.kafka import KafkaServer
    from kuukausi.stack.mail import MailServer

pytestmark = pytest.mark.connected
MAIL = """From: Aino Esimerkki <aino@posti.example>
To: tietosuoja@esimerkki.example
Subject: Tietopyynto
Message-ID: <service-test@posti.example>
Content-Type: text/plain; charset=utf-8

Hei! Haluan nähdä, mitä tietoja teillä on minusta. Terveisin Aino
"""


def environment_of(settings: IntakeSettings, **others: object) -> dict[str, str]:
    values = settings.model_dump() | others
    texts = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        for name, value in values.items()
        if value is not None
    }
    return {f"INTAKE_{name.upper()}": text for name, text in texts.items()} | {"PATH": "/usr/bin:/bin"}


class Fulfilment:
    """The other end of the bus, with fulfilment's own rights."""

    def __init__(self, kafka: "KafkaServer") -> None:
        self._sasl: dict[str, Any] = {
            "bootstrap_servers": kafka.bootstrap,
            "security_protocol": "SASL_PLAINTEXT",
            "sasl_mechanism": "PLAIN",
            "sasl_plain_username": "fulfilment",
            "sasl_plain_password": kafka.passwords["fulfilment"],
        }

    async def tell(self, controller_id: str, event: Event, case_id: UUID) -> None:
        envelope = received(controller_id, event, case_id).envelope
        producer = AIOKafkaProducer(**self._sasl, acks="all")
        await producer.start()
        try:
            value = envelope.model_dump_json().encode()
            await producer.send_and_wait(event.TOPIC, value, key=str(case_id).encode())
        finally:
            await producer.stop()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[list[Envelope]]:
        """Hear what comes from now on; the broker also serves the other tests of the run."""
        consumer = AIOKafkaConsumer("requests.v1", **self._sasl, auto_offset_reset="latest")
        await consumer.start()
        await consumer.seek_to_end()
        heard: list[Envelope] = []

        async def listen() -> None:
            while True:
                record = await consumer.getone()
                heard.append(Envelope.model_validate_json(record.value))

        task = asyncio.create_task(listen())
        try:
            yield heard
        finally:
            task.cancel()
            await consumer.stop()


class Process:
    """`python -m dsr_intake`."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        with self._log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "dsr_intake", env=self._environment, stderr=log
            )

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(30):
            return await self.process.wait()

    async def readiness(self) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            try:
                url = f"http://127.0.0.1:{self._environment['INTAKE_HEALTH_PORT']}/readyz"
                answer: dict[str, Any] = (await client.get(url)).json()
            except httpx.TransportError:
                return {"status": "silent"}
        return answer

    async def is_ready(self) -> bool:
        return (await self.readiness())["status"] == "ready"

    @property
    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
async def service(
    settings: IntakeSettings, kafka_server: "KafkaServer", mail_server: "MailServer", tmp_path: Path
) -> AsyncIterator[Process]:
    web, health = free_ports(2)
    mailbox = {
        "controller_id": "esimerkki",
        "host": mail_server.host,
        "port": mail_server.imap_port,
        "security": "none",
        "username": "tietosuoja@esimerkki.example",
        "password": "any",
    }
    (tmp_path / "mailboxes.json").write_text(json.dumps([mailbox]))
    environment = environment_of(
        settings,
        kafka_bootstrap_servers=kafka_server.bootstrap,
        kafka_password=kafka_server.passwords["intake"],
        health_port=health,
        web_port=web,
        public_url=f"http://127.0.0.1:{web}",
        mailboxes_path=tmp_path / "mailboxes.json",
    )
    process = Process(environment, tmp_path / "intake.log")
    await process.start()
    yield process
    await process.stop(signal.SIGKILL)


async def test_a_mail_and_a_form_become_events_on_kafka_and_the_process_ends_cleanly(
    service: Process, kafka_server: "KafkaServer", mail_server: "MailServer"
) -> None:
    fulfilment = Fulfilment(kafka_server)
    await fulfilment.tell("esimerkki", a_register(), UUID("00000000-0000-7000-8000-000000000001"))
    await wait_until(service.is_ready, 30, "a ready intake")
    public = service._environment["INTAKE_PUBLIC_URL"]
    async with httpx.AsyncClient(base_url=public) as person, fulfilment.listening() as heard:

        async def is_published() -> bool:
            return (await person.get("/esimerkki/")).status_code == 200

        await wait_until(is_published, 20, "the controller's form")
        state = await filled_form(person)
        assert (await person.post("/esimerkki/", data={"state": state, "step": "check"})).status_code == 303
        await asyncio.to_thread(send, mail_server)
        await wait_until(lambda: len(heard) >= 2, 30, "both requests on Kafka")
    assert {envelope.data["channel"] for envelope in heard} == {"form", "mail"}
    assert {envelope.type for envelope in heard} == {"request_received"}
    assert service.process is not None
    memory = psutil.Process(service.process.pid).memory_info().rss
    print(f"memory after both requests: {memory / 1e6:.0f} MB")
    assert memory < 120_000_000, f"{memory / 1e6:.0f} MB"
    assert await service.stop() == 0
    assert "aino" not in service.log.lower()


def send(mail_server: "MailServer") -> None:
    with smtplib.SMTP(mail_server.host, mail_server.smtp_port, timeout=10) as smtp:
        smtp.sendmail("aino@posti.example", ["tietosuoja@esimerkki.example"], MAIL.encode())


async def test_a_missing_setting_is_named_in_one_line(tmp_path: Path) -> None:
    process = Process({"PATH": "/usr/bin:/bin", "INTAKE_HEALTH_PORT": "1"}, tmp_path / "intake.log")
    await process.start()
    assert process.process is not None
    async with asyncio.timeout(30):
        assert await process.process.wait() == 2
    assert "INTAKE_DATABASE_URL is missing" in process.log
    assert "INTAKE_PUBLIC_URL is missing" in process.log
    assert "Traceback" not in process.log


async def test_a_mailboxes_file_with_a_mistake_is_named_without_its_password(
    settings: IntakeSettings, tmp_path: Path
) -> None:
    path = tmp_path / "mailboxes.json"
    path.write_text(json.dumps([{"controller_id": "esimerkki", "host": "h", "password": "canary-secret"}]))
    process = Process(environment_of(settings, mailboxes_path=path), tmp_path / "intake.log")
    await process.start()
    assert process.process is not None
    async with asyncio.timeout(30):
        assert await process.process.wait() == 2
    assert "0.username: Field required" in process.log
    assert "canary-secret" not in process.log


async def test_the_written_schema_is_what_the_migrations_of_intake_make(service_database) -> None:  # type: ignore[no-untyped-def]
    migrated = await service_database("intake")
    written = await service_database("intake", ("dsr_shared",))
    await apply_schema(written.owner_url, written.app_role, "dsr_intake")
    assert await catalogue(written.owner_url) == await catalogue(migrated.owner_url)
