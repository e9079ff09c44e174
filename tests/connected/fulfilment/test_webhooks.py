"""A company's own program hears how its cases stand: signed, over TLS, until it is taken, and nothing of anybody."""

import asyncio
import hashlib
import hmac
import ipaddress
import json
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from prometheus_client import CollectorRegistry

from dsr_fulfilment.adapters import webhook_calls
from dsr_fulfilment.adapters.connectors.registry import SecretDirectory
from dsr_fulfilment.adapters.webhook_sender import NotDelivered, WebhookSender, is_public
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.webhooks import PAUSES, Webhooks

pytestmark = pytest.mark.connected
HOST = "hooks.esimerkki.example"
SECRET = "s" * 40


@dataclass
class Program:
    """A company's program behind TLS; answers with the statuses it is given, then with 204."""

    certificate: Path
    statuses: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in head[1:] if line}
        self.heard.append((headers, await reader.readexactly(int(headers["content-length"]))))
        status = self.statuses.pop(0) if self.statuses else 204
        location = "Location: https://elsewhere.example/\r\n" if status == 302 else ""
        writer.write(f"HTTP/1.1 {status} x\r\n{location}Content-Length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Certificate and key of the company's host, in one file."""
    file = tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-keyout", tmp_path / "key.pem", "-out", file, "-subj", f"/CN={HOST}",
         "-addext", f"subjectAltName=DNS:{HOST}"],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


@pytest.fixture
async def program(certificate: Path) -> AsyncIterator[Program]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    made = Program(certificate)
    server = await asyncio.start_server(made.answer, "127.0.0.1", 0, ssl=context)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
async def settings(settings: FulfilmentSettings, program: Program) -> FulfilmentSettings:
    file = settings.registers_directory / "esimerkki.yaml"
    url = f"https://{HOST}:{program.port}/kuukausi?a=b"
    file.write_text(file.read_text() + f"webhook: {{url: '{url}', secret: hooks}}\n")
    (settings.connector_secrets_directory / "esimerkki" / "hooks").write_text(SECRET)
    return settings


async def at_home(_host: str, _port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture
def webhooks(fulfilment, settings: FulfilmentSettings, program: Program) -> Webhooks:
    context = ssl.create_default_context(cafile=str(program.certificate))
    sender = WebhookSender(may_go_to=lambda _: True, context=context, resolve=at_home)
    secrets = SecretDirectory(settings.connector_secrets_directory)
    return Webhooks(fulfilment.tools, secrets, CollectorRegistry(), sender)


async def send_all(webhooks: Webhooks) -> None:
    while await webhooks.send_one():
        pass


async def test_each_stage_is_told_once_in_order_signed_and_without_a_word_about_the_person(
    desk, others, webhooks: Webhooks, program: Program
) -> None:
    case_id = await others.request("access")
    await desk.work()
    await send_all(webhooks)
    bodies = [json.loads(body) for _, body in program.heard]
    assert [body["stage"] for body in bodies] == ["received", "identifying"]
    assert {body["case_id"] for body in bodies} == {str(case_id)}
    assert set(bodies[0]) == {
        "event_id", "type", "controller", "case_id", "reference", "stage", "due_on", "extended_due_on", "changed_at"
    }  # fmt: skip
    headers, body = program.heard[0]
    seconds, given = (part.partition("=")[2] for part in headers["kuukausi-signature"].split(","))
    assert given == hmac.new(SECRET.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["kuukausi-event-id"] == bodies[0]["event_id"]
    assert headers["host"] == f"{HOST}:{program.port}"


async def test_what_was_not_taken_is_sent_again_and_holds_up_what_came_later_in_the_case(
    desk, others, webhooks: Webhooks, program: Program, fulfilment
) -> None:
    program.statuses = [500, 302]
    await others.request("access")
    await desk.work()
    await send_all(webhooks)
    assert len(program.heard) == 1
    for _ in range(2):
        async with fulfilment.tools.database.across_controllers() as conn:
            await conn.execute("update webhook_calls set not_before = now() where state = 'waiting'")
        await send_all(webhooks)
    assert [json.loads(body)["stage"] for _, body in program.heard] == ["received"] * 3 + ["identifying"]
    assert len({headers["kuukausi-event-id"] for headers, _ in program.heard[:3]}) == 1


async def test_in_the_end_it_is_given_up_in_view_and_can_be_tried_anew(
    desk, others, webhooks: Webhooks, program: Program, fulfilment
) -> None:
    program.statuses = [503]
    await others.request("access")
    async with fulfilment.tools.database.across_controllers() as conn:
        await conn.execute("update webhook_calls set attempts = $1", len(PAUSES))
    await send_all(webhooks)
    async with fulfilment.tools.database.across_controllers() as conn:
        assert await webhook_calls.left(conn) == [("esimerkki", "dead", 1)]
        assert await conn.fetchval("select last_error from webhook_calls") == "status_503"
    async with fulfilment.tools.database.transaction("toinen") as conn:
        assert await webhook_calls.again(conn, "esimerkki") == 0, "another company's are not there"
    async with fulfilment.tools.database.transaction("esimerkki") as conn:
        assert await webhook_calls.again(conn, "esimerkki") == 1
    await send_all(webhooks)
    assert len(program.heard) == 2
    assert sum(PAUSES, timedelta()) > timedelta(days=1)


async def test_a_call_whose_sender_died_is_taken_up_when_its_lease_ends(
    others, webhooks: Webhooks, program: Program, fulfilment
) -> None:
    await others.request("access")
    async with fulfilment.tools.database.across_controllers() as conn:
        assert await webhook_calls.claim(conn, uuid4(), timedelta(seconds=30)) is not None
    assert not await webhooks.send_one()
    async with fulfilment.tools.database.across_controllers() as conn:
        await conn.execute("update webhook_calls set lease_until = now() - interval '1 second'")
    assert await webhooks.send_one()
    assert len(program.heard) == 1


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.0.9", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1"],
)  # fmt: skip
async def test_a_host_that_leads_into_a_private_network_gets_nothing(program: Program, address: str) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.216.34", address]

    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(NotDelivered, match="private_address"):
        await WebhookSender(resolve=resolve).post(f"https://{HOST}:{program.port}/", b"{}", {})
    assert program.heard == []


async def test_an_unknown_certificate_and_plain_http_get_nothing(program: Program) -> None:
    sender = WebhookSender(may_go_to=lambda _: True, resolve=at_home)
    with pytest.raises(NotDelivered, match="certificate"):
        await sender.post(f"https://{HOST}:{program.port}/", b"{}", {})
    with pytest.raises(NotDelivered, match="not_https"):
        await sender.post(f"http://{HOST}:{program.port}/", b"{}", {})
    assert program.heard == []
