"""The clock's numbers, from what a scan saw."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from dsr_fulfilment.entrypoints.clock_metrics import BreachClock, Clock, OpenCases, families

EVENING_IN_HELSINKI = datetime(2026, 11, 3, 22, 30, tzinfo=UTC)
"""Half past midnight on 4 November in Helsinki."""


def open_cases(due_on: date, count: int = 1, controller_id: str = "acme", state: str = "gathering") -> OpenCases:
    return OpenCases(controller_id, state, due_on, count)


def test_the_due_day_itself_is_still_in_time_and_the_next_day_is_late() -> None:
    clock = Clock(EVENING_IN_HELSINKI, ("acme",), [open_cases(date(2026, 11, 4), 2), open_cases(date(2026, 11, 3), 5)])
    assert clock.due_within(1)["acme"] == 2
    assert clock.overdue()["acme"] == 5


def test_what_is_due_within_a_week_counts_what_is_due_sooner() -> None:
    days = [date(2026, 11, 5), date(2026, 11, 7), date(2026, 11, 11), date(2026, 11, 12)]
    clock = Clock(EVENING_IN_HELSINKI, ("acme",), [open_cases(day) for day in days])
    assert [clock.due_within(within)["acme"] for within in (1, 3, 7)] == [1, 2, 3]


def test_each_controller_has_its_own_numbers_and_zeros() -> None:
    cases = [open_cases(date(2026, 11, 1), 3, "acme"), open_cases(date(2026, 11, 4), 1, "other")]
    clock = Clock(EVENING_IN_HELSINKI, ("acme", "other", "quiet"), cases)
    text = exposition(clock)
    assert 'dsr_cases_overdue{controller_id="acme"} 3.0' in text
    assert 'dsr_cases_overdue{controller_id="quiet"} 0.0' in text
    assert 'dsr_cases_due{controller_id="other",within_days="1"} 1.0' in text
    assert 'dsr_cases_due{controller_id="acme",within_days="7"} 0.0' in text


def test_a_breach_shows_what_is_left_of_the_most_pressing_one() -> None:
    breaches = [BreachClock("acme", 7200.0), BreachClock("acme", -60.0), BreachClock("other", 100.0)]
    clock = Clock(EVENING_IN_HELSINKI, ("acme", "other"), [], breaches)
    assert clock.seconds_left() == {"acme": -60.0, "other": 100.0}


@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(1, 9)), max_size=20))
def test_no_open_case_is_missing_from_the_numbers(found: list[tuple[int, int]]) -> None:
    today = date(2026, 11, 4).toordinal()
    cases = [open_cases(date.fromordinal(today + days), count) for days, count in found]
    clock = Clock(EVENING_IN_HELSINKI, ("acme",), cases)
    later = sum(count for days, count in found if days > 7)
    assert clock.overdue()["acme"] + clock.due_within(7)["acme"] + later == clock.by_state()[("acme", "gathering")]


def exposition(clock: Clock) -> str:
    class Newest(Collector):
        def collect(self):
            return families(clock)

    registry = CollectorRegistry()
    registry.register(Newest())
    return generate_latest(registry).decode()
