"""The consumer: hands what the others tell to the inbox, and from there to the handlers."""

from typing import Final

from faststream.kafka import KafkaBroker

from dsr_notifier.bootstrap import Notifier
from dsr_shared.broker import BusConsumer, make_broker
from dsr_shared.broker.lag import Lag
from dsr_shared.contracts.registry import READERS
from dsr_shared.inbox import Inbox

TOPICS: Final = tuple(topic for topic, readers in READERS.items() if "notifier" in readers)


def inbox_of(notifier: Notifier) -> Inbox:
    return Inbox(notifier.database, "notifier", notifier.keys, notifier.receiving.handlers(), notifier.outbox)


def consumer_of(notifier: Notifier, inbox: Inbox) -> BusConsumer:
    def new_broker() -> KafkaBroker:
        return make_broker(notifier.settings, "notifier", registry=notifier.registry)

    return BusConsumer(new_broker, "notifier", inbox, TOPICS, Lag(notifier.registry))
