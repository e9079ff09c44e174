"""Whether a mail continues something: answer marks, case references, older mail of our own."""

import re
from dataclasses import dataclass
from typing import Final

from dsr_intake.domain.reading.source import Decoded

_ANSWER: Final = re.compile(r"^\s*(?:re|vs|sv|aw|vast|ad|antw)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)
_FORWARD: Final = re.compile(
    r"^\s*(?:fw|fwd|vl|vb|wg|edelleenlähetys|vidarebefordrat|välitetty)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE
)
_CASE_MARK: Final = re.compile(r"\b[A-Z]{1,4}-20\d\d-\d{3,6}\b", re.IGNORECASE)
_TICKET: Final = re.compile(r"[\[(#][^\])]{0,12}\d{4,}[\])]?")


@dataclass(frozen=True, slots=True)
class Thread:
    """What the header tells about the conversation."""

    is_answer: bool
    is_forward: bool
    has_case_mark: bool
    """The subject, In-Reply-To, References or a plus-address carries one of our case references."""
    answers_us: bool
    """In-Reply-To or References name a message of our own hosts."""
    topic: str
    """Subject without answer and forward marks and case references."""


def thread_of(mail: Decoded, own_hosts: frozenset[str]) -> Thread:
    topic, is_answer, is_forward = mail.subject, False, False
    while match := _ANSWER.match(topic) or _FORWARD.match(topic):
        is_answer, is_forward = is_answer or bool(_ANSWER.match(topic)), is_forward or bool(_FORWARD.match(topic))
        topic = topic[match.end() :]
    ids = (*((mail.in_reply_to,) if mail.in_reply_to else ()), *mail.references)
    marked = _CASE_MARK.search(mail.subject) or any(_CASE_MARK.search(item) for item in ids)
    tokens = any("+" in address.partition("@")[0] for address in mail.recipients)
    ours = any(is_own_host(item.rpartition("@")[2], own_hosts) for item in ids)
    return Thread(
        is_answer or bool(ids), is_forward, bool(marked) or tokens, ours, _CASE_MARK.sub(" ", topic).strip(" []()")
    )


def is_own_host(host: str, own_hosts: frozenset[str]) -> bool:
    host = host.lower().rstrip(".>")
    return any(host == own or host.endswith("." + own) for own in own_hosts if own)
