"""A stack under test with real service processes, a small company in it, and persons who write to it.

The company `koe` has one system of one table; `persons` people are its customers, each with an address of their own.
Everything that a person does goes through the public form and the mail server.
"""

import asyncio
import secrets
import shutil
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import asyncpg
import psutil
import pytest

from kuukausi.demo.post import PostOffice
from kuukausi.errors import StackError
from kuukausi.sample.databases import with_parts
from kuukausi.stack import control
from kuukausi.stack.configuration import Configuration, DemoMail, Mailbox
from kuukausi.stack.layout import Layout
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.plan import fetch_programs
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.postgres import ADMIN
from kuukausi.stack.running import processes_of, running

CONTROLLER = "koe"
SERVICES = ("intake", "fulfilment", "notifier")
REGISTER = Path(__file__).with_name("koe.yaml")
PRIVACY_ADDRESS = "tietosuoja@koe.example"

Row = tuple[str, str, str]
"""Name, address and remark of a customer."""


async def until(predicate: Callable[[], Awaitable[bool]], look_seconds: float = 0.1) -> None:
    """Return once it holds; the caller sets the deadline."""
    while not await predicate():  # noqa: ASYNC110 - it looks at other processes, which set no event here
        await asyncio.sleep(look_seconds)


def customers(count: int) -> list[Row]:
    return [(f"Henkilö {number:04d}", f"henkilo-{number:04d}@asiakas.example", "") for number in range(count)]


@dataclass(frozen=True)
class Town:
    """A running stack and where its parts are."""

    layout: Layout
    configuration: Configuration
    form_url: str
    console_url: str
    post: PostOffice = field(repr=False)

    @property
    def ports(self) -> Mapping[str, int]:
        return running(self.layout).ports

    def pid_of(self, part: str) -> int | None:
        """The process of a part as it runs now; None while it is down."""
        pid = running(self.layout).pids.get(part)
        try:
            alive = pid is not None and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return None
        return pid if alive else None

    def admin_url(self, database: str) -> str:
        return admin_url(self.layout, database)

    @asynccontextmanager
    async def database(self, name: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A look from outside, across controllers."""
        connection = await asyncpg.connect(self.admin_url(name), timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    async def rows(self, database: str, query: str, *values: object) -> list[Any]:
        async with self.database(database) as connection:
            return list(await connection.fetch(query, *values))

    async def value(self, database: str, query: str, *values: object) -> Any:
        async with self.database(database) as connection:
            return await connection.fetchval(query, *values)


def admin_url(layout: Layout, database: str) -> str:
    password = Passwords.load(layout.passwords).postgres_admin
    return f"postgresql://{ADMIN}:{quote(password)}@{LOOPBACK}:{running(layout).ports['postgres']}/{database}"


@contextmanager
def a_town(
    monkeypatch: pytest.MonkeyPatch,
    people: list[Row],
    *,
    mailboxes: Mapping[str, str] = MappingProxyType({}),
    company_url: str | None = None,
    **settings: object,
) -> Iterator[Town]:
    """Start the stack in a directory of its own; nothing of it is left afterwards.

    `mailboxes` holds their passwords. The company's database lies on the stack's server, or where `company_url` says.
    """
    home = Path(tempfile.mkdtemp(prefix="kuukausi-town-"))
    home.chmod(0o711)
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    layout = Layout.of(f"town-{secrets.token_hex(4)}")
    try:
        configuration = _configuration(home, layout, mailboxes, settings)
        fetch_programs(configuration)
        yield _started(layout, configuration, people, company_url)
    finally:
        _end(layout)
        shutil.rmtree(home, ignore_errors=True)


def start_again(town: Town, configuration: Configuration) -> Town:
    """The same stack, after it was stopped."""
    ready = control.start(town.layout, configuration, lambda _: None)
    return _town(town.layout, configuration, ready)


def _configuration(
    home: Path, layout: Layout, mailboxes: Mapping[str, str], settings: Mapping[str, object]
) -> Configuration:
    registers = home / "registers"
    registers.mkdir(mode=0o755)
    shutil.copy(REGISTER, registers / f"{CONTROLLER}.yaml")
    boxes = tuple(
        Mailbox(
            controller_id=CONTROLLER, host="localhost", port=143, security="none", username=address, password=password
        )
        for address, password in mailboxes.items()
    )
    values = {"mailboxes": boxes, "demo_mail": DemoMail(), **settings}
    return Configuration(
        registers_directory=registers, connector_secrets_directory=layout.secrets / "connectors", **values
    )


def _started(layout: Layout, configuration: Configuration, people: list[Row], company_url: str | None) -> Town:
    ready = control.start(layout, configuration, lambda _: None)
    secret = asyncio.run(_company_database(company_url or admin_url(layout, "postgres"), people))
    path = layout.secrets / "connectors" / CONTROLLER / "people_dsn"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secret)
    return _town(layout, configuration, ready)


def _town(layout: Layout, configuration: Configuration, ready: Mapping[str, Any]) -> Town:
    ports = running(layout).ports
    post = PostOffice(ports["smtp"], ports["imap"], defaultdict(lambda: "salasana"))
    return Town(layout, configuration, ready["form"], ready["console"], post)


async def _company_database(url: str, people: list[Row]) -> str:
    """The company's own database, with a role for the connector; returns the connector's address."""
    password = secrets.token_urlsafe()
    connection = await asyncpg.connect(url, timeout=10)
    await connection.execute(f"create role people_connector login password '{password}'")
    await connection.execute("create database people template template0")
    await connection.close()
    connection = await asyncpg.connect(with_parts(url, database="people"), timeout=10)
    await connection.execute(
        """
        create table people (id int primary key, name text not null, email text not null, remark text not null);
        grant select, update, delete on people to people_connector
        """
    )
    await connection.copy_records_to_table("people", records=[(number, *row) for number, row in enumerate(people, 1)])
    await connection.close()
    return with_parts(url, database="people", user="people_connector", password=password)


def _end(layout: Layout) -> None:
    if layout.lock.exists():
        with suppress(StackError):
            control.stop(layout)
    left = processes_of(layout)
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)
