"""Setting up the sample company: stack, mailboxes, databases and the first user of the console."""

import asyncio
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from kuukausi.demo.post import PostOffice
from kuukausi.errors import DemoFailed
from kuukausi.sample import ASKS_BY_FORM, ASKS_BY_MAIL, NAMESAKE, create_sample, example_registers
from kuukausi.say import Narrator
from kuukausi.stack import control
from kuukausi.stack.configuration import Configuration, DemoMail, Mailbox
from kuukausi.stack.layout import Layout
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.plan import fetch_programs
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.postgres import ADMIN
from kuukausi.stack.running import already_runs, is_running, running

CONTROLLER = "esimerkki"
PRIVACY_ADDRESS = "tietosuoja@esimerkki.example"
OTHER_PRIVACY_ADDRESS = "tietosuoja@pikku.example"
STAFF_NAME = "matti"


@dataclass(frozen=True)
class Company:
    """Where the persons and the staff of the demo go."""

    form_url: str
    console_url: str
    post: PostOffice
    staff_password: str


@contextmanager
def sample_company(name: str, narrator: Narrator, *, offline: bool) -> Iterator[Company]:
    """Start the stack with the sample company in it; it ends with this process."""
    layout = Layout.of(name)
    _start_afresh(layout)
    addresses = [PRIVACY_ADDRESS, OTHER_PRIVACY_ADDRESS, *(one.email for one in (ASKS_BY_MAIL, ASKS_BY_FORM, NAMESAKE))]
    passwords = {address: secrets.token_hex(12) for address in addresses}
    configuration = _configuration(layout, passwords)
    fetch_programs(configuration, narrator.downloads, offline=offline)
    ready = control.start(layout, configuration, narrator.step, is_attached=True)
    try:
        _create_databases(layout)
        narrator.step({"step": "sample company", "state": "ready"})
        password = _add_user(name)
        ports = running(layout).ports
        post = PostOffice(ports["smtp"], ports["imap"], passwords)
        yield Company(ready["form"], ready["console"], post, password)
    finally:
        control.stop(layout)


def _start_afresh(layout: Layout) -> None:
    """Remove what an earlier demo left; raises `DemoFailed` for a directory that no demo made."""
    mark = layout.root / "this-is-a-demo"
    if is_running(layout):
        raise already_runs(layout)
    if layout.root.exists() and any(layout.root.iterdir()):
        if not mark.exists():
            raise DemoFailed("no demo made this state", where=str(layout.root), remedy="choose another --name")
        shutil.rmtree(layout.root)
    layout.create()
    mark.touch()


def _configuration(layout: Layout, passwords: dict[str, str]) -> Configuration:
    boxes = tuple(
        Mailbox(
            controller_id=address.split("@")[1].split(".")[0],
            host="localhost",
            port=143,
            security="none",
            username=address,
            password=passwords[address],
        )
        for address in (PRIVACY_ADDRESS, OTHER_PRIVACY_ADDRESS)
    )
    return Configuration(
        registers_directory=example_registers(),
        connector_secrets_directory=layout.secrets / "connectors",
        mailboxes=boxes,
        demo_mail=DemoMail(accounts=passwords),
    )


def _create_databases(layout: Layout) -> None:
    """The sample company's own databases, on the stack's PostgreSQL server."""
    password = Passwords.load_or_create(layout.passwords, layout.postgres / "data").postgres_admin
    url = f"postgresql://{ADMIN}:{quote(password)}@{LOOPBACK}:{running(layout).ports['postgres']}/postgres"
    asyncio.run(create_sample(url)).write_secrets(layout.secrets / "connectors")


def _add_user(name: str) -> str:
    """`kuukausi user add`, as the owner of the company would; an earlier demo's user gets a new password."""
    password = secrets.token_urlsafe(12)
    for verb in (["add", "--role", "owner"], ["reset"]):
        command = [sys.executable, "-m", "kuukausi", "user", *verb, "--name", STAFF_NAME, "--stack", name]
        done = subprocess.run([*command, "--controller", CONTROLLER], input=password, text=True, capture_output=True)
        if done.returncode == 0:
            return password
    raise DemoFailed(f"no user for the console: {done.stderr.strip()}", where=name, remedy="run the demo again")
