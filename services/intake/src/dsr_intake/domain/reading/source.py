"""A mail after decoding: plain text and bounded fields, nothing that still needs a parser."""

from dataclasses import dataclass
from typing import Final

AUTO_HEADERS: Final = (
    "auto-submitted",
    "precedence",
    "x-autoreply",
    "x-autorespond",
    "x-auto-response-suppress",
    "x-failed-recipients",
    "list-unsubscribe",
    "list-id",
    "return-path",
    "delivered-to",
)
"""Single headers that the reading looks at, beside addresses and ids."""


@dataclass(frozen=True, slots=True)
class Person:
    """A mailbox as a header wrote it: a claim."""

    name: str | None
    email: str | None


@dataclass(frozen=True, slots=True)
class Decoded:
    """One message: its own header fields and text, and the messages inside it."""

    sender: Person
    subject: str
    text: str
    """Body as text; quoted HTML is marked with > at the start of its lines."""
    recipients: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    attachment_names: tuple[str, ...] = ()
    attachment_texts: tuple[str, ...] = ()
    forwarded: tuple["Decoded", ...] = ()
    delivery_reports: tuple[str, ...] = ()
    """Text of the parts of type message/delivery-status."""
    bounced_ids: tuple[str, ...] = ()
    """Message-IDs in header blocks of mail that came back (text/rfc822-headers)."""
    is_report: bool = False
    """A delivery report: multipart/report with delivery-status, or a part of that type."""
    is_cut: bool = False
    """A cap on header, parts, depth or text was reached: something was left out."""

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")
