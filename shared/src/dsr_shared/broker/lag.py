"""How far behind the group is, and whether the log was cut before it was read."""

import asyncio
import logging

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from prometheus_client import CollectorRegistry, Gauge

_log = logging.getLogger(__name__)


class Lag:
    """Metrics of the consumer's partitions, looked up every few seconds."""

    def __init__(self, registry: CollectorRegistry, *, poll_seconds: float = 15.0) -> None:
        self.poll_seconds = poll_seconds
        labels = ("topic", "partition")
        self._behind = Gauge("dsr_consumer_lag_events", "Events not consumed yet", labels, registry=registry)
        self._lost = Gauge(
            "dsr_consumer_cut_events", "Events that left the log before this group read them", labels, registry=registry
        )

    async def look(self, consumer: AIOKafkaConsumer) -> None:
        """Look at every assigned partition; a broker that does not answer leaves the numbers as they are."""
        partitions = sorted(consumer.assignment())
        try:
            async with asyncio.timeout(10):
                starts = await consumer.beginning_offsets(partitions)
                ends = await consumer.end_offsets(partitions)
                for partition in partitions:
                    committed = await consumer.committed(partition)
                    self._tell(partition, committed, starts[partition], ends[partition])
        except (KafkaError, OSError) as error:
            _log.warning("The consumer's lag is not known: Kafka does not answer.", exc_info=error)

    def _tell(self, partition: TopicPartition, committed: int | None, start: int, end: int) -> None:
        labels = (partition.topic, str(partition.partition))
        cut = cut_events(committed, start)
        self._behind.labels(*labels).set(max(0, end - (start if committed is None else max(committed, start))))
        self._lost.labels(*labels).set(cut)
        if cut:
            _log.critical(
                "The log was cut before it was read. Run `kuukausi republish --since` with the time of the last event.",
                extra={"topic": partition.topic, "partition": partition.partition, "lost_count": cut},
            )


def cut_events(committed: int | None, log_start: int) -> int:
    """How many events left the log unread. A group that never committed has missed nothing that it was to read."""
    return 0 if committed is None else max(0, log_start - committed)
