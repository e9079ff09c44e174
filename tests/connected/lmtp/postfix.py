"""A Postfix of our own in front: Debian's programs, with queue, configuration and data in a directory of the run.

Its master needs root, since it starts its parts as other accounts.
"""

import os
import shutil
import smtplib
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from kuukausi.stack.process import Child, Command

PROGRAM = Path("/usr/sbin/postfix")
HOW = "apt-get install --no-install-recommends dovecot-imapd postfix (as root on Debian; make test does so by itself)"

_MAIN = """
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = /dev/stdout
myhostname = mx.esimerkki.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
disable_dns_lookups = yes
alias_maps =
alias_database =
virtual_mailbox_domains = esimerkki.example
virtual_mailbox_maps = inline:{{ tietosuoja@esimerkki.example=x, alle@esimerkki.example=x }}
recipient_delimiter = +
virtual_transport = lmtp:unix:kuukausi/lmtp.sock
message_size_limit = 36700160
virtual_mailbox_limit = 0
default_transport = error:no way out of the test
minimal_backoff_time = 1s
maximal_backoff_time = 1s
queue_run_delay = 1s
"""
_MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def postfix_is_there() -> None:
    """Skip where Postfix cannot run; where everything must be tried this is a failure."""
    problem = f"Postfix is not installed; get it by: {HOW}" if not PROGRAM.exists() else ""
    problem = problem or ("Postfix starts for root only; run the tests as root" if os.geteuid() != 0 else "")
    if problem:
        assert not os.environ.get("CI"), problem
        pytest.skip(problem)


@dataclass
class Postfix:
    """SMTP on the loopback address; hands mail for esimerkki.example to the socket in its queue directory."""

    directory: Path
    port: int
    child: Child | None = None

    @property
    def socket_path(self) -> Path:
        return self.directory / "queue/kuukausi/lmtp.sock"

    def start(self) -> None:
        for name, mode, user in (("", 0o755, "root"), ("queue", 0o755, "root"), ("data", 0o700, "postfix")):
            path = self.directory / name
            path.mkdir()
            path.chmod(mode)
            shutil.chown(path, user)
        self._make_room_for_the_socket()
        (self.directory / "main.cf").write_text(_MAIN.format(directory=self.directory))
        (self.directory / "master.cf").write_text(_MASTER.format(port=self.port))
        command = Command(
            name="postfix",
            arguments=[str(PROGRAM), "-c", str(self.directory), "start-fg"],
            log_path=self.directory / "postfix.log",
            directory=self.directory,
        )
        self.child = Child.start(command)
        self.child.wait_until(self._greets, 30)

    def stop(self) -> None:
        assert self.child is not None
        subprocess.run([PROGRAM, "-c", self.directory, "stop"], capture_output=True, check=False)
        self.child.kill()

    def flush(self) -> None:
        subprocess.run([PROGRAM, "-c", self.directory, "flush"], capture_output=True, check=False)

    def send(self, recipients: list[str], raw: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=20) as client:
            client.sendmail("aino@posti.example", recipients, raw)

    def log(self) -> str:
        return (self.directory / "postfix.log").read_text(errors="replace")

    def _make_room_for_the_socket(self) -> None:
        """As docs/user/lmtp.md says: intake's own directory, whose group, and so the socket's, is Postfix's."""
        room = self.socket_path.parent
        room.mkdir()
        shutil.chown(room, os.geteuid(), "postfix")
        room.chmod(0o2750)

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as connection:
                return connection.recv(64).startswith(b"220")
        except OSError:
            return False
