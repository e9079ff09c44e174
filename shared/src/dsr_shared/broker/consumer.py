"""The part of a service that consumes: raw bytes to the inbox, one after the other, acknowledged at their end.

One subscriber reads all topics of a service: each further member of a consumer group costs a round of rebalancing at
every start, three seconds each. Nothing that a record holds may fail before the inbox sees it: FastStream would log it
and go on, and the next commit would pass over it. So headers are cut down to the readable ones, nothing is decoded, and
a failure of the inbox itself ends the part, and with it the process, instead of skipping.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final, Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from dsr_shared.backoff import backoff_seconds, pause
from dsr_shared.broker.lag import Lag
from dsr_shared.broker.offsets import Offsets
from dsr_shared.contracts.words import Service
from dsr_shared.inbox import Disposition, Record

_MAX_POLL_INTERVAL_MS: Final = 30 * 60 * 1000
_SESSION_TIMEOUT_MS: Final = 6_000
_HEARTBEAT_MS: Final = 2_000
_log = logging.getLogger(__name__)


class TakesRecords(Protocol):
    """What the consumer needs of the inbox."""

    @property
    def is_waiting_for_database(self) -> bool: ...

    async def consume(self, record: Record) -> Disposition: ...


class Subscription:
    """A subscriber of one broker, and what became of it."""

    def __init__(self, inbox: TakesRecords) -> None:
        self._inbox = inbox
        self.offsets = Offsets()
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def receive(self, message: KafkaMessage) -> None:
        """Called by FastStream, one record at a time; returns only when the record has its end."""
        raw = message.raw_message
        assert not isinstance(raw, tuple)
        record = Record(topic=raw.topic, partition=raw.partition, offset=raw.offset, key=raw.key, value=raw.value)
        try:
            await self._inbox.consume(record)
        except Exception as error:  # noqa: BLE001 - FastStream would go on to the next record and pass over this one
            self.failed.set_exception(error)
            await asyncio.get_running_loop().create_future()  # hold the reader until the part has ended
        consumer: Any = message.consumer
        self.offsets.note(consumer, TopicPartition(raw.topic, raw.partition), raw.offset)


def subscribe_topics(broker: KafkaBroker, service: Service, inbox: TakesRecords, topics: Sequence[str]) -> Subscription:
    """Have the broker hand each record of the topics to the inbox."""
    subscription = Subscription(inbox)
    subscriber = broker.subscriber(
        *topics,
        group_id=service,
        ack_policy=AckPolicy.MANUAL,
        auto_offset_reset="earliest",
        max_poll_interval_ms=_MAX_POLL_INTERVAL_MS,
        session_timeout_ms=_SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=_HEARTBEAT_MS,
        fetch_max_wait_ms=500,
        listener=subscription.offsets,
        parser=_parse_any,
        decoder=_keep_whole,
    )
    subscriber(subscription.receive)
    return subscription


async def _parse_any(record: "ConsumerRecord[Any, Any]", parse: Callable[[Any], Any]) -> Any:
    headers = [(name, value) for name, value in record.headers if _is_text(value)]
    return await parse(replace(record, headers=headers))


async def _keep_whole(message: KafkaMessage) -> KafkaMessage:
    return message


def _is_text(value: object) -> bool:
    try:
        return isinstance(value, bytes) and bool(value.decode())
    except UnicodeDecodeError:
        return False


class BusConsumer:
    """Consumes a service's topics until it is stopped; the broker may be away at the start and later."""

    def __init__(
        self,
        make_broker: Callable[[], KafkaBroker],
        service: Service,
        inbox: TakesRecords,
        topics: Sequence[str],
        lag: Lag,
    ) -> None:
        self._make_broker = make_broker
        self._service = service
        self._inbox = inbox
        self._topics = tuple(topics)
        self._lag = lag
        self._broker: KafkaBroker | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until `stop`; raises what made the inbox fail, so that the process ends instead of skipping."""
        failures = 0
        while not stop.is_set():
            broker = self._make_broker()
            subscription = subscribe_topics(broker, self._service, self._inbox, self._topics)
            try:
                await broker.start()
                failures = 0
                self._broker = broker
                await self._watch(stop, subscription)
            except (KafkaError, OSError) as error:
                failures += 1
                seconds = backoff_seconds(failures, first=0.5, longest=10)
                _log.warning("Nothing is consumed: Kafka does not answer. Is it up?", exc_info=error)
                await pause(stop, seconds)
            finally:
                self._broker = None
                await subscription.offsets.flush()
                await broker.stop()

    async def missing(self) -> str | None:
        """What keeps this part from being ready."""
        consumer = self._consumer()
        if self._inbox.is_waiting_for_database:
            return "PostgreSQL does not answer; consuming waits for it"
        if consumer is None:
            return "Kafka does not answer, or refused us; see KAFKA_BOOTSTRAP_SERVERS and the service's log"
        if not consumer.assignment():
            return f"no partition of {', '.join(self._topics)} is assigned to us yet"
        try:
            async with asyncio.timeout(2):
                await consumer.topics()
        except (KafkaError, OSError):
            return "Kafka does not answer"
        return None

    async def _watch(self, stop: asyncio.Event, subscription: Subscription) -> None:
        while not await _first(stop, subscription.failed, seconds=self._lag.poll_seconds):
            consumer = self._consumer()
            if consumer is not None:
                await self._lag.look(consumer)
        if subscription.failed.done():
            subscription.failed.result()

    def _consumer(self) -> AIOKafkaConsumer | None:
        if self._broker is None:
            return None
        return next((getattr(subscriber, "consumer", None) for subscriber in self._broker.subscribers), None)


async def _first(stop: asyncio.Event, failed: "asyncio.Future[None]", *, seconds: float) -> bool:
    """Whether one of the two came within the time."""
    stopped = asyncio.ensure_future(stop.wait())
    done, _ = await asyncio.wait((stopped, failed), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    return bool(done)
