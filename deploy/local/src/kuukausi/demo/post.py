"""The post: sending mail by SMTP and reading letters by IMAP, as any mail program does."""

import email.policy
import imaplib
import re
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

from kuukausi.errors import DemoFailed
from kuukausi.stack.ports import LOOPBACK

_LINK = re.compile(r"https?://[^\s<>\"]+")
_CODE = re.compile(r"(?<!\d)(\d{3})\s?(\d{3})(?!\d)")


@dataclass(frozen=True)
class Letter:
    """A letter as it lies in a mailbox."""

    to: str
    subject: str
    message_id: str
    text: str

    def link(self, page: str) -> str:
        """The link to a page of the public web; raises `DemoFailed` where the letter has none."""
        for link in _LINK.findall(self.text):
            if f"/{page}/" in link:
                return str(link)
        raise DemoFailed(
            f"the letter “{self.subject}” has no {page} link", where=self.to, remedy="read it in the mailbox"
        )

    def code(self) -> str:
        """The six-digit code."""
        found = _CODE.search(self.text)
        if found is None:
            raise DemoFailed(f"the letter “{self.subject}” has no code", where=self.to, remedy="read it in the mailbox")
        return found[1] + found[2]


@dataclass(frozen=True)
class PostOffice:
    """The demo's mail server; every address has a mailbox."""

    smtp_port: int
    imap_port: int
    passwords: dict[str, str]

    def send(self, sender: str, to: str, subject: str, text: str) -> str:
        """Send a plain mail; returns its Message-ID."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid(domain=sender.split("@")[1])
        mail.set_content(text)
        with smtplib.SMTP(LOOPBACK, self.smtp_port, timeout=30) as server:
            server.send_message(mail)
        return str(mail["Message-ID"])

    def letters(self, address: str) -> list[Letter]:
        """Everything in somebody's mailbox, oldest first; nothing is marked as read."""
        box = imaplib.IMAP4(LOOPBACK, self.imap_port, timeout=30)
        try:
            box.login(address, self.passwords[address])
            box.select("INBOX", readonly=True)
            _, found = box.search(None, "ALL")
            raw = [box.fetch(number, "(BODY.PEEK[])")[1][0] for number in found[0].split()]
            return [_letter(address, bytes(part[1])) for part in raw if isinstance(part, tuple)]
        finally:
            box.logout()

    def wait(self, address: str, wanted: Callable[[Letter], bool], what: str, deadline_seconds: float = 120) -> Letter:
        """Wait for a letter; raises `DemoFailed` when it does not come in time."""
        until = time.monotonic() + deadline_seconds
        while time.monotonic() < until:
            for letter in self.letters(address):
                if wanted(letter):
                    return letter
            time.sleep(0.2)
        raise DemoFailed(
            f"no {what} came to {address} within {deadline_seconds:g} s",
            where="the mailbox",
            remedy="see the logs of the three services; `kuukausi status` says what they wait for",
        )


def _letter(address: str, raw: bytes) -> Letter:
    mail = message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    return Letter(address, str(mail["Subject"]), str(mail["Message-ID"]), text)
