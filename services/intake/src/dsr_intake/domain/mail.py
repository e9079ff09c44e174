"""What a mail is to intake: where it lay, what was read in it, and why it could not be read."""

from dataclasses import dataclass, field
from typing import Final, Literal, NewType
from uuid import UUID

from dsr_shared.contracts.words import BounceCause, Language, MailKind, Right

ArrivalId = NewType("ArrivalId", UUID)
Problem = Literal["oversize", "malformed", "timeout", "memory", "flood"]
Verdict = Literal["pass", "fail", "none"]

MAX_MAIL_BYTES: Final = 35 * 1024 * 1024
"""A larger mail is not fetched: its header is stored and a person looks into the mailbox."""
MAX_TEXT_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class MailPosition:
    """Where a mail lay in its mailbox; a UID means something only together with its UIDVALIDITY."""

    uidvalidity: int
    uid: int
    sha256: str
    """Hash of the bytes handed over, in hexadecimal."""
    mailbox: str
    """Account and folder, for example privacy@company.example/INBOX."""
    problem: Problem | None = None
    """`oversize` where the bytes handed over are the header alone: nothing is to be read, a person looks."""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail; `media_type` is what its bytes are."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that a verdict rests on; without a right they speak for the kind."""

    right: Right | None
    words: str


@dataclass(frozen=True, slots=True)
class Bounced:
    """What a report says of a mail that will not arrive (RFC 3464)."""

    message_ids: tuple[str, ...]
    """Of the mail that came back, as far as the report names it; what it answers is among them."""
    cause: BounceCause


@dataclass(frozen=True, slots=True)
class MailReading:
    """What a mail says, as far as rules can tell; the sender's claims are claims."""

    kind: MailKind
    rights: tuple[Right, ...]
    """In the order of the vocabulary; empty unless the kind is request."""
    language: Language
    subject_email: str | None
    """Address of the data subject as best known; None unless the kind is request or follow_up."""
    subject_name: str | None
    sender_email: str | None
    sender_name: str | None
    is_on_behalf: bool
    confidence: float
    needs_person: bool
    """In doubt: a person confirms the kind and the rights while the clock runs."""
    evidence: tuple[Evidence, ...] = ()
    subject_line: str = ""
    text: str = ""
    """What the person wrote, without quotes, signatures and disclaimers; at most 64 KiB as UTF-8."""
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    to_addresses: tuple[str, ...] = ()
    """Recipients as written, plus-tokens included."""
    is_auto: bool = False
    """Sent by a machine (Auto-Submitted, Precedence, empty return path): never answer it."""
    body_sha256: str | None = None
    """Digest of what the parts say, whatever their encoding: copies of a mail share it."""
    bounced: Bounced | None = None
    """For a bounce that tells of a final failure."""
    spf: Verdict = "none"
    dkim: Verdict = "none"
    dmarc: Verdict = "none"
    """As our own mail server saw them, for the sender's domain."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The bytes could not be parsed within the limits; a person must look."""

    problem: Problem
