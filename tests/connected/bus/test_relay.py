"""The outbox reaches the broker in order, through crashes and outages, and receivers do everything once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from prometheus_client import CollectorRegistry
from tests.connected.bus.bus_stage import TOPIC, Bus, an_event

from dsr_shared.broker import BusConsumer, make_broker, make_producer
from dsr_shared.broker.lag import Lag
from dsr_shared.contracts.registry import COMPACTED
from dsr_shared.inbox import Record
from dsr_shared.outbox import Draft, Outbox, Relay, RelayLimits, purge_outbox, republish
from dsr_shared.settings import ServiceSettings
from dsr_shared.testing import wait_until

pytestmark = pytest.mark.connected
QUICK = RelayLimits(poll_seconds=0.1, first_pause_seconds=0.01, longest_pause_seconds=0.05, send_timeout_seconds=5)


class Broker:
    """A producer's end of a broker, in memory; it may refuse, and it may take a record and then crash."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.refuses = 0
        self.crashes_after: int | None = None
        self.is_away = False

    async def start(self) -> None:
        if self.is_away:
            raise KafkaConnectionError("away")

    async def stop(self) -> None:
        """Nothing to end."""

    async def send(
        self, topic: str, value: bytes, *, key: bytes, headers: Sequence[tuple[str, bytes]]
    ) -> "asyncio.Future[object]":
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if self.refuses:
            self.refuses -= 1
            future.set_exception(KafkaConnectionError("refused"))
            return future
        self.taken.append((topic, value))
        if self.crashes_after == len(self.taken):
            raise asyncio.CancelledError
        future.set_result(None)
        return future


async def append(bus: Bus, case_id: UUID, count: int = 1) -> None:
    for _ in range(count):
        async with bus.db.transaction("acme") as connection:
            await Outbox("intake").append(connection, Draft(uuid4(), "acme", case_id, an_event()))


async def unsent(bus: Bus) -> int:
    return int(str((await bus.rows("select count(*) from outbox where sent_at is null"))[0][0]))


async def test_each_case_is_sent_in_order_and_marked(bus: Bus) -> None:
    cases = [uuid4() for _ in range(3)]
    for case_id in cases * 4:
        await append(bus, case_id)
    broker = Broker()
    assert await Relay(bus.db, lambda: broker, limits=QUICK).send_once(broker) == 12
    stored = [row[0] for row in await bus.rows("select payload from outbox order by case_id, sequence")]
    assert sorted(value for _, value in broker.taken) == sorted(stored)  # type: ignore[type-var]
    for case_id in cases:
        mine = [value for _, value in broker.taken if str(case_id).encode() in value]
        in_order = await bus.rows("select payload from outbox where case_id = $1 order by sequence", case_id)
        assert mine == [row[0] for row in in_order]
    assert await unsent(bus) == 0


async def test_what_the_broker_refuses_stays_and_is_sent_by_a_new_producer(bus: Bus) -> None:
    await append(bus, uuid4(), 5)
    broker, stop = Broker(), asyncio.Event()
    broker.refuses = 1
    relay = asyncio.create_task(Relay(bus.db, lambda: broker, limits=QUICK).run(stop))
    await wait_until(lambda: _is_empty(bus), what="an empty outbox")
    stop.set()
    await relay
    assert broker.taken[-5:] == [
        (TOPIC, row[0]) for row in await bus.rows("select payload from outbox order by sequence")
    ]


async def test_events_wait_while_the_broker_is_away_and_leave_once_it_is_back(bus: Bus) -> None:
    await append(bus, uuid4(), 2)
    broker, stop = Broker(), asyncio.Event()
    broker.is_away = True
    relay = Relay(bus.db, lambda: broker, limits=QUICK)
    running = asyncio.create_task(relay.run(stop))
    await asyncio.wait((running,), timeout=0.2)
    assert not running.done()
    assert await unsent(bus) == 2
    broker.is_away = False
    await wait_until(lambda: _is_empty(bus), what="an empty outbox")
    assert relay.is_connected
    stop.set()
    await running


async def test_a_crash_between_sending_and_marking_sends_again_and_does_nothing_twice(bus: Bus) -> None:
    await append(bus, uuid4(), 3)
    crashing, broker = Broker(), Broker()
    crashing.crashes_after = 2
    with pytest.raises(asyncio.CancelledError):
        await Relay(bus.db, lambda: crashing, limits=QUICK).send_once(crashing)
    assert await Relay(bus.db, lambda: broker, limits=QUICK).send_once(broker) == 0  # leased by the dead one
    await bus.run("update streams set lease_until = now() - interval '1 second'")
    assert await Relay(bus.db, lambda: broker, limits=QUICK).send_once(broker) == 3
    sent = [value for _, value in crashing.taken + broker.taken]
    await bus.give(*(Record(TOPIC, 0, n, None, value) for n, value in enumerate(sent)))
    assert await bus.sequences() == [1, 2, 3]


async def test_a_relay_that_lost_its_lease_marks_nothing(bus: Bus) -> None:
    await append(bus, uuid4())

    class Slow(Broker):
        async def send(
            self, topic: str, value: bytes, *, key: bytes, headers: Sequence[tuple[str, bytes]]
        ) -> "asyncio.Future[object]":
            await bus.run("update streams set lease_token = $1", uuid4())
            return await super().send(topic, value, key=key, headers=headers)

    slow = Slow()
    await Relay(bus.db, lambda: slow, limits=QUICK).send_once(slow)
    assert await unsent(bus) == 1


async def test_what_one_batch_could_not_hold_follows_at_once(bus: Bus) -> None:
    for _ in range(20):
        await append(bus, uuid4())
    broker, stop = Broker(), asyncio.Event()
    limits = RelayLimits(streams=3, poll_seconds=600)
    relay = asyncio.create_task(Relay(bus.db, lambda: broker, limits=limits).run(stop))
    await wait_until(lambda: _is_empty(bus), what="an empty outbox")
    stop.set()
    await relay
    assert len(broker.taken) == 20


def test_events_gather_the_longer_the_more_come_but_never_long() -> None:
    limits = RelayLimits()
    assert limits.gather_seconds(0) == 0
    assert limits.gather_seconds(1) < limits.gather_seconds(4)
    assert limits.gather_seconds(limits.full_batch) == limits.longest_gather_seconds


async def test_two_relays_share_the_cases_and_send_each_event_once(bus: Bus) -> None:
    for _ in range(20):
        await append(bus, uuid4(), 2)
    broker, limits = Broker(), RelayLimits(streams=3)
    relays = [Relay(bus.db, lambda: broker, limits=limits) for _ in range(2)]

    async def drain(relay: Relay) -> None:
        while await relay.send_once(broker):
            pass

    await asyncio.gather(*map(drain, relays))
    assert len(broker.taken) == 40
    assert len(set(broker.taken)) == 40


async def test_republishing_sends_again_what_was_written_since(bus: Bus) -> None:
    old, new = uuid4(), uuid4()
    await append(bus, old, 2)
    await bus.run("update outbox set created_at = now() - interval '3 days'")
    await append(bus, new, 2)
    broker = Broker()
    relay = Relay(bus.db, lambda: broker, limits=QUICK)
    await relay.send_once(broker)
    assert await republish(bus.db, datetime.now(UTC) - timedelta(days=1)) == 2
    assert await relay.send_once(broker) == 2
    assert await republish(bus.db, datetime.now(UTC) - timedelta(days=9)) == 4


async def test_sent_rows_are_purged_after_sixty_days_but_the_newest_state_of_a_compacted_topic(bus: Bus) -> None:
    case_id = uuid4()
    await append(bus, case_id, 3)
    broker = Broker()
    await Relay(bus.db, lambda: broker, limits=QUICK).send_once(broker)
    assert await purge_outbox(bus.db) == 0
    await bus.run("update outbox set sent_at = now() - interval '61 days' where sequence < 3")
    assert await purge_outbox(bus.db) == 2
    await append(bus, case_id, 1)
    await Relay(bus.db, lambda: broker, limits=QUICK).send_once(broker)
    (compacted,) = COMPACTED
    await bus.run("update outbox set topic = $1, sent_at = now() - interval '61 days'", compacted)
    await bus.run("update streams set topic = $1", compacted)
    assert await purge_outbox(bus.db) == 1
    assert await bus.rows("select sequence from outbox") == [(4,)]


async def _is_empty(bus: Bus) -> bool:
    return await unsent(bus) == 0


@dataclass
class RealBus:
    """The bus over the real broker, with settings of two services."""

    bus: Bus
    directory: Path
    bootstrap: str
    passwords: dict[str, str]

    def settings(self, service: str) -> ServiceSettings:
        return ServiceSettings(
            database_url=self.bus.app_url,
            kafka_bootstrap_servers=self.bootstrap,
            kafka_username=service,
            kafka_password=self.passwords[service],
            keyring_path=self.directory,
            public_keys_path=self.directory,
            blob_directory=self.directory,
            health_port=0,
        )

    def relay(self) -> Relay:
        return Relay(self.bus.db, lambda: make_producer(self.settings("intake"), "intake"), limits=QUICK)

    def consumer(self, registry: CollectorRegistry) -> BusConsumer:
        settings = self.settings("fulfilment")
        lag = Lag(registry, poll_seconds=0.2)
        return BusConsumer(lambda: make_broker(settings, "fulfilment"), "fulfilment", self.bus.inbox, (TOPIC,), lag)

    async def replay(self) -> list["ConsumerRecord[bytes, bytes]"]:
        """All that lies on the topic, as the administrator sees it."""
        consumer = AIOKafkaConsumer(
            TOPIC, bootstrap_servers=self.bootstrap, security_protocol="SASL_PLAINTEXT", sasl_mechanism="PLAIN",
            sasl_plain_username="admin", sasl_plain_password=self.passwords["admin"], auto_offset_reset="earliest",
        )  # fmt: skip
        await consumer.start()
        try:
            batches = await consumer.getmany(timeout_ms=3000)
        finally:
            await consumer.stop()
        return [record for records in batches.values() for record in records]


@pytest.fixture
async def real(bus: Bus, kafka_server, tmp_path: Path) -> RealBus:  # type: ignore[no-untyped-def]
    return RealBus(bus, tmp_path, kafka_server.bootstrap, kafka_server.passwords)


async def test_events_travel_through_the_real_broker_once_and_in_order(real: RealBus) -> None:
    cases, stop, registry = [uuid4() for _ in range(5)], asyncio.Event(), CollectorRegistry()
    for case_id in cases:
        await append(real.bus, case_id, 4)
    consumer = real.consumer(registry)
    parts = [asyncio.create_task(real.relay().run(stop)), asyncio.create_task(consumer.run(stop))]
    await wait_until(lambda: _has_effects(real.bus, 20), 30, "twenty effects")
    assert await consumer.missing() is None
    await wait_until(lambda: lag_of(registry) == 0, what="offsets committed to the end of every partition")
    assert registry.get_sample_value("dsr_consumer_cut_events", {"topic": TOPIC, "partition": "0"}) == 0
    stop.set()
    await asyncio.gather(*parts)
    for case_id in cases:
        sequences = await real.bus.rows(
            "select e.sequence from effects as e join inbox using (event_id) where case_id = $1 order by position",
            case_id,
        )
        assert [row[0] for row in sequences] == [1, 2, 3, 4]
    records = await real.replay()
    mine = [record for record in records if UUID(bytes=record.key) in cases]
    assert dict(mine[0].headers)["type"] == b"package_opened"
    await real.bus.run("update streams set sent_sequence = 0")
    stop.clear()
    parts = [
        asyncio.create_task(real.relay().run(stop)),
        asyncio.create_task(real.consumer(CollectorRegistry()).run(stop)),
    ]
    await wait_until(lambda: _all_sent(real.bus), 30, "everything sent again")
    await append(real.bus, cases[0])
    await wait_until(lambda: _has_effects(real.bus, 21), 30, "the newest effect behind all the repeats")
    stop.set()
    await asyncio.gather(*parts)


def lag_of(registry: CollectorRegistry) -> float | None:
    samples = [sample.value for metric in registry.collect() for sample in metric.samples if "lag" in sample.name]
    return sum(samples) if samples else None


async def _has_effects(bus: Bus, count: int) -> bool:
    return len(await bus.sequences()) == count


async def _all_sent(bus: Bus) -> bool:
    return await bus.rows("select 1 from streams where sent_sequence < last_sequence") == []
