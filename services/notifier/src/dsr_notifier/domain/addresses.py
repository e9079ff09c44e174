"""Which addresses and header values may leave us. Stricter than RFC 5322 on purpose: what is doubtful is refused."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)
_MESSAGE_ID: Final = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>", re.ASCII)
_LONGEST_LOCAL: Final = 64
_NAME: Final = re.compile(r"[^\W\d_]+([ '’-][^\W\d_]+){0,5}")


class InvalidAddress(ValueError):
    """The address cannot be written to; the text does not repeat it, since it is personal data."""


@dataclass(frozen=True)
class MailAddress:
    """An address that is safe in a header and in an SMTP command; an international domain is in its ASCII form."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"

    def with_token(self, token: str) -> "MailAddress":
        """The same mailbox with a plus-token, by which an answer finds its case."""
        return MailAddress(f"{self.local}+{token}", self.domain)


def parse_address(text: str) -> MailAddress:
    """Take one bare address, `local@domain`; raises InvalidAddress for anything else, quoted or with a name."""
    local, at, domain = text.rpartition("@")
    if not at or len(local) > 64 or not _LOCAL.fullmatch(local):
        raise InvalidAddress("the part before @ is not a plain ASCII mailbox name; ask the person for another address")
    ascii_domain = _ascii_domain(domain)
    labels = ascii_domain.split(".")
    if len(ascii_domain) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidAddress("the part after @ is not a domain name; ask the person for another address")
    return MailAddress(local, ascii_domain.lower())


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        raise InvalidAddress("the part after @ is not a domain name; ask the person for another address") from None


def message_id(letter_id: UUID, sender: MailAddress) -> str:
    """The same letter always has the same Message-ID: a repeat can be recognised."""
    return f"<{letter_id.hex}@{sender.domain}>"


def reply_address(sender: MailAddress, token: str) -> MailAddress:
    """Where an answer goes: the sender's mailbox with the case's token behind a plus, where both fit (RFC 5321)."""
    return sender.with_token(token) if len(sender.local) + 1 + len(token) <= _LONGEST_LOCAL else sender


def safe_message_id(text: str | None) -> str | None:
    """The Message-ID of the person's mail if it is plainly one; theirs to write, so a doubtful one is left out.

    Intake keeps it without its brackets.
    """
    bracketed = f"<{text}>" if text and not text.startswith("<") else text
    return bracketed if bracketed and _MESSAGE_ID.fullmatch(bracketed) else None


def greeting_name(name: str | None) -> str | None:
    """The name if it reads like one. Whoever asks may write any name: a letter must not carry their advertisement."""
    tidy = " ".join((name or "").split())
    return tidy if len(tidy) <= 60 and _NAME.fullmatch(tidy) else None
