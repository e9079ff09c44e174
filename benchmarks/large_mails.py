"""Mails of 25 MB, all at once by LMTP: what intake's process and its children hold in memory, and that none is lost."""

import asyncio
import json
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import psutil

from benchmarks.measure import Measure
from benchmarks.waiting import until
from dsr_shared.keyring import create_key_rings
from dsr_shared.postgres import migrate
from kuukausi.stack.databases import ServiceDatabase, create_database, create_roles, service_database
from kuukausi.stack.ports import free_ports
from kuukausi.stack.postgres import PostgresServer

LINE = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAx" * 13 + b"\r\n"
"""Near the longest that SMTP allows, so that the lines' number does not bound the run."""
MAIL_BYTES = 25 * 1024 * 1024
ADDRESS = "privacy@company.example"
HANDLED = "select count(*) from arrivals where state = 'read'"
EVERY_SECONDS = 0.02


async def measure_large_mails(*, mails: int) -> list[Measure]:
    """As many connections as mails, each with a PDF-sized attachment; intake has its usual one reading child."""
    with tempfile.TemporaryDirectory(prefix="kuukausi-bench-") as name:
        directory = Path(name)
        directory.chmod(0o711)  # noqa: ASYNC240 - a rights bit, before anything runs
        async with _database(directory) as (database, admin_url), _taker(directory, database) as (process, port):
            began = time.perf_counter()
            watch = asyncio.ensure_future(_peak(process.pid))
            answers = await asyncio.gather(*(_hand_in(port, number) for number in range(mails)))
            taken = time.perf_counter() - began
            handled = await _all_handled(admin_url, mails)
            watch.cancel()
            peak = (await asyncio.gather(watch, return_exceptions=True))[0]
    stored = sum(answer.startswith(b"250") for answer in answers)
    return [
        Measure(f"of {mails} mails of 25 MB at once, taken", stored, "", mails),
        Measure("of these, read and told on or handed to a person", handled, "", mails),
        Measure("intake and its children meanwhile, most memory", float(str(peak)) / 2**20, "MB", 1536, "at most"),
        Measure("until all were taken", taken, "s"),
    ]


async def _hand_in(port: int, number: int) -> bytes:
    """As a mail server does: whoever waited too long for its turn comes again."""
    while True:
        with suppress(OSError):
            if answer := await _try_to_hand_in(port, number):
                return answer


async def _try_to_hand_in(port: int, number: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(line: bytes) -> bytes:
        writer.write(line + b"\r\n")
        while (answer := await reader.readline())[3:4] == b"-":
            pass
        return answer

    await reader.readline()
    await say(b"LHLO mx.company.example")
    await say(f"MAIL FROM:<kai{number}@person.example>".encode())
    await say(f"RCPT TO:<{ADDRESS}>".encode())
    if not (await say(b"DATA")).startswith(b"354"):
        writer.close()
        return b""
    writer.write(_head(number))
    lines = MAIL_BYTES // len(LINE)
    for begin in range(0, lines, 200):
        writer.write(LINE * min(200, lines - begin))
        await writer.drain()
    answer = await say(b"--b--\r\n.")
    writer.close()
    return answer


def _head(number: int) -> bytes:
    text = (
        f"From: Kai Kuu <kai{number}@person.example>\nTo: {ADDRESS}\nSubject: Pyynto {number}\n"
        f"Message-ID: <{number}@person.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\nPoistakaa kaikki tietoni.\n--b\nContent-Type: application/pdf\n"
        f"Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=liite.pdf\n\n"
    )
    return text.replace("\n", "\r\n").encode()


async def _all_handled(admin_url: str, mails: int) -> int:
    connection = await asyncpg.connect(admin_url)
    try:
        await until(
            lambda: connection.fetchval(f"select ({HANDLED}) >= $1", mails), every_seconds=0.2, deadline_seconds=900
        )
        return int(await connection.fetchval(HANDLED))
    finally:
        await connection.close()


async def _peak(pid: int) -> int:
    """Sum of what the processes hold, looked at until cancelled; what two of them share counts twice."""
    most, process = 0, psutil.Process(pid)
    try:
        while True:
            family = [process, *process.children(recursive=True)]
            most = max(most, sum(_resident(one) for one in family))
            await asyncio.sleep(EVERY_SECONDS)
    except asyncio.CancelledError:
        return most


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


@asynccontextmanager
async def _database(directory: Path) -> AsyncIterator[tuple[ServiceDatabase, str]]:
    (port,) = free_ports(1)
    passwords = {name: secrets.token_urlsafe() for name in ("intake_owner", "intake_app")}
    server = PostgresServer(
        directory=directory / "postgres",
        log_path=directory / "postgres.log",
        port=port,
        admin_password=secrets.token_urlsafe(),
        mark=str(directory),
    )
    child = server.start()
    try:
        await asyncio.to_thread(server.wait, child)
        await create_roles(server, passwords)
        described = service_database(server, "intake", passwords)
        await create_database(server, described)
        await migrate(described.owner_url, described.app_role, ("dsr_shared", "dsr_intake"))
        yield described, server.admin_url.rsplit("/", 1)[0] + "/intake"
    finally:
        child.kill()


@asynccontextmanager
async def _taker(directory: Path, database: ServiceDatabase) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    create_key_rings(directory / "keys")
    ways = [
        {"kind": "lmtp", "controller_id": "esimerkki", "addresses": [ADDRESS], "own_mail_hosts": ["mx.company.example"]}
    ]
    (directory / "mailboxes.json").write_text(json.dumps(ways))
    settings = {
        "DATABASE_URL": database.app_url,
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
        "KAFKA_USERNAME": "intake",
        "KAFKA_PASSWORD": "not used here",
        "KEYRING_PATH": str(directory / "keys" / "intake.keyring.json"),
        "PUBLIC_KEYS_PATH": str(directory / "keys" / "public-keys.json"),
        "BLOB_DIRECTORY": str(directory / "blobs"),
        "HEALTH_PORT": "0",
        "WEB_PORT": "0",
        "PUBLIC_URL": "http://localhost:8080",
        "MAILBOXES_PATH": str(directory / "mailboxes.json"),
        "LMTP_LISTEN": "127.0.0.1:0",
    }
    environment = os.environ | {f"INTAKE_{name}": value for name, value in settings.items()}
    command = (sys.executable, "-m", "benchmarks.mail_taker")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield process, int(await process.stdout.readline())
    finally:
        process.terminate()
        await process.wait()
