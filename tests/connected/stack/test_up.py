"""`kuukausi up` for real use: it tries the company's mail servers, remembers what it was given, and keeps it closed."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kuukausi.stack.jars import GREENMAIL, classpath
from kuukausi.stack.layout import Layout
from kuukausi.stack.mail import MailServer
from kuukausi.stack.places import cache_directory
from kuukausi.stack.ports import free_ports
from kuukausi.stack.running import processes_of

pytestmark = pytest.mark.connected

ADDRESS, PASSWORD = "tietosuoja@example.test", "hyva-salasana"
_CONFIGURATION = """
registers_directory = "registers"
services = []
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
[[mailboxes]]
controller_id = "acme"
host = "127.0.0.1"
port = {imap}
security = "none"
username = "{address}"
password = "{password}"
"""


def _kuukausi(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).with_name("kuukausi")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=120)


@contextmanager
def _company_mail(directory: Path) -> Iterator[MailServer]:
    """A mail server that asks for passwords, unlike the one of the other tests."""
    smtp_port, imap_port = free_ports(2)
    jars, accounts = tuple(classpath(GREENMAIL, cache_directory())), {ADDRESS: PASSWORD}
    server = MailServer(
        directory / "mail", directory / "mail.log", smtp_port, imap_port, jars, str(directory), accounts
    )
    child = server.start()
    try:
        server.wait(child)
        yield server
    finally:
        child.kill()


def _configuration(directory: Path, mail: MailServer, password: str) -> str:
    (directory / "registers").mkdir(exist_ok=True)
    (directory / "registers" / "acme.yaml").write_text("name: Acme\n")
    path = directory / "kuukausi.toml"
    values = {"smtp": mail.smtp_port, "imap": mail.imap_port, "address": ADDRESS, "password": password}
    path.write_text(_CONFIGURATION.format(**values))
    return str(path)


def test_up_tries_the_mail_servers_and_remembers_them(new_layout: Callable[[], Layout], tmp_path: Path) -> None:
    layout = new_layout()
    with _company_mail(tmp_path) as mail:
        refused = _kuukausi("up", "--name", layout.name, "--config", _configuration(tmp_path, mail, "wrong"))
        assert refused.returncode == 1
        assert "does not let this user in" in refused.stderr
        assert not layout.root.exists()
        started = _kuukausi("up", "--name", layout.name, "--config", _configuration(tmp_path, mail, PASSWORD))
        assert started.returncode == 0, started.stderr
        assert "Console for staff:  http://127.0.0.1:" in started.stdout
        assert PASSWORD not in started.stdout + started.stderr
        assert stat.S_IMODE(layout.configuration.stat().st_mode) == 0o600
        shown = _kuukausi("status", "--name", layout.name, "--json")
        assert shown.returncode == 0
        first = json.loads(shown.stdout)
        again = _kuukausi("up", "--name", layout.name)
        assert again.returncode == 1
        assert "already runs" in again.stderr
        assert _kuukausi("down", "--name", layout.name).returncode == 0
    offline = _kuukausi("up", "--name", layout.name, "--offline", "--json")
    assert offline.returncode == 0, offline.stderr
    assert "could not be reached" in offline.stderr, "a remembered mail server that is down is only a warning"
    ready = json.loads(offline.stdout.splitlines()[-1])
    assert (ready["console"], ready["form"]) == (first["console_url"], first["form_url"])
    assert _kuukausi("down", "--name", layout.name).returncode == 0
    assert processes_of(layout) == []
