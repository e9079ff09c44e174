"""The clock as numbers for Prometheus: what is open, due soon, overdue, and how long breaches have left.

Counted from the database by a scan, never from events that passed by: a restart or a lost event makes no difference.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeVar

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from dsr_fulfilment.adapters.statements import statements
from dsr_shared.backoff import pause
from dsr_shared.calendar import helsinki_date
from dsr_shared.inbox.failures import DATABASE_AWAY
from dsr_shared.postgres import Connection, Database, database_now

SCAN_SECONDS: Final = 15.0
WITHIN_DAYS: Final = (1, 3, 7)
_log = logging.getLogger(__name__)
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class OpenCases:
    """So many cases of a controller that stand in one state and are due on one day."""

    controller_id: str
    state: str
    due_on: date
    count: int


@dataclass(frozen=True)
class BreachClock:
    """A breach that the authority may have to be told of: what is left of the 72 hours, negative when they are over."""

    controller_id: str
    seconds_left: float


@dataclass(frozen=True)
class Clock:
    """What one scan saw, and when."""

    scanned_at: datetime
    controllers: tuple[str, ...] = ()
    cases: Sequence[OpenCases] = ()
    breaches: Sequence[BreachClock] = ()

    def by_state(self) -> Counter[tuple[str, str]]:
        return _sum(((one.controller_id, one.state), one.count) for one in self.cases)

    def due_within(self, days: int) -> Counter[str]:
        """Due today or in so many days; what is overdue is not among them. The due day itself is still in time."""
        return _sum((one.controller_id, one.count) for one in self.cases if 0 <= self._days_left(one) <= days)

    def overdue(self) -> Counter[str]:
        return _sum((one.controller_id, one.count) for one in self.cases if self._days_left(one) < 0)

    def seconds_left(self) -> dict[str, float]:
        """Of each controller's most pressing breach."""
        shortest: dict[str, float] = {}
        for one in self.breaches:
            shortest[one.controller_id] = min(one.seconds_left, shortest.get(one.controller_id, one.seconds_left))
        return shortest

    def _days_left(self, one: OpenCases) -> int:
        return (one.due_on - helsinki_date(self.scanned_at)).days


def _sum(counts: Iterable[tuple[_Key, int]]) -> "Counter[_Key]":
    total: Counter[_Key] = Counter()
    for key, count in counts:
        total[key] += count
    return total


def families(clock: Clock) -> Iterator[GaugeMetricFamily]:
    """The metrics of a scan; every known controller has its zeros, so that a graph does not break off."""
    states = _gauge("dsr_cases_open", "Cases that are not final", "controller_id", "state")
    for (controller, state), count in sorted(clock.by_state().items()):
        states.add_metric([controller, state], count)
    due = _gauge("dsr_cases_due", "Open cases due today or within so many days", "controller_id", "within_days")
    overdue = _gauge("dsr_cases_overdue", "Open cases whose due day is over", "controller_id")
    late = clock.overdue()
    for controller in clock.controllers:
        overdue.add_metric([controller], late[controller])
    for days in WITHIN_DAYS:
        soon = clock.due_within(days)
        for controller in clock.controllers:
            due.add_metric([controller, str(days)], soon[controller])
    left = _gauge("dsr_breach_seconds_left", "Left of the 72 hours of the most pressing breach", "controller_id")
    for controller, seconds in sorted(clock.seconds_left().items()):
        left.add_metric([controller], seconds)
    scanned = _gauge("dsr_clock_scanned_timestamp_seconds", "When the clock was last read from the database")
    scanned.add_metric([], clock.scanned_at.timestamp())
    yield from (states, due, overdue, left, scanned)


def _gauge(name: str, text: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=labels)


class ClockMetrics(Collector):
    """A part that scans, and the collector that shows the newest scan; before the first there is nothing to show."""

    def __init__(self, database: Database, registry: CollectorRegistry, *, scan_seconds: float = SCAN_SECONDS) -> None:
        self._database = database
        self._scan_seconds = scan_seconds
        self._clock: Clock | None = None
        registry.register(self)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if self._clock is not None:
            yield from families(self._clock)

    async def run(self, stop: asyncio.Event) -> None:
        await self._database.wait_until_up(stop)
        while not stop.is_set():
            try:
                await self.scan_once()
            except DATABASE_AWAY as error:
                _log.warning("The clock's numbers stand still: PostgreSQL does not answer.", exc_info=error)
            await pause(stop, self._scan_seconds)

    async def scan_once(self) -> None:
        async with self._database.across_controllers() as connection:
            self._clock = await read_clock(connection)


async def read_clock(connection: Connection) -> Clock:
    """All controllers' open cases and breach clocks, by the database's time."""
    sql = statements("clock")
    cases = tuple(
        OpenCases(row["controller_id"], row["state"], row["due_on"], row["case_count"])
        for row in await connection.fetch(sql["open_cases_by_state"])
    )
    breaches = tuple(BreachClock(**row) for row in await connection.fetch(sql["breach_clocks"]))
    known = {row["controller_id"] for row in await connection.fetch(sql["known_controllers"])}
    controllers = tuple(sorted(known | {one.controller_id for one in cases}))
    return Clock(await database_now(connection), controllers, cases, breaches)
