"""Kills processes at random moments, counted in events, so that a slow machine meets the same faults as a fast one."""

import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import asyncpg
from tests.faults.town import SERVICES, Town, until

KAFKA, POSTGRES = "Kafka", "PostgreSQL"


@dataclass(frozen=True)
class Fault:
    """One process ends when so many events were written."""

    at_events: int
    part: str


def make_plan(seed: int, *, events: int, kills: int, servers: Sequence[str]) -> list[Fault]:
    """`kills` SIGKILLs over the services in equal shares, and each server once, before nine tenths of the events."""
    chance = random.Random(seed)
    parts = [SERVICES[number % len(SERVICES)] for number in range(kills)]
    chance.shuffle(parts)
    faults = [Fault(chance.randrange(events // 50, events * 9 // 10), part) for part in parts]
    faults += [Fault(chance.randrange(events // 4, events * 3 // 4), server) for server in servers]
    return sorted(faults, key=lambda fault: fault.at_events)


@dataclass
class Reaper:
    """Carries out a plan, one fault after the other, each on a living process."""

    town: Town
    plan: Sequence[Fault]
    done: list[tuple[int, str]] = field(default_factory=list)
    """(events written by then, part)"""

    @property
    def counts(self) -> Counter[str]:
        return Counter(part for _, part in self.done)

    async def run(self) -> None:
        for fault in self.plan:
            await until(lambda fault=fault: self._has_come(fault))  # type: ignore[misc]  # bound at once
            events = await count_events(self.town)
            await self._end(fault.part)
            self.done.append((events, fault.part))

    async def _has_come(self, fault: Fault) -> bool:
        return self.town.pid_of(fault.part) is not None and await count_events(self.town) >= fault.at_events

    async def _end(self, part: str) -> None:
        """SIGKILL; PostgreSQL is told to restart at once, as an administrator would, with all connections cut."""
        pid = self.town.pid_of(part)
        assert pid is not None
        os.kill(pid, signal.SIGINT if part == POSTGRES else signal.SIGKILL)
        await until(lambda: self._is_gone(part, pid))

    async def _is_gone(self, part: str, pid: int) -> bool:
        return self.town.pid_of(part) != pid


async def count_events(town: Town) -> int:
    """All events that the three services wrote so far; -1 while PostgreSQL does not answer."""
    try:
        counts = [await town.value(service, "select count(*) from outbox") for service in SERVICES]
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return -1
    return sum(counts)
