"""What to do with an event, decided from what the database knows under the lock of its stream. Pure.

A stream is one case on one topic. Its events are numbered from 1 without gaps, and `last_sequence` is the last one that
was settled here. An event that waits or is a dead letter leaves `last_sequence` where it was, so that the ones behind
it show a gap and wait too: no look-up of what blocks is needed, and other streams go on.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.dead_letters import DeadLetteredV1
from dsr_shared.contracts.deliveries import NotifierKeyDestroyedV1
from dsr_shared.contracts.requests import IntakeKeyDestroyedV1
from dsr_shared.contracts.words import DeadLetterReason
from dsr_shared.inbox.model import UnreadReason

MEMORY_DAYS: Final = 90

READ_AFTER_DESTRUCTION: Final = frozenset(
    {DeadLetteredV1.TYPE, IntakeKeyDestroyedV1.TYPE, NotifierKeyDestroyedV1.TYPE, CaseKeyDestroyedV1.TYPE}
)
"""Events without sealed fields that tell of the destruction itself, or of the technology: still handled afterwards."""


@dataclass(frozen=True)
class Standing:
    """What the database knows about an event and its stream."""

    last_sequence: int
    is_handled: bool
    is_waiting: bool
    is_destroyed: bool
    is_beyond_memory: bool


@dataclass(frozen=True)
class Take:
    """Its turn: handle it now."""


@dataclass(frozen=True)
class Skip:
    """Nothing is to be done."""

    because: UnreadReason


@dataclass(frozen=True)
class Park:
    """An earlier event of the stream is missing, waits or is a dead letter."""


@dataclass(frozen=True)
class Refuse:
    """A dead letter, whatever it says."""

    reason: DeadLetterReason
    detail: str


Verdict: TypeAlias = Take | Skip | Park | Refuse


def decide(sequence: int, event_type: str, standing: Standing, *, is_compacted: bool) -> Verdict:
    """Decide by what is certain first: destroyed, known, waiting; then by the place in the stream."""
    if standing.is_destroyed and event_type not in READ_AFTER_DESTRUCTION:
        return Skip("destroyed_case")
    if standing.is_handled:
        return Skip("duplicate")
    if standing.is_waiting:
        return Skip("already_waiting")
    if is_compacted or standing.is_destroyed:
        return Take() if sequence > standing.last_sequence else Skip("superseded")
    return _decide_by_place(sequence, standing)


def _decide_by_place(sequence: int, standing: Standing) -> Verdict:
    if standing.is_beyond_memory:
        return Refuse("too_old", f"older than the {MEMORY_DAYS} days that the inbox remembers")
    if sequence <= standing.last_sequence:
        return Refuse("invalid", "another event was handled at this place of the stream")
    return Take() if sequence == standing.last_sequence + 1 else Park()
