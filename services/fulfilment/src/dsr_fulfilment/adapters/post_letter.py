"""A letter for the post as it is printed, in the person's language; its words lie beside the pages' templates."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, cast

from dsr_fulfilment.adapters.package.words import say_day
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.contracts.cases import KeptV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import Language, LetterKind

ARTICLES: Final[dict[LetterKind, str]] = {
    "access_reply": "15",
    "erasure_reply": "17",
    "confirmation": "12",
    "nothing_found": "11, 12",
    "not_identified": "11, 12",
    "identity_question": "12(6)",
    "extension": "12(3)",
    "refusal": "12(4)",
}
TO_COURT_TOO: Final[frozenset[LetterKind]] = frozenset({"refusal", "not_identified", "erasure_reply"})


@dataclass(frozen=True)
class PostLetter:
    """Everything on the sheet, in the order it is read."""

    language: Language
    sender: Sequence[str]
    name: str
    address: Sequence[str]
    day: str
    title: str
    opening: Sequence[str]
    parts: Sequence[tuple[str, Sequence[str]]]
    closing: Sequence[str]


@cache
def _words(language: Language) -> dict[str, Any]:
    source = files("dsr_fulfilment").joinpath("templates", f"post_letter.{language}.json")
    return cast("dict[str, Any]", json.loads(source.read_text(encoding="utf-8")))


def post_letter(
    kind: LetterKind,
    content: LetterContentV1,
    register: Register,
    *,
    language: Language,
    postal_address: str,
    printed_on: date,
) -> PostLetter:
    """Write the letter; only kinds of `ARTICLES` are ever posted."""
    words = _words(language)
    days = {
        name: say_day(day, language) if day else ""
        for name, day in (
            ("received", content.received_on),
            ("due", content.due_on),
            ("extended", content.extended_due_on),
        )
    }
    title, first = words["kinds"][kind]
    greeting = words["greeting"] if content.recipient_name else words["greeting_nobody"]
    opening = (greeting.format(name=content.recipient_name), words["asked"], first)
    return PostLetter(
        language=language,
        sender=(register.name, register.contact.postal_address),
        name=content.recipient_name or "",
        address=postal_address.splitlines(),
        day=say_day(printed_on, language),
        title=title,
        opening=[opening[0], *(line.format(reference=content.reference, **days) for line in opening[1:])],
        parts=[(heading, lines) for heading, lines in _parts(words, content, language) if lines],
        closing=_closing(kind, content, register, language),
    )


def _parts(words: dict[str, Any], content: LetterContentV1, language: Language) -> Sequence[tuple[str, Sequence[str]]]:
    return (
        (words["reason"], (content.reason or "").splitlines()),
        (words["erased"], content.erased),
        (words["kept"], [_kept(words, one, language) for one in content.kept]),
    )


def _kept(words: dict[str, Any], kept: KeptV1, language: Language) -> str:
    until = words["until"].format(until=say_day(kept.until, language)) if kept.until else words["while"]
    label, ground = in_language(kept.label, language), in_language(kept.ground, language) if kept.ground else ""
    return f"{label} ({kept.count}): {until}. {ground}"


def _closing(kind: LetterKind, content: LetterContentV1, register: Register, language: Language) -> Sequence[str]:
    words, authority = _words(language), register.authority
    complaint = words["complaint"].format(
        authority=in_language(authority.name, language),
        address=authority.postal_address,
        phone=authority.phone,
        website=authority.website,
    )
    contact = ", ".join(part for part in (register.contact.phone, register.contact.email) if part)
    article = {"fi": f"{ARTICLES[kind]} artikla", "sv": f"artikel {ARTICLES[kind]}", "en": f"Article {ARTICLES[kind]}"}
    return [
        words["questions"].format(reference=content.reference) + f" {contact}",
        complaint,
        *([words["court"]] if kind in TO_COURT_TOO else []),
        words["sign_off"],
        register.name,
        words["law"].format(articles=article[language]),
    ]
