"""A store that keeps bytes once, as the real one does, and a reader that runs as long as a test needs it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dsr_intake.domain.arrivals import StoredArrival
from dsr_intake.domain.mail import MailPosition
from dsr_intake.entrypoints.mailbox import MailboxReader
from dsr_shared.contracts.words import Channel
from dsr_shared.supervise import Part
from dsr_shared.testing import wait_until

DEADLINE = 20.0


@dataclass
class Arrival:
    raw: bytes
    received_at: datetime
    position: MailPosition
    times: int = 1


@dataclass
class FakeStore:
    """Keeps bytes once, as the real store does, and can be down for a while."""

    arrivals: dict[bytes, Arrival] = field(default_factory=dict)
    failures_left: int = 0
    on_store: Callable[[], None] = lambda: None

    async def store_raw(
        self, controller_id: str, channel: Channel, raw: bytes, received_at: datetime, position: MailPosition | None
    ) -> StoredArrival:
        assert position is not None
        assert (controller_id, channel) == ("acme", "mail")
        if self.failures_left:
            self.failures_left -= 1
            raise ConnectionError
        known = self.arrivals.get(raw)
        if known is not None:
            known.times += 1
            known.received_at = min(known.received_at, received_at)
        else:
            self.arrivals[raw] = Arrival(raw, received_at, position)
        self.on_store()
        return StoredArrival(UUID(int=len(self.arrivals)), is_new=known is None)


@asynccontextmanager
async def reading(reader: MailboxReader | Part) -> AsyncIterator[None]:
    stop = asyncio.Event()
    run = reader.run if isinstance(reader, MailboxReader) else reader
    task = asyncio.ensure_future(run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, DEADLINE)


async def until(predicate: Callable[[], bool]) -> None:
    await wait_until(predicate, deadline_seconds=DEADLINE)
