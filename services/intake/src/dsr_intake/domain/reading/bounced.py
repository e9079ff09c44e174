"""What a delivery report says of a mail of ours that came back (RFC 3464), whoever wrote the report and however."""

import re
from collections.abc import Iterator
from typing import Final

from dsr_intake.domain.mail import Bounced
from dsr_intake.domain.reading.kinds import says_undelivered
from dsr_intake.domain.reading.source import Decoded
from dsr_shared.contracts.words import BounceCause

MAX_IDS: Final = 20
_ACTION: Final = re.compile(r"^action[ \t]*:[ \t]*([a-z]+)", re.IGNORECASE | re.MULTILINE)
_STATUS: Final = re.compile(r"^status[ \t]*:[ \t]*[245]\.(\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE | re.ASCII)
_CAUSES: Final[tuple[tuple[str, BounceCause], ...]] = (
    ("2.2", "mailbox_full"),
    ("1.", "no_such_address"),
    ("2.", "mailbox_closed"),
    ("3.", "refused"),
    ("4.", "unreachable"),
    ("7.", "refused"),
)
"""Subject and detail of a status code (RFC 3463, section 3); the first that fits."""
_QUOTED_ID: Final = re.compile(r"^[> \t]*message-id[ \t]*:\s*<([^<>\s]{1,250})>", re.IGNORECASE | re.MULTILINE)
_DELAY: Final = re.compile(r"delay|warning|not yet|viivästy|fördröj|försen|still being retried", re.IGNORECASE)


def bounced(mail: Decoded) -> Bounced | None:
    """The failed mail, or None where nothing failed for good (a delay, a read receipt) or no mail is named."""
    ids = tuple(dict.fromkeys(_ids(mail)))[:MAX_IDS]
    if not ids or not _has_failed(mail):
        return None
    status = _STATUS.search("\n".join(mail.delivery_reports))
    return Bounced(ids, _cause(status.group(1)) if status else "unknown")


def _cause(detail: str) -> BounceCause:
    return next((cause for start, cause in _CAUSES if detail.startswith(start)), "unknown")


def _has_failed(mail: Decoded) -> bool:
    """By the report's own word; where it has none, by the words that mail systems use."""
    actions = {match.group(1).lower() for report in mail.delivery_reports for match in _ACTION.finditer(report)}
    if actions:
        return "failed" in actions
    if _DELAY.search(mail.subject):
        return False
    return says_undelivered(mail)


def _ids(mail: Decoded) -> Iterator[str]:
    """The mail that is attached, its header alone, what the text quotes of it, and what the report answers."""
    for inner in mail.forwarded:
        if inner.message_id:
            yield inner.message_id
    yield from mail.bounced_ids
    for text in (mail.text, *mail.attachment_texts):
        yield from (match.group(1) for match in _QUOTED_ID.finditer(text))
    if mail.in_reply_to:
        yield mail.in_reply_to
    yield from reversed(mail.references)
