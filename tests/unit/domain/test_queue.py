"""The queue: order of arrival, a reason for passing somebody over, and an overdue view that leaves nothing out."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.lifecycle import FINAL, STATES, State
from dsr_fulfilment.domain.queue import (
    NotInQueue,
    QueuedCase,
    ReasonMissing,
    TakeNow,
    TakeWithReason,
    in_order_of_arrival,
    overdue,
    take,
)

NOW = datetime(2026, 12, 29, 8, tzinfo=UTC)


def case(number: int, *, arrived: int = 0, state: State = "gathering", due: date = date(2026, 12, 28)) -> QueuedCase:
    received = NOW - timedelta(days=30) + timedelta(minutes=arrived)
    return QueuedCase(UUID(int=number), f"K-2026-{number:04d}", state, received, due)


CASES = st.lists(
    st.builds(
        case,
        st.integers(1, 50),
        arrived=st.integers(0, 5),
        state=st.sampled_from(STATES),
        due=st.dates(date(2026, 12, 20), date(2027, 1, 5)),
    ),
    unique_by=lambda one: one.case_id,
)


@pytest.mark.promise("P06")
@given(cases=CASES)
def test_open_cases_stand_in_order_of_arrival(cases: list[QueuedCase]) -> None:
    queue = in_order_of_arrival(cases)
    assert {one.case_id for one in queue} == {one.case_id for one in cases if one.state not in FINAL}
    assert [one.received_at for one in queue] == sorted(one.received_at for one in queue)


@pytest.mark.promise("P06")
@given(cases=CASES, reason=st.sampled_from([None, "", "  ", "the same person as K-2026-0001"]))
def test_a_later_case_is_taken_first_only_with_a_reason(cases: list[QueuedCase], reason: str | None) -> None:
    ids = [one.case_id for one in in_order_of_arrival(cases)]
    for place, wanted in enumerate(ids):
        match take(cases, wanted, reason):
            case TakeNow():
                assert place == 0
            case TakeWithReason(said, passed_over):
                assert (said, list(passed_over)) == (reason, ids[:place])
            case ReasonMissing(passed_over):
                assert not (reason or "").strip()
                assert list(passed_over) == ids[:place]
            case NotInQueue():
                raise AssertionError(wanted)


def test_a_closed_case_cannot_be_taken() -> None:
    assert take([case(1, state="closed")], UUID(int=1)) == NotInQueue()


@pytest.mark.promise("P07")
@pytest.mark.parametrize("state", STATES)
def test_the_overdue_view_holds_every_state_that_is_not_final(state: State) -> None:
    assert bool(overdue([case(1, state=state)], NOW)) == (state not in FINAL)


def test_a_case_is_overdue_when_its_day_is_over_in_helsinki() -> None:
    last_minute = datetime(2026, 12, 28, 21, 59, tzinfo=UTC)
    assert overdue([case(1)], last_minute) == ()
    assert overdue([case(1)], last_minute + timedelta(minutes=1)) == (case(1),)
