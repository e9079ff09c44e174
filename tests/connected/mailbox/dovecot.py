"""A Dovecot of our own: its binaries are Debian's, everything else lies in one directory, nothing needs root."""

import grp
import imaplib
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest
from tests.connected.mailbox.certificate import self_signed

from dsr_intake.adapters.mailboxes import MailboxSettings
from kuukausi.stack.accounts import account_for_postgres
from kuukausi.stack.ports import free_ports
from kuukausi.stack.process import Child, Command
from kuukausi.stack.waiting import holds_within

PROGRAM = Path("/usr/sbin/dovecot")
HOW = "apt-get install --no-install-recommends dovecot-imapd postfix (as root on Debian; make test does so by itself)"
OWN_HOST = "mx1.company.example"

_CONFIGURATION = """
base_dir = {directory}/run
state_dir = {directory}/run
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{directory}/certificate.pem
ssl_key = <{directory}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
verbose_proctitle = yes
mail_location = maildir:{directory}/mail/%u
mail_plugins = quota
first_valid_uid = 1
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = scheme=plain username_format=%u {directory}/users/%u
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {directory}/users/%u
}}
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
}}
namespace archive {{
  prefix = Archive/
  separator = /
  location = maildir:{directory}/archive/%u
}}
protocol imap {{
  mail_plugins = quota imap_quota
}}
plugin {{
  quota = maildir:Everything:ns=
  quota2 = maildir:Archive:ns=Archive/
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""
_OAUTH2 = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
"""


def dovecot_is_there() -> None:
    """Skip where Dovecot cannot be had; where everything must be tried this is a failure."""
    if not PROGRAM.exists():
        assert not os.environ.get("CI"), f"Dovecot is missing; get it by: {HOW}"
        pytest.skip(f"Dovecot is not installed; get it by: {HOW}")


@dataclass
class Dovecot:
    """IMAP in clear on the loopback address, with the users that the tests make."""

    directory: Path
    port: int
    introspection_url: str
    tls_port: int = 0
    users: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Password and quota rule by address."""
    child: Child | None = None

    def prepare(self) -> None:
        account = account_for_postgres()
        for name in ("", "run", "mail", "archive", "home", "users"):
            account.own(self.directory / name)
        self.tls_port = free_ports(1)[0]
        certificate, key = self_signed("localhost")
        self._write("certificate.pem", certificate)
        self._write("key.pem", key)
        names = {"user": pwd.getpwuid(account.uid).pw_name, "group": grp.getgrgid(account.gid).gr_name}
        self._write(
            "dovecot.conf",
            _CONFIGURATION.format(directory=self.directory, port=self.port, tls_port=self.tls_port, **names),
        )
        self._write("oauth2.conf", _OAUTH2.format(url=self.introspection_url))

    def start(self) -> None:
        command = Command(
            name="dovecot",
            arguments=[str(PROGRAM), "-F", "-c", str(self.directory / "dovecot.conf")],
            log_path=self.directory / "dovecot.log",
            user=account_for_postgres().leash_user(),
            directory=self.directory,
        )
        self.child = Child.start(command)
        self.child.wait_until(self._greets, 20)

    def kill(self) -> None:
        """End it as a crash does: its other processes end when they notice."""
        assert self.child is not None
        self.child.kill()

    def add_user(self, *, quota: str = "*:storage=100M") -> "Account":
        address, password = f"privacy-{secrets.token_hex(4)}@company.example", secrets.token_urlsafe(9)
        self.users[address] = (password, quota)
        self._write_user(address)
        return Account(self, address)

    def set_password(self, address: str, password: str) -> None:
        self.users[address] = (password, self.users[address][1])
        self._write_user(address)

    def set_quota(self, address: str, rule: str) -> None:
        self.users[address] = (self.users[address][0], rule)
        self._write_user(address)

    def log(self) -> str:
        return (self.directory / "dovecot.log").read_text(errors="replace")

    def _write_user(self, address: str) -> None:
        """Return when the server goes by it, which it does once a second."""
        account, (password, rule) = account_for_postgres(), self.users[address]
        home = f"{account.uid}:{account.gid}::{self.directory}/home/{address}"
        self._write(f"users/{address}", f"{address}:{{PLAIN}}{password}:{home}::userdb_quota2_rule={rule}\n")
        if self.child is not None:
            assert holds_within(lambda: self._goes_by(address, password, rule), 10, threading.Event())

    def _goes_by(self, address: str, password: str, rule: str) -> bool:
        try:
            with imaplib.IMAP4("127.0.0.1", self.port) as imap:
                imap.login(address, password)
                _, (_, answer) = imap.getquotaroot("Archive/Kuukausi")
        except imaplib.IMAP4.error:
            return False
        limit = int(re.findall(r"=(\d+)", rule)[0]) * (1024 if rule.endswith("M") else 1)
        return f" {limit})".encode() in answer[0]

    def _write(self, name: str, text: str) -> None:
        """Whole at once: Dovecot reads it at any moment."""
        beside = self.directory / f"{name}.new"
        beside.write_text(text)
        beside.chmod(0o644)
        beside.replace(self.directory / name)

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                return connection.recv(64).startswith(b"* OK")
        except OSError:
            return False


@dataclass
class Account:
    """One user's mail, as the user and as the machine's owner see it."""

    server: Dovecot
    address: str

    @property
    def password(self) -> str:
        return self.server.users[self.address][0]

    @property
    def maildir(self) -> Path:
        return self.server.directory / "mail" / self.address

    def settings(self, **changes: object) -> MailboxSettings:
        values: dict[str, object] = {
            "controller_id": "acme",
            "host": "127.0.0.1",
            "port": self.server.port,
            "security": "none",
            "username": self.address,
            "password": self.password,
            "own_mail_hosts": (OWN_HOST,),
            "poll_seconds": 30.0,
        }
        values |= changes
        return MailboxSettings.model_validate({name: value for name, value in values.items() if value is not None})

    def append(self, raw: bytes, folder: str = "INBOX", moment: datetime | None = None) -> None:
        with self.imap() as imap:
            status, answer = imap.append(folder, "", imaplib.Time2Internaldate(moment or datetime.now(UTC)), raw)
            assert status == "OK", answer

    def append_many(self, mails: list[bytes]) -> None:
        """As a delivery writes them into the maildir: faster than one APPEND each."""
        self.append(b"Subject: first, which makes the maildir\r\n\r\nx")
        account = account_for_postgres()
        for number, raw in enumerate(mails):
            path = self.maildir / "new" / f"{1700000000 + number}.M{number}P1.host"
            path.write_bytes(raw)
            os.chown(path, account.uid, account.gid)

    def count(self, folder: str = "INBOX") -> int:
        with self.imap() as imap:
            status, found = imap.select(folder, readonly=True)
            return int(found[0] or 0) if status == "OK" else 0

    def number_anew(self) -> None:
        """What a restored backup or a moved account does to UIDVALIDITY: the server forgets its numbers."""
        for path in self.maildir.glob("dovecot*"):
            path.unlink()

    def cut_connections(self) -> int:
        """Kill the processes that serve this user's connections; how many there were."""
        killed = 0
        for process in psutil.process_iter(["cmdline"]):
            if self.address in " ".join(process.info["cmdline"] or []) and "imap" in " ".join(process.info["cmdline"]):
                process.send_signal(signal.SIGKILL)
                killed += 1
        return killed

    def is_idling(self) -> bool:
        titles = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
        return any(self.address in title and "IDLE" in title for title in titles)

    def forget_folder(self, folder: str) -> None:
        shutil.rmtree(self.maildir / f".{folder}", ignore_errors=True)

    def imap(self) -> imaplib.IMAP4:
        imap = imaplib.IMAP4("127.0.0.1", self.server.port)
        imap.login(self.address, self.password)
        return imap
