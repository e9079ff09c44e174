"""From a record's bytes to an event of a known class, or to the reason why it can never be one. Pure."""

from dataclasses import dataclass
from typing import Final

from pydantic import ValidationError

from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.registry import WRITERS, event_class, knows_type
from dsr_shared.contracts.words import DeadLetterReason
from dsr_shared.inbox.model import Received

_LAST_SEQUENCE: Final = 2**62


@dataclass(frozen=True)
class Unreadable:
    """Can never be handled as it stands. The detail holds no value of the event, only names and kinds of problems."""

    reason: DeadLetterReason
    detail: str
    envelope: Envelope | None = None


def read_event(topic: str, value: bytes) -> Received | Unreadable:
    """Read an envelope and its event as the topic's register of classes says."""
    try:
        envelope = Envelope.model_validate_json(value)
    except ValidationError as error:
        is_json = all(problem["type"] != "json_invalid" for problem in error.errors(include_input=False))
        return Unreadable("invalid" if is_json else "undecodable", problems_of(error))
    if envelope.sequence > _LAST_SEQUENCE:
        return Unreadable("invalid", "sequence: too large")
    return _read_data(topic, envelope)


def _read_data(topic: str, envelope: Envelope) -> Received | Unreadable:
    if envelope.producer not in WRITERS.get(topic, ()):
        return Unreadable("wrong_producer", f"{envelope.producer} may not write {topic}", envelope)
    cls = event_class(topic, envelope.type, envelope.version)
    if cls is None and knows_type(topic, envelope.type):
        return Unreadable("unknown_version", f"version {envelope.version} of a known type", envelope)
    if cls is None:
        return Unreadable("unknown_type", "a type that this topic does not carry", envelope)
    try:
        return Received(envelope, cls.model_validate(envelope.data))
    except ValidationError as error:
        return Unreadable("invalid", problems_of(error), envelope)


def problems_of(error: ValidationError) -> str:
    """Name the fields and the kinds of problems, without any value."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return ", ".join(sorted({f"{_first(problem['loc'])}: {problem['type']}" for problem in problems}))[:500]


def _first(location: tuple[int | str, ...]) -> str:
    return str(location[0]) if location else "envelope"
