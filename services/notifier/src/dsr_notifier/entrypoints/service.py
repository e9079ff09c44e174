"""One process: consumer, relay, dispatcher, upkeep and the health pages."""

import asyncio
import sys
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, ProcessCollector

from dsr_notifier.bootstrap import Notifier, build
from dsr_notifier.config import NotifierSettings
from dsr_notifier.entrypoints.consumer import consumer_of, inbox_of
from dsr_notifier.entrypoints.dispatcher import dispatcher_of
from dsr_notifier.entrypoints.upkeep import Upkeep
from dsr_shared.broker import BusConsumer, make_producer
from dsr_shared.health import Check, database_check, health_app
from dsr_shared.inbox import Parked
from dsr_shared.outbox import Relay
from dsr_shared.postgres import migrate
from dsr_shared.sealing import SealingError
from dsr_shared.settings import SettingsError
from dsr_shared.supervise import Part, run_service, serve_app
from dsr_shared.telemetry import configure


def main() -> int:
    """Run until SIGTERM. 2 where settings or key files are wrong; the message names them."""
    try:
        settings = NotifierSettings.load()
        configure("notifier", settings.otlp_endpoint, log_level=settings.log_level)
        return asyncio.run(_serve(settings))
    except (SettingsError, SealingError) as error:
        return _complain(error)


def migrate_database() -> int:
    """Bring the database up to date with the owner's role, and nothing else."""
    try:
        settings = NotifierSettings.load()
    except SettingsError as error:
        return _complain(error)
    if settings.owner_database_url is None:
        sys.stderr.write("NOTIFIER_OWNER_DATABASE_URL is missing: migrations need the owner's role; set it\n")
        return 2
    owner_url = settings.owner_database_url.get_secret_value()
    asyncio.run(migrate(owner_url, "notifier_app", ("dsr_shared", "dsr_notifier")))
    return 0


async def _serve(settings: NotifierSettings) -> int:
    notifier = await build(settings, CollectorRegistry())
    ProcessCollector(registry=notifier.registry)
    try:
        return await run_service(parts_of(notifier))
    finally:
        await notifier.database.close()


def parts_of(notifier: Notifier) -> Mapping[str, Part]:
    """All that runs in the process, by name."""
    settings = notifier.settings
    inbox = inbox_of(notifier)
    consumer = consumer_of(notifier, inbox)
    relay = Relay(notifier.database, lambda: make_producer(settings, "notifier"))
    app = health_app(_checks(notifier, consumer, relay), notifier.registry)
    return {
        "consumer": consumer.run,
        "parked events": Parked(notifier.database, inbox).run,
        "relay": relay.run,
        "dispatcher": dispatcher_of(notifier).run,
        "upkeep": Upkeep(notifier.database).run,
        "health": serve_app(app, host=settings.health_host, port=settings.health_port),
    }


def _checks(notifier: Notifier, consumer: BusConsumer, relay: Relay) -> Mapping[str, Check]:
    async def relay_missing() -> str | None:
        return None if relay.is_connected else "Kafka does not answer; what we tell waits in the outbox"

    async def smtp_missing() -> str | None:
        return None if notifier.server.is_up else "the mail server does not answer or refuses us; letters wait for it"

    return {
        "database": database_check(notifier.database),
        "consumer": consumer.missing,
        "relay": relay_missing,
        "mail_server": smtp_missing,
    }


def _complain(error: Exception) -> int:
    """Our own errors name what is wrong, where, and what to do; a setting's value is never repeated."""
    sys.stderr.write(f"notifier cannot start: {error}\n")
    return 2
