"""The relay: sends what the outbox holds, in order within each case and topic, many of them at once.

It leases streams, not rows, so that two relays never send one case's events side by side. A crash between sending and
marking sends again; receivers know the events by their id, so leases and marks do not wait for the disk. Whatever goes
wrong with the broker ends the producer and starts a new one, so that no half-known state of an old one decides about
order.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID, uuid4

import asyncpg
from aiokafka.errors import KafkaError

from dsr_shared.backoff import backoff_seconds, pause
from dsr_shared.outbox.append import OUTBOX_CHANNEL
from dsr_shared.postgres import Database, load_queries

LEASE_SECONDS: Final = 30.0
_log = logging.getLogger(__name__)

Stream: TypeAlias = tuple[str, UUID, str]
"""Controller, case and topic."""


class Producer(Protocol):
    """What the relay needs of a Kafka producer; aiokafka's fits."""

    async def start(self) -> None: ...

    async def send(
        self, topic: str, value: bytes, *, key: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> Awaitable[object]:
        """Queue an event; the returned future is done once all replicas in sync have it."""
        ...

    async def stop(self) -> None: ...


@dataclass(frozen=True)
class RelayLimits:
    """How much is sent at once, and how long is waited."""

    streams: int = 200
    events_of_a_stream: int = 50
    poll_seconds: float = 1.0
    gather_seconds_an_event: float = 0.005
    longest_gather_seconds: float = 0.05
    send_timeout_seconds: float = 12.0
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 15.0

    @property
    def full_batch(self) -> int:
        """After a batch of fewer events nothing was left behind; after others the next batch goes at once."""
        return min(self.streams, self.events_of_a_stream)

    def gather_seconds(self, sent: int) -> float:
        """Under load events gather, the longer the more the last batch held, so that many go with one lease; the first
        after a rest goes at once."""
        return min(sent * self.gather_seconds_an_event, self.longest_gather_seconds)


_DEFAULT_LIMITS = RelayLimits()


class SendFailedError(Exception):
    """The broker did not take everything; what it took is marked, the rest waits."""


class Relay:
    """Sends one service's outbox."""

    def __init__(
        self, db: Database, make_producer: Callable[[], Producer], *, limits: RelayLimits = _DEFAULT_LIMITS
    ) -> None:
        self._db = db
        self._make_producer = make_producer
        self._limits = limits
        self._queries = load_queries("dsr_shared", "outbox.sql")
        self._failures = 0
        self._lease: UUID | None = None
        self.is_connected = False

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`; broker and database may come and go."""
        while not stop.is_set():
            producer = self._make_producer()
            try:
                await producer.start()
                await self._send_until(stop, producer)
            except (KafkaError, SendFailedError, OSError) as error:
                await self._wait(stop, "Events wait in the outbox: the broker does not take them. Is it up?", error)
            finally:
                self.is_connected = False
                await _end(producer)

    async def _send_until(self, stop: asyncio.Event, producer: Producer) -> None:
        self.is_connected = True
        async with self._db.listen(OUTBOX_CHANNEL) as hints:
            while not stop.is_set():
                try:
                    sent = await self.send_once(producer)
                except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                    await self._wait(stop, "The outbox cannot be read: PostgreSQL does not answer.", error)
                    continue
                self._failures = 0
                if sent < self._limits.full_batch:
                    await asyncio.sleep(self._limits.gather_seconds(sent))
                    await hints.wait(self._limits.poll_seconds, stop)

    async def send_once(self, producer: Producer) -> int:
        """Send what is due, a batch of streams; returns how many events the broker took."""
        if self._lease is not None:  # the last batch could not be marked: PostgreSQL was away
            await self._give_back(self._lease)
        token = self._lease = uuid4()
        batch = await self._claim(token)
        sent, error = await self._publish(producer, batch)
        await self._mark(token, sent)
        if error is not None:
            await self._give_back(token)
            raise SendFailedError(type(error).__name__) from error
        self._lease = None
        return len(batch)

    async def _claim(self, token: UUID) -> Sequence[Mapping[str, Any]]:
        async with self._db.across_controllers(is_durable=False) as connection:
            await connection.execute(self._queries["claim_streams"], token, self._limits.streams, LEASE_SECONDS)
            rows: Sequence[Mapping[str, Any]] = await connection.fetch(
                self._queries["unsent"], token, self._limits.events_of_a_stream
            )
            return rows

    async def _publish(
        self, producer: Producer, batch: Sequence[Mapping[str, Any]]
    ) -> tuple[dict[Stream, int], BaseException | None]:
        """Send all, then wait for all. Tells how far each stream came without a hole, and the first failure."""
        futures: list[tuple[Stream, int, Awaitable[object]]] = []
        failure: BaseException | None = None
        try:
            async with asyncio.timeout(self._limits.send_timeout_seconds):
                for row in batch:
                    stream = (row["controller_id"], row["case_id"], row["topic"])
                    futures.append((stream, row["sequence"], await _send(producer, row)))
        except (KafkaError, OSError) as error:
            failure = error
        sent, failed = await self._results(futures)
        return sent, failure or failed

    async def _results(
        self, futures: Sequence[tuple[Stream, int, Awaitable[object]]]
    ) -> tuple[dict[Stream, int], BaseException | None]:
        waits = [asyncio.ensure_future(future) for _, _, future in futures]
        if waits:
            await asyncio.wait(waits, timeout=self._limits.send_timeout_seconds)
        sent: dict[Stream, int] = {}
        broken: dict[Stream, BaseException] = {}
        for (stream, sequence, _), wait in zip(futures, waits, strict=True):
            error = wait.exception() if wait.done() else TimeoutError()
            if error is not None:
                broken.setdefault(stream, error)
            elif stream not in broken:
                sent[stream] = sequence
        return sent, next(iter(broken.values()), None)

    async def _mark(self, token: UUID, sent: Mapping[Stream, int]) -> None:
        if not sent:
            return
        columns = [list(column) for column in zip(*sent, strict=True)]
        async with self._db.across_controllers(is_durable=False) as connection:
            moved = await connection.fetchval(self._queries["mark_sent"], token, *columns, list(sent.values()))
        if moved < len(sent):
            _log.warning("A lease ran out before what was sent was marked. It is sent again.")

    async def _give_back(self, token: UUID) -> None:
        """What was leased and not sent waits a little, so that other streams go first."""
        async with self._db.across_controllers() as connection:
            await connection.execute(self._queries["postpone_streams"], token, self._limits.first_pause_seconds)
        self._lease = None

    async def _wait(self, stop: asyncio.Event, message: str, error: Exception) -> None:
        self._failures += 1
        first, longest = self._limits.first_pause_seconds, self._limits.longest_pause_seconds
        seconds = backoff_seconds(self._failures, first=first, longest=longest)
        _log.warning(message, exc_info=error, extra={"next_try_seconds": round(seconds, 1)})
        await pause(stop, seconds)


async def _send(producer: Producer, row: Mapping[str, Any]) -> Awaitable[object]:
    headers = [("type", row["event_type"].encode()), ("version", str(row["event_version"]).encode())]
    if row["traceparent"]:
        headers.append(("traceparent", row["traceparent"].encode()))
    return await producer.send(row["topic"], row["payload"], key=row["case_id"].bytes, headers=headers)


async def _end(producer: Producer) -> None:
    try:
        async with asyncio.timeout(5):
            await producer.stop()
    except (KafkaError, OSError) as error:
        _log.warning("A producer did not end in order.", exc_info=error)
