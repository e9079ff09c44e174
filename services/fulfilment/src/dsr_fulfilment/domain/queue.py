"""The work queue: cases in order of arrival, and nothing that is open ever left out of the overdue view."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dsr_fulfilment.domain.lifecycle import State, is_final
from dsr_shared.calendar import helsinki_date


@dataclass(frozen=True)
class QueuedCase:
    """What the queue needs to know of a case; `due` is the day to work by."""

    case_id: UUID
    reference: str
    state: State
    received_at: datetime
    due: date
    needs_person: str | None = None


@dataclass(frozen=True)
class TakeNow:
    """The case is next."""


@dataclass(frozen=True)
class TakeWithReason:
    """Earlier ones are passed over, with a reason for the record."""

    reason: str
    passed_over: tuple[UUID, ...]


@dataclass(frozen=True)
class ReasonMissing:
    """Earlier ones wait; a later one is taken only with a reason."""

    passed_over: tuple[UUID, ...]


@dataclass(frozen=True)
class NotInQueue:
    """The case is closed or belongs to another queue."""


Taking = TakeNow | TakeWithReason | ReasonMissing | NotInQueue


def in_order_of_arrival(cases: Iterable[QueuedCase]) -> tuple[QueuedCase, ...]:
    """Open cases, the earliest receipt first; the id settles receipts of the same moment."""
    return tuple(sorted((case for case in cases if not is_final(case.state)), key=lambda c: (c.received_at, c.case_id)))


def take(cases: Iterable[QueuedCase], wanted: UUID, reason: str | None = None) -> Taking:
    queue = in_order_of_arrival(cases)
    ids = [case.case_id for case in queue]
    if wanted not in ids:
        return NotInQueue()
    earlier = tuple(ids[: ids.index(wanted)])
    if not earlier:
        return TakeNow()
    if not (reason and reason.strip()):
        return ReasonMissing(earlier)
    return TakeWithReason(reason.strip(), earlier)


def overdue(cases: Iterable[QueuedCase], now: datetime) -> tuple[QueuedCase, ...]:
    """Every open case past its day, whatever it waits for: failed, unverified and waiting ones too."""
    today = helsinki_date(now)
    return tuple(case for case in in_order_of_arrival(cases) if case.due < today)
