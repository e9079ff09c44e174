"""What follows from an arrival: which event, in which case. The one place that decides it.

A mail belongs to a known case only if it names the case (token in the address, answered Message-ID or reference) *and*
comes from an address that wrote in it before or that a letter of the case went to; otherwise it becomes a case of its
own that a person looks at, so that nobody reaches another's case by quoting its reference.

An answer that asks for nothing new stays on its case, whose clock it never moves. What it asks beyond that is a request
of its own, with its own receipt, linked to the case.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias
from uuid import UUID

from dsr_intake.domain.mail import MailReading, Problem, Unreadable
from dsr_shared.contracts.words import BounceCause, MailKind, Right

EarlierMail: TypeAlias = Literal["none", "noise", "told"]
_PLUS: Final = re.compile(r"\+([a-z2-7]{26})@", re.IGNORECASE)
_LETTER: Final = re.compile(r"([0-9a-f]{32})@.+", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"\bK-\d{4}-\d{4,}\b", re.IGNORECASE)
_PLUS_REFERENCE: Final = re.compile(r"\+(k-\d{4}-\d{4,})@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known beside the mail itself."""

    arrival_id: UUID
    known_case_id: UUID | None
    """Case that the mail names, if its sender wrote in it before."""
    requests_today: int
    """Requests of this address on the day of receipt, without those that went to its collecting case."""
    flood_case_id: UUID | None
    """Case that already collects the surplus of this address on that day."""
    daily_limit: int
    known_rights: frozenset[Right] = frozenset()
    """What the known case asks already."""
    known_breach_id: UUID | None = None
    """Breach whose letter the mail answers, if it comes from the address that the letter went to."""
    is_known_open: bool = False
    """Whether the known case still runs: what is asked again after it was closed is new."""
    earlier: EarlierMail = "none"
    """What became of a mail with the same Message-ID and another body."""
    bounced_letter: "BouncedLetter | None" = None
    """Letter of ours that came back, where the mail is a report that says so."""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A request of its own: `RequestReceivedV1`."""

    case_id: UUID
    linked_case_id: UUID | None = None
    rights: tuple[Right, ...] | None = None
    """What is asked anew; None where everything that was read is."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something for a case or for a person: `MessageReceivedV1`."""

    case_id: UUID
    kind: MailKind
    problem: Problem | None = None
    is_changed_copy: bool = False
    linked_case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """Nobody asked anything: kept for a while, no event."""

    kind: MailKind


@dataclass(frozen=True, slots=True)
class BouncedLetter:
    """A letter of ours came back: `LetterBouncedV1`, and the report is kept as noise is."""

    case_id: UUID
    letter_id: UUID
    cause: BounceCause
    kind: Literal["bounce"] = "bounce"


@dataclass(frozen=True, slots=True)
class Copy:
    """The same mail again: `original` stands for it, at the earliest receipt of the two."""

    original: UUID


Told: TypeAlias = OpenCase | Message | Noise | BouncedLetter
Decision: TypeAlias = Told | Copy


def decide(reading: MailReading | Unreadable, situation: Situation) -> Told:
    """Say what follows; whatever is in doubt goes to a person, nothing is dropped but noise."""
    own = situation.arrival_id
    if isinstance(reading, Unreadable):
        return Message(own, "request", reading.problem)
    if situation.earlier != "none" and not (situation.earlier == "noise" and _is_noise(reading)):
        return Message(own, reading.kind, is_changed_copy=True)
    return _decide_read(reading, situation)


def _decide_read(reading: MailReading, situation: Situation) -> Told:
    own, known = situation.arrival_id, situation.known_case_id
    match reading.kind:
        case "request":
            return _decide_asked(reading, situation)
        case "breach_report":
            return Message(own, "breach_report")
        case "bounce" if situation.bounced_letter:
            return situation.bounced_letter
        case "bounce" | "auto_reply":
            return Noise(reading.kind)
        case "not_a_request" if _is_noise(reading) and not _is_answer(reading, situation):
            return Noise(reading.kind)
        case "not_a_request" | "follow_up":
            is_placed = known is not None and (reading.kind == "follow_up" or not reading.is_auto)
            return Message(known if known and is_placed else own, "follow_up", linked_case_id=situation.known_breach_id)


def _is_answer(reading: MailReading, situation: Situation) -> bool:
    """Somebody answered a letter of ours, whatever they say in it."""
    return not reading.is_auto and (situation.known_case_id or situation.known_breach_id) is not None


def _decide_asked(reading: MailReading, situation: Situation) -> OpenCase | Message:
    """What an answer asks that its case does not ask already is a request of its own."""
    known, rights = situation.known_case_id, reading.rights
    if known and situation.is_known_open and rights:
        rights = tuple(right for right in rights if right not in situation.known_rights)
        if not rights:
            return Message(known, "follow_up")
    decision = decide_request(situation)
    if isinstance(decision, Message):
        return decision
    return replace(
        decision, linked_case_id=known or situation.known_breach_id, rights=None if rights == reading.rights else rights
    )


def decide_request(situation: Situation) -> OpenCase | Message:
    """A request opens a case, until its address sent too many in a day: then one case collects the rest."""
    if situation.requests_today < situation.daily_limit:
        return OpenCase(situation.arrival_id)
    return Message(situation.flood_case_id or situation.arrival_id, "request", "flood")


def references_in(subject: str, to_addresses: Iterable[str]) -> tuple[str, ...]:
    """Case references that a mail names, the plus-addressed ones first, in capitals and without repeats."""
    found = [match.group(1) for address in to_addresses for match in _PLUS_REFERENCE.finditer(address)]
    found += _REFERENCE.findall(subject)
    return tuple(dict.fromkeys(reference.upper() for reference in found))


def tokens_in(to_addresses: Iterable[str]) -> tuple[str, ...]:
    """What stands behind a plus in the addresses a mail was sent to: perhaps the token of a case."""
    found = [match.group(1).lower() for address in to_addresses for match in _PLUS.finditer(address)]
    return tuple(dict.fromkeys(found))


def letters_in(message_ids: Iterable[str]) -> tuple[UUID, ...]:
    """Letters of ours that a mail may answer: their Message-IDs are made of their ids."""
    found = [UUID(match.group(1)) for text in message_ids if (match := _LETTER.fullmatch(text.strip("<> ")))]
    return tuple(dict.fromkeys(found))


def _is_noise(reading: MailReading) -> bool:
    """Machines' own mail, and what is surely no request."""
    return reading.kind in ("bounce", "auto_reply") or (reading.kind == "not_a_request" and not reading.needs_person)
