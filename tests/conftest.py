"""Real servers for the connected suites: each starts when a test first asks for it, once a run, on free ports.

They die with the test run however it ends, also by SIGKILL: the kernel ends them with their parent (see
`kuukausi.stack.leash`). Their data lies in a temporary directory of the run.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from dsr_shared.contracts.words import SERVICES

if TYPE_CHECKING:  # the servers' clients take a second to import: a run of unit tests alone does without them
    from kuukausi.stack.databases import ServiceDatabase
    from kuukausi.stack.kafka import KafkaServer
    from kuukausi.stack.mail import MailServer
    from kuukausi.stack.postgres import PostgresServer

_PREFIX = "kuukausi-tests-"
QUICK_POSTGRES = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}

MakeDatabase = Callable[..., Awaitable["ServiceDatabase"]]
"""`await service_database("fulfilment")` -> a fresh, migrated ServiceDatabase (app_url, owner_url, app_role, name)."""


@pytest.fixture(scope="session")
def run_directory() -> Iterator[Path]:
    """The servers' data, outside pytest's own directory: PostgreSQL runs as another user when the tests run as root."""
    _sweep_killed_runs()
    directory = Path(tempfile.mkdtemp(prefix=_PREFIX))
    directory.chmod(0o711)
    (directory / "pid").write_text(str(os.getpid()))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


def _sweep_killed_runs() -> None:
    """Remove the data of runs that were killed before they could; their servers died with them."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/pid"):
        if not psutil.pid_exists(int(left.read_text() or 0)):
            shutil.rmtree(left.parent, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(run_directory: Path) -> Iterator["PostgresServer"]:
    """PostgreSQL 18; `.admin_url` is its superuser's address."""
    from kuukausi.stack.ports import free_ports
    from kuukausi.stack.postgres import PostgresServer

    (port,) = free_ports(1)
    server = PostgresServer(
        directory=run_directory / "postgres",
        log_path=run_directory / "postgres.log",
        port=port,
        admin_password=secrets.token_urlsafe(),
        mark=str(run_directory),
        settings=QUICK_POSTGRES,
    )
    child = server.start()
    try:
        server.wait(child)
        yield server
    finally:
        child.kill()


@pytest.fixture(scope="session")
def kafka_server(run_directory: Path) -> Iterator["KafkaServer"]:
    """Kafka with topics and access rules; `.bootstrap`, and `.passwords` of admin, intake, fulfilment and notifier."""
    from kuukausi.stack.jars import KAFKA, classpath
    from kuukausi.stack.kafka import USERS, KafkaServer
    from kuukausi.stack.places import cache_directory
    from kuukausi.stack.ports import free_ports
    from kuukausi.stack.topics import prepare_broker

    port, controller_port = free_ports(2)
    server = KafkaServer(
        directory=run_directory / "kafka",
        log_path=run_directory / "kafka.log",
        port=port,
        controller_port=controller_port,
        passwords={user: secrets.token_urlsafe() for user in USERS},
        classpath=tuple(classpath(KAFKA, cache_directory())),
        mark=str(run_directory),
    )
    child = server.start()
    try:
        server.wait(child)
        prepare_broker(server)
        yield server
    finally:
        child.kill()


@pytest.fixture(scope="session")
def mail_server(run_directory: Path) -> Iterator["MailServer"]:
    """SMTP and IMAP (`.host`, `.smtp_port`, `.imap_port`): any address signs in with any password and gets mail."""
    from kuukausi.stack.jars import GREENMAIL, classpath
    from kuukausi.stack.mail import MailServer
    from kuukausi.stack.places import cache_directory
    from kuukausi.stack.ports import free_ports

    smtp_port, imap_port = free_ports(2)
    server = MailServer(
        directory=run_directory / "mail",
        log_path=run_directory / "mail.log",
        smtp_port=smtp_port,
        imap_port=imap_port,
        classpath=tuple(classpath(GREENMAIL, cache_directory())),
        mark=str(run_directory),
    )
    child = server.start()
    try:
        server.wait(child)
        yield server
    finally:
        child.kill()


@dataclass
class _Templates:
    """Migrated once a run for each set of packages, then copied: a copy takes a twentieth of a second."""

    passwords: dict[str, str] = field(
        default_factory=lambda: {f"{s}_{role}": secrets.token_urlsafe() for s in SERVICES for role in ("owner", "app")}
    )
    made: dict[tuple[str, ...], str] = field(default_factory=dict)

    async def of(self, server: "PostgresServer", service: str, packages: Sequence[str]) -> str:
        from dsr_shared.postgres import migrate
        from kuukausi.stack.databases import create_database, create_roles
        from kuukausi.stack.databases import service_database as describe_database

        key = (service, *packages)
        if key not in self.made:
            if not self.made:
                await create_roles(server, self.passwords)
            template = describe_database(server, service, self.passwords, f"template_{service}_{len(self.made)}")
            await create_database(server, template)
            await migrate(template.owner_url, template.app_role, tuple(packages))
            self.made[key] = template.name
        return self.made[key]


@pytest.fixture(scope="session")
def _templates() -> _Templates:
    return _Templates()


@pytest.fixture
async def service_database(postgres_server: "PostgresServer", _templates: _Templates) -> AsyncIterator[MakeDatabase]:
    """Make fresh databases: `await service_database("intake")`, or with the packages whose migrations it shall have."""
    from kuukausi.stack.databases import create_database, drop_database
    from kuukausi.stack.databases import service_database as describe_database

    made: list[str] = []

    async def make(service: str, packages: Sequence[str] | None = None) -> "ServiceDatabase":
        template = await _templates.of(postgres_server, service, packages or ("dsr_shared", f"dsr_{service}"))
        name = f"{service}_{secrets.token_hex(4)}"
        database = describe_database(postgres_server, service, _templates.passwords, name)
        await create_database(postgres_server, database, template)
        made.append(name)
        return database

    yield make
    for name in made:
        await drop_database(postgres_server, name)
