"""The closed vocabularies of the wire; `docs/glossary.md` explains each word."""

from typing import Final, Literal, get_args

Right = Literal[
    "access",
    "rectification",
    "completion",
    "erasure",
    "restriction",
    "objection",
    "marketing_opt_out",
    "portability",
    "consent_withdrawal",
]
MailKind = Literal["request", "follow_up", "not_a_request", "bounce", "auto_reply", "breach_report"]
BounceCause = Literal["no_such_address", "mailbox_full", "mailbox_closed", "unreachable", "refused", "unknown"]
Channel = Literal["mail", "form", "api", "letter", "visit", "phone"]
Outcome = Literal["found", "nothing_found", "erased", "kept", "failed", "unknown", "not_searched"]
Language = Literal["fi", "sv", "en"]
Service = Literal["intake", "fulfilment", "notifier"]
Purpose = Literal["arrival", "gathered", "letter", "dead_letter"]
Stage = Literal["received", "identifying", "gathering", "awaiting_staff", "answered", "erasing", "closed", "destroyed"]
LetterKind = Literal[
    "challenge",
    "acknowledgement",
    "identity_question",
    "download_code",
    "access_reply",
    "erasure_reply",
    "confirmation",
    "nothing_found",
    "not_identified",
    "reminder",
    "extension",
    "refusal",
    "breach_notice",
]
DeadLetterReason = Literal[
    "undecodable", "invalid", "unknown_type", "unknown_version", "wrong_producer", "cannot_open", "rejected", "too_old"
]

RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
SERVICES: Final[tuple[Service, ...]] = get_args(Service)

READERS: Final[dict[Purpose, tuple[Service, ...]]] = {
    "arrival": ("intake", "fulfilment"),
    "gathered": ("fulfilment",),
    "letter": ("fulfilment", "notifier"),
}
"""Who may read data sealed for a purpose. A dead letter has no fixed readers: its own service alone reads it."""
