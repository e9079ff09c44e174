"""A service's own parts, wired as the service itself wires them, for what a person does on the command line."""

import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import asyncpg
from prometheus_client import CollectorRegistry

from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.register.problems import RegisterError
from dsr_shared.contracts.base import Event
from dsr_shared.contracts.words import Service
from dsr_shared.inbox import Handler, Inbox
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database
from kuukausi.errors import StackError
from kuukausi.stack.layout import Layout
from kuukausi.stack.running import not_running, running


@dataclass(frozen=True)
class Receiver:
    """One service's side of the bus, without its consumer."""

    database: Database
    keys: CaseKeys
    inbox: Inbox


@asynccontextmanager
async def fulfilment_parts(layout: Layout) -> AsyncIterator[Fulfilment]:
    """Fulfilment's handlers and what they work with; raises NotRunning and StackError."""
    from dsr_fulfilment.bootstrap import build
    from dsr_fulfilment.config import FulfilmentSettings

    try:
        with _environment_of(layout, "fulfilment"):
            settings = FulfilmentSettings.load()
        fulfilment = await build(settings)
    except RegisterError as error:
        raise StackError(str(error), where="registers", remedy="see `kuukausi register check`") from error
    try:
        yield fulfilment
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise StackError(
            f"the database of fulfilment did not take this: {type(error).__name__}",
            where=f"stack `{layout.name}`",
            remedy=f"see `kuukausi status --name {layout.name}` and {layout.log_of('postgres')}, then try again",
        ) from error
    finally:
        await fulfilment.tools.connectors.close()
        await fulfilment.tools.database.close()


@asynccontextmanager
async def receiver(layout: Layout, service: Service) -> AsyncIterator[Receiver]:
    """A service's inbox with all of its handlers."""
    match service:
        case "fulfilment":
            from dsr_fulfilment.handlers.events import event_handlers

            async with fulfilment_parts(layout) as parts:
                tools = parts.tools
                yield _receiver(service, tools.database, tools.keys, event_handlers(tools), tools.outbox)
        case "intake":
            from dsr_intake.bootstrap import build as build_intake
            from dsr_intake.config import IntakeSettings

            with _environment_of(layout, service):
                intake = await build_intake(IntakeSettings.load())
            try:
                yield _receiver(service, intake.database, intake.keys, intake.events.handlers(), intake.outbox)
            finally:
                await intake.database.close()
        case "notifier":
            from dsr_notifier.bootstrap import build as build_notifier
            from dsr_notifier.config import NotifierSettings

            with _environment_of(layout, service):
                notifier = await build_notifier(NotifierSettings.load(), CollectorRegistry())
            try:
                handlers = notifier.receiving.handlers()
                yield _receiver(service, notifier.database, notifier.keys, handlers, notifier.outbox)
            finally:
                await notifier.database.close()


def _receiver(
    service: Service, database: Database, keys: CaseKeys, handlers: Mapping[type[Event], Handler], outbox: Outbox
) -> Receiver:
    return Receiver(database, keys, Inbox(database, service, keys, handlers, outbox))


@contextmanager
def _environment_of(layout: Layout, service: Service) -> Iterator[None]:
    """The settings that the service was started with, as its own process sees them."""
    if service not in running(layout).pids:
        raise not_running(layout)
    before = dict(os.environ)
    os.environ.update(_settings_of(layout, service))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _settings_of(layout: Layout, service: Service) -> dict[str, str]:
    """Nothing to add where this process was given them as the service is: in a container."""
    if f"{service.upper()}_SECRETS_DIRECTORY" in os.environ:
        return {}
    from kuukausi.stack.plan import running_plan

    process = next(one for one in running_plan(layout).services if one.name == service)
    return process.environment(layout.secrets_of(service))
