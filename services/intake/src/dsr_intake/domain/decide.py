"""What follows from an arrival: which event, in which case. The one place that decides it.

A mail belongs to a known case only if it names the case (plus-token, answered Message-ID or reference) *and* comes from
an address that wrote in it before; otherwise it becomes a case of its own that a person looks at, so that nobody
reaches another's case by quoting its reference.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

from dsr_intake.domain.mail import MailReading, Problem, Unreadable
from dsr_shared.contracts.words import MailKind

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


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A request of its own: `RequestReceivedV1`."""

    case_id: UUID


@dataclass(frozen=True, slots=True)
class Message:
    """Something for a case or for a person: `MessageReceivedV1`."""

    case_id: UUID
    kind: MailKind
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Noise:
    """Nobody asked anything: kept for a while, no event."""

    kind: MailKind


Decision: TypeAlias = OpenCase | Message | Noise


def decide(reading: MailReading | Unreadable, situation: Situation) -> Decision:
    """Say what follows; whatever is in doubt goes to a person, nothing is dropped but noise."""
    own = situation.arrival_id
    if isinstance(reading, Unreadable):
        return Message(own, "request", reading.problem)
    match reading.kind:
        case "not_a_request" | "bounce" | "auto_reply":
            return Message(own, "follow_up") if _is_doubtful(reading) else Noise(reading.kind)
        case "breach_report":
            return Message(own, "breach_report")
        case "follow_up":
            return Message(situation.known_case_id or own, "follow_up")
        case "request":
            return decide_request(situation)


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


def _is_doubtful(reading: MailReading) -> bool:
    return reading.kind == "not_a_request" and reading.needs_person
