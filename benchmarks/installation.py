"""A whole installation for the benchmarks: PostgreSQL, Kafka, three service processes, the sample company's databases.

It lies in a temporary directory and ends with this process.
"""

import asyncio
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from ruamel.yaml import YAML

from benchmarks.mail_sink import MailSink
from kuukausi.sample import create_sample, example_registers
from kuukausi.stack import control
from kuukausi.stack.configuration import Configuration, Smtp
from kuukausi.stack.layout import Layout
from kuukausi.stack.plan import Plan, fetch_programs, running_plan
from kuukausi.stack.postgres import ADMIN
from kuukausi.stack.running import running

CONTROLLER = "esimerkki"
STAFF = "bench"
NAME = "bench"


@dataclass(frozen=True)
class Installation:
    """What the measurements work with."""

    layout: Layout
    plan: Plan
    form_url: str
    console_url: str
    staff_password: str
    mail: MailSink

    def database_url(self, name: str) -> str:
        """As the administrator, who sees all rows."""
        return self.plan.postgres.url(ADMIN, self.plan.passwords.postgres_admin, name)

    @asynccontextmanager
    async def connection(self, name: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        connection = await asyncpg.connect(self.database_url(name))
        try:
            yield connection
        finally:
            await connection.close()

    def process_ids(self) -> dict[str, int]:
        return running(self.layout).pids


@asynccontextmanager
async def installation(say: Callable[[str], None]) -> AsyncIterator[Installation]:
    """Start all of it, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="kuukausi-bench-") as directory:
        root = Path(directory)
        os.chmod(directory, 0o711)  # noqa: PTH101 - PostgreSQL runs as another user when we are root
        os.environ["XDG_STATE_HOME"] = directory
        layout = Layout.of(NAME)
        async with MailSink().serving() as mail:
            configuration = _configuration(root, layout, mail.port)
            fetch_programs(configuration)
            say("starting PostgreSQL, Kafka and the three services")
            ready = await asyncio.to_thread(_start, layout, configuration)
            try:
                plan = running_plan(layout)
                sample = await create_sample(plan.postgres.admin_url)
                sample.write_secrets(layout.secrets / "connectors")
                password = await asyncio.to_thread(_add_user)
                yield Installation(layout, plan, ready["form"], ready["console"], password, mail)
            finally:
                await asyncio.to_thread(control.stop, layout)


def _start(layout: Layout, configuration: Configuration) -> dict[str, Any]:
    return control.start(layout, configuration, lambda _: None, is_attached=True)


def _configuration(root: Path, layout: Layout, mail_port: int) -> Configuration:
    return Configuration(
        registers_directory=_registers(root),
        connector_secrets_directory=layout.secrets / "connectors",
        smtp=Smtp(host="127.0.0.1", port=mail_port, security="none"),
    )


def _registers(root: Path) -> Path:
    """The sample company's register without its paper folder: nobody walks to a shelf while a machine is timed."""
    register = YAML(typ="safe").load((example_registers() / f"{CONTROLLER}.yaml").read_text(encoding="utf-8"))
    paper = {system["id"] for system in register["systems"] if system["kind"] == "paper"}
    register["systems"] = [system for system in register["systems"] if system["id"] not in paper]
    for activity in register["activities"]:
        activity["systems"] = [system for system in activity["systems"] if system not in paper]
    directory = root / "registers"
    directory.mkdir()
    (directory / f"{CONTROLLER}.yaml").write_text(json.dumps(register, default=str, ensure_ascii=False), "utf-8")
    return directory


def _add_user() -> str:
    password = secrets.token_urlsafe(18)
    command = [sys.executable, "-m", "kuukausi", "user", "add", "--stack", NAME, "--controller", CONTROLLER]
    command += ["--name", STAFF, "--role", "owner"]
    subprocess.run(command, input=password, text=True, check=True, capture_output=True)
    return password
