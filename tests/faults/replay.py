"""Playing all topics again from their start, and telling whether that changed anything."""

import asyncio
from typing import Any

from aiokafka import AIOKafkaConsumer, OffsetAndMetadata, TopicPartition
from aiokafka.errors import KafkaError
from tests.faults.town import SERVICES, Town, start_again

from dsr_shared.contracts.registry import READERS
from kuukausi.stack import control
from kuukausi.stack.kafka import ADMIN
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.ports import LOOPBACK

_PARTITIONS = 6
_CHANGES_WITHOUT_EFFECT = {
    "outbox": "event_id, topic, case_id, sequence, payload",  # when it was sent changes, not what
    "streams": "controller_id, case_id, topic, last_sequence",
}
_TABLES = "select tablename from pg_tables where schemaname = 'public' and tablename <> 'evidence_heads' order by 1"

Snapshot = dict[tuple[str, str], tuple[int, str]]
"""By database and table: how many rows, and a hash over all of them."""


async def snapshot(town: Town) -> Snapshot:
    """Every row of every table of the three services, but for the daily heads, whose day may come meanwhile."""
    found: Snapshot = {}
    for service in SERVICES:
        async with town.database(service) as connection:
            for row in await connection.fetch(_TABLES):
                table = row["tablename"]
                columns = _CHANGES_WITHOUT_EFFECT.get(table, "*")
                query = (
                    "select count(*) as n, md5(coalesce(string_agg(md5(r::text), '' order by r::text), '')) as h "
                    f"from (select {columns} from {table}) r"
                )
                counted = await connection.fetchrow(query)
                found[service, table] = (counted["n"], counted["h"])
    return found


def rewind(town: Town) -> Town:
    """Stop everything, set each group's offsets to the start of its topics, and start again."""
    control.stop(town.layout)
    bare = start_again(town, town.configuration.model_copy(update={"services": ()}))
    asyncio.run(_reset_offsets(bare))
    control.stop(town.layout)
    return start_again(town, town.configuration)


async def _reset_offsets(town: Town) -> None:
    for service in SERVICES:
        consumer = _consumer(town, service)
        await consumer.start()
        try:
            partitions = _partitions(service)
            consumer.assign(partitions)
            firsts = await consumer.beginning_offsets(partitions)
            await consumer.commit({partition: OffsetAndMetadata(firsts[partition], "") for partition in partitions})
        finally:
            await consumer.stop()


async def lag(town: Town) -> int:
    """How many records the groups have not acknowledged yet; one while the broker does not answer."""
    total = 0
    for service in SERVICES:
        consumer = _consumer(town, service)
        try:
            await consumer.start()
            partitions = _partitions(service)
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            for partition in partitions:
                total += ends[partition] - (await consumer.committed(partition) or 0)
        except KafkaError:
            return 1
        finally:
            await consumer.stop()
    return total


def _partitions(service: str) -> list[TopicPartition]:
    topics = [topic for topic, readers in READERS.items() if service in readers]
    return [TopicPartition(topic, number) for topic in topics for number in range(_PARTITIONS)]


def _consumer(town: Town, group: str) -> Any:
    return AIOKafkaConsumer(
        bootstrap_servers=f"{LOOPBACK}:{town.ports['kafka']}",
        group_id=group,
        enable_auto_commit=False,
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=ADMIN,
        sasl_plain_password=Passwords.load(town.layout.passwords).kafka[ADMIN],
    )
