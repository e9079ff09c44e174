"""Kafka as every service uses it: one factory with settings that lose nothing, one consumer that acknowledges last."""

from dsr_shared.broker.connection import make_broker, make_producer
from dsr_shared.broker.consumer import BusConsumer, subscribe_topics
from dsr_shared.broker.offsets import Offsets

__all__ = ["BusConsumer", "Offsets", "make_broker", "make_producer", "subscribe_topics"]
