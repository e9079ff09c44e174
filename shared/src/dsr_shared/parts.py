"""The parts that every service has: consumer, relay, parked events, upkeep of outbox and inbox, health."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry

from dsr_shared.broker import BusConsumer, make_broker, make_producer
from dsr_shared.broker.lag import Lag
from dsr_shared.contracts.base import Event
from dsr_shared.contracts.registry import READERS
from dsr_shared.contracts.words import Service
from dsr_shared.health import Check, database_check, health_app
from dsr_shared.inbox import Handler
from dsr_shared.inbox.consume import Inbox
from dsr_shared.inbox.parked import Parked
from dsr_shared.inbox.upkeep import BusWatch
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox, Relay
from dsr_shared.postgres import Database
from dsr_shared.settings import ServiceSettings
from dsr_shared.supervise import Part, serve_app


@dataclass(frozen=True)
class Backbone:
    """What a service hands in to be put on the bus."""

    service: Service
    settings: ServiceSettings
    database: Database
    keys: CaseKeys
    outbox: Outbox
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)


def backbone_parts(
    backbone: Backbone, handlers: Mapping[type[Event], Handler], checks: Mapping[str, Check]
) -> dict[str, Part]:
    """The parts that consume, relay and answer health checks; `checks` are the service's own readiness facts."""
    service, settings, database = backbone.service, backbone.settings, backbone.database
    inbox = Inbox(database, service, backbone.keys, handlers, backbone.outbox)
    topics = [topic for topic, readers in READERS.items() if service in readers]
    consumer = BusConsumer(
        lambda: make_broker(settings, service, registry=backbone.registry),
        service,
        inbox,
        topics,
        Lag(backbone.registry),
    )
    relay = Relay(database, lambda: make_producer(settings, service))
    every_check = {
        "database": database_check(database),
        "consumer": consumer.missing,
        "relay": lambda: _relay_missing(relay),
        **checks,
    }
    return {
        "consumer": _when_database_is_up(database, consumer.run),
        "relay": _when_database_is_up(database, relay.run),
        "parked": _when_database_is_up(database, Parked(database, inbox).run),
        "upkeep": _when_database_is_up(database, BusWatch(database, backbone.registry).run),
        "health": serve_app(
            health_app(every_check, backbone.registry), host=settings.health_host, port=settings.health_port
        ),
    }


def _when_database_is_up(database: Database, run: Part) -> Part:
    async def wait_and_run(stop: asyncio.Event) -> None:
        await database.wait_until_up(stop)
        await run(stop)

    return wait_and_run


async def _relay_missing(relay: Relay) -> str | None:
    return None if relay.is_connected else "Kafka does not answer; what we tell waits in the outbox"
