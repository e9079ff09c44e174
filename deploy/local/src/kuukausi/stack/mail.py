"""A mail server for the demo and the tests only: GreenMail keeps its mail in memory."""

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kuukausi.stack.java import java
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.process import MARK, Child, Command

_HEAP_MB: Final = 160
_MAIN: Final = "com.icegreen.greenmail.standalone.GreenMailStandaloneRunner"
_BANNERS: Final = (b"220", b"* OK")


@dataclass(frozen=True)
class MailServer:
    """SMTP and IMAP in clear on the loopback address.

    `accounts` holds the passwords by address. When it is empty nobody is asked for one: whatever address signs in or
    gets mail has an account from then on.
    """

    directory: Path
    log_path: Path
    smtp_port: int
    imap_port: int
    classpath: tuple[Path, ...] = field(repr=False)
    mark: str
    accounts: Mapping[str, str] = field(default_factory=dict, repr=False)
    host: str = LOOPBACK

    def start(self, on_exit: Callable[[Child], None] | None = None) -> Child:
        """Start it without waiting: see `wait`."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        options = self.directory / "options"
        options.touch(mode=0o600)
        options.write_text("\n".join(self._options()))  # a file, since a command line shows passwords to all
        command = Command(
            name="mail server",
            arguments=greenmail(self.classpath, options),
            log_path=self.log_path,
            environment={MARK: self.mark},
            directory=self.directory,
        )
        return Child.start(command, on_exit=on_exit)

    def wait(self, child: Child, deadline_seconds: float = 30) -> None:
        child.wait_until(self._greets, deadline_seconds)

    def _options(self) -> list[str]:
        return greenmail_options({"smtp": self.smtp_port, "imap": self.imap_port}, self.accounts, self.host)

    def _greets(self) -> bool:
        return all(
            _banner(self.host, port).startswith(banner)
            for port, banner in zip((self.smtp_port, self.imap_port), _BANNERS, strict=True)
        )


def greenmail(classpath: Sequence[Path], options: Path) -> list[str]:
    """The command line of the server, whose options lie in a file."""
    return [*java(_HEAP_MB, classpath, [f"@{options}"]), _MAIN]


def greenmail_options(ports: Mapping[str, int], accounts: Mapping[str, str], host: str) -> list[str]:
    """Its options: ports by protocol (smtp, smtps, imap, imaps), and passwords by address, if anyone is to be asked."""
    users = [f"{address.split('@')[0]}:{password}@{address.split('@')[1]}" for address, password in accounts.items()]
    sign_in = f"-Dgreenmail.users={','.join(users)}" if users else "-Dgreenmail.auth.disabled"
    hosts = [f"-Dgreenmail.{protocol}.hostname={host}" for protocol in ports]
    listens = [f"-Dgreenmail.{protocol}.port={port}" for protocol, port in ports.items()]
    return [*hosts, *listens, sign_in, "-Dgreenmail.users.login=email", "-Dgreenmail.startup.timeout=30000"]


def _banner(host: str, port: int) -> bytes:
    try:
        with socket.create_connection((host, port), timeout=2) as connection:
            return connection.recv(64)
    except OSError:
        return b""
