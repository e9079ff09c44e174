"""The letters: what each kind needs and how it is marked, as one table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from dsr_notifier.domain.delivery import PATIENCE
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import LetterKind

Remedy = Literal["none", "complaint", "complaint_and_court"]
AutoSubmitted = Literal["auto-replied", "auto-generated"]
DAILY_LIMIT: Final = 3
"""Automatic letters a day (Europe/Helsinki) to one address, whatever arrives."""
BREACH_ITEMS: Final = ("nature", "consequences", "measures")
"""What GDPR Art. 34(2) asks for beside the contact, which every letter carries."""
_LINK: Final = re.compile(r"https?://[!-;=?-~]+", re.ASCII)
_CODE: Final = re.compile(r"[0-9]{4,10}", re.ASCII)


class UnfitContent(ValueError):
    """The content lacks what its kind of letter must say; carries the names of the fields, never their values."""

    def __init__(self, kind: LetterKind, fields: tuple[str, ...]) -> None:
        super().__init__(f"{kind} cannot be written without a proper {', '.join(fields)}; send it again, complete")
        self.kind = kind
        self.fields = fields


@dataclass(frozen=True)
class LetterRule:
    """What one kind of letter needs. `one_of`: at least one of these has something in it."""

    needs: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    remedy: Remedy = "complaint"
    takes_reply: bool = True
    auto_submitted: AutoSubmitted | None = None
    patience: timedelta = PATIENCE


LETTERS: Final[Mapping[LetterKind, LetterRule]] = {
    "challenge": LetterRule(needs=("received_on", "due_on", "link"), auto_submitted="auto-replied"),
    "acknowledgement": LetterRule(needs=("received_on", "due_on"), auto_submitted="auto-replied"),
    "identity_question": LetterRule(needs=("due_on",)),
    "download_code": LetterRule(
        needs=("code",),
        remedy="none",
        takes_reply=False,
        auto_submitted="auto-generated",
        patience=timedelta(minutes=10),
    ),
    "access_reply": LetterRule(needs=("link", "expires_on")),
    "erasure_reply": LetterRule(one_of=("erased", "kept"), remedy="complaint_and_court"),
    "confirmation": LetterRule(needs=("rights",)),
    "nothing_found": LetterRule(remedy="complaint_and_court"),
    "not_identified": LetterRule(remedy="complaint_and_court"),
    "reminder": LetterRule(needs=("due_on",), auto_submitted="auto-generated"),
    "extension": LetterRule(needs=("due_on", "extended_due_on", "reason")),
    "refusal": LetterRule(needs=("reason",), remedy="complaint_and_court"),
    "breach_notice": LetterRule(needs=("breach",)),
}


def check_content(kind: LetterKind, content: LetterContentV1) -> None:
    """Raises UnfitContent where the letter could not say what it must."""
    rule = LETTERS[kind]
    wanting = [name for name in rule.needs if not getattr(content, name)]
    if rule.one_of and not any(getattr(content, name) for name in rule.one_of):
        wanting.append(" or ".join(rule.one_of))
    if kind == "breach_notice":
        wanting += [f"breach.{item}" for item in BREACH_ITEMS if not content.breach.get(item, "").strip()]
    if wanting or (wanting := _malformed(content)):
        raise UnfitContent(kind, tuple(wanting))


def _malformed(content: LetterContentV1) -> list[str]:
    links = [name for name in ("link", "status_link") if not _is_link(getattr(content, name))]
    return links if content.code is None or _CODE.fullmatch(content.code) else [*links, "code"]


def _is_link(value: str | None) -> bool:
    return value is None or _LINK.fullmatch(value) is not None


def remedy_of(kind: LetterKind, content: LetterContentV1) -> Remedy:
    """Which remedies the letter names: a copy that leaves something out is refused in part (GDPR Art. 12(4))."""
    if kind == "access_reply" and content.reason:
        return "complaint_and_court"
    return LETTERS[kind].remedy


def auto_submitted(kind: LetterKind, is_automatic: bool) -> AutoSubmitted | None:
    """The Auto-Submitted header (RFC 3834): other machines must not answer what no person wrote."""
    return LETTERS[kind].auto_submitted or ("auto-replied" if is_automatic else None)
