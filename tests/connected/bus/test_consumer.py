"""The consumer on the real broker: nothing that a record holds makes it pass over one."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from prometheus_client import CollectorRegistry

from dsr_shared.broker import BusConsumer, make_broker
from dsr_shared.broker.lag import Lag
from dsr_shared.inbox import Disposition, Record, Unread
from dsr_shared.settings import ServiceSettings
from dsr_shared.testing import wait_until

pytestmark = pytest.mark.connected
TOPIC = "cases.v1"


class Seen:
    """Takes records and remembers them; it may break at one."""

    def __init__(self, breaks_at: bytes | None = None) -> None:
        self.is_waiting_for_database = False
        self.values: list[bytes | None] = []
        self._breaks_at = breaks_at

    async def consume(self, record: Record) -> Disposition:
        if self._breaks_at is not None and record.value == self._breaks_at:
            raise RuntimeError("cannot even be kept")
        self.values.append(record.value)
        return Unread("duplicate")


def settings_of(user: str, password: str, bootstrap: str, directory: Path) -> ServiceSettings:
    return ServiceSettings(
        database_url="postgresql://nowhere",
        kafka_bootstrap_servers=bootstrap,
        kafka_username=user,
        kafka_password=password,
        keyring_path=directory,
        public_keys_path=directory,
        blob_directory=directory,
        health_port=0,
    )


def consumer_of(settings: ServiceSettings, seen: Seen, registry: CollectorRegistry) -> BusConsumer:
    return BusConsumer(
        lambda: make_broker(settings, "notifier", registry=registry), "notifier", seen, (TOPIC,), Lag(registry)
    )


async def send(kafka_server, *values: bytes) -> None:  # type: ignore[no-untyped-def]
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka_server.bootstrap, security_protocol="SASL_PLAINTEXT", sasl_mechanism="PLAIN",
        sasl_plain_username="fulfilment", sasl_plain_password=kafka_server.passwords["fulfilment"],
    )  # fmt: skip
    key = uuid4().bytes
    headers = [("content-type", b"application/json"), ("traceparent", b"\xff\xfe"), ("reply_to", b"x")]
    async with producer:
        for value in values:
            await producer.send_and_wait(TOPIC, value, key=key, headers=headers)


async def test_records_that_fastream_could_not_read_reach_the_inbox_and_a_failing_inbox_stops_instead_of_skipping(  # type: ignore[no-untyped-def]
    kafka_server, tmp_path: Path
) -> None:
    mark = uuid4().bytes
    good, bad, after = b"\xff not JSON" + mark, b"breaks" + mark, b"after" + mark
    await send(kafka_server, good, bad, after)
    settings = settings_of("notifier", kafka_server.passwords["notifier"], kafka_server.bootstrap, tmp_path)
    breaking = Seen(breaks_at=bad)
    with pytest.raises(RuntimeError, match="cannot even be kept"):
        async with asyncio.timeout(60):
            await consumer_of(settings, breaking, CollectorRegistry()).run(asyncio.Event())
    assert good in breaking.values
    assert after not in breaking.values
    repaired, stop = Seen(), asyncio.Event()
    running = asyncio.create_task(consumer_of(settings, repaired, CollectorRegistry()).run(stop))
    await wait_until(lambda: after in repaired.values, 30, "the record behind the one that failed")
    stop.set()
    await running
    assert good not in repaired.values
    assert bad in repaired.values


async def test_a_broker_that_is_away_is_waited_for_and_named(tmp_path: Path) -> None:
    settings = settings_of("notifier", "x", "127.0.0.1:1", tmp_path)
    consumer, stop = consumer_of(settings, Seen(), CollectorRegistry()), asyncio.Event()
    running = asyncio.create_task(consumer.run(stop))
    await asyncio.wait((running,), timeout=1)
    assert not running.done()
    assert "Kafka does not answer" in str(await consumer.missing())
    stop.set()
    async with asyncio.timeout(5):
        await running
