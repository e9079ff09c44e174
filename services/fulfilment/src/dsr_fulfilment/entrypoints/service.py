"""The fulfilment process: consumer, relay, worker, scheduler, console and health side by side."""

import asyncio
import sys

from dsr_fulfilment.adapters.connectors.registry import SecretDirectory
from dsr_fulfilment.bootstrap import Fulfilment, build
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.clock_metrics import ClockMetrics
from dsr_fulfilment.entrypoints.console.app import console_app
from dsr_fulfilment.entrypoints.scheduler import Scheduler
from dsr_fulfilment.entrypoints.webhooks import Webhooks
from dsr_fulfilment.entrypoints.worker import Worker
from dsr_fulfilment.handlers.events import event_handlers
from dsr_fulfilment.handlers.jobs import job_handlers
from dsr_fulfilment.handlers.publish_registers import publish_registers
from dsr_fulfilment.register.problems import RegisterError
from dsr_shared.parts import backbone_parts
from dsr_shared.supervise import Part, run_service, serve_app


async def serve(settings: FulfilmentSettings) -> int:
    """Run until the process is asked to stop; returns the exit code."""
    try:
        fulfilment = await build(settings)
    except RegisterError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        return await run_service(_parts(fulfilment))
    finally:
        await fulfilment.tools.connectors.close()
        await fulfilment.tools.database.close()


def _parts(fulfilment: Fulfilment) -> dict[str, Part]:
    settings, tools = fulfilment.settings, fulfilment.tools
    return {
        **backbone_parts(fulfilment.backbone, event_handlers(tools), {}),
        "worker": _after_registers(fulfilment, Worker(tools, job_handlers()).run),
        "scheduler": _after_registers(fulfilment, Scheduler(tools).run),
        "webhooks": Webhooks(
            tools, SecretDirectory(settings.connector_secrets_directory), fulfilment.backbone.registry
        ).run,
        "clock": ClockMetrics(tools.database, fulfilment.backbone.registry).run,
        "console": serve_app(console_app(tools, settings), host=settings.console_host, port=settings.console_port),
    }


def _after_registers(fulfilment: Fulfilment, run: Part) -> Part:
    """The other services hear of every register before anything is done with a case."""

    async def publish_and_run(stop: asyncio.Event) -> None:
        await fulfilment.tools.database.wait_until_up(stop)
        if not stop.is_set():
            await publish_registers(fulfilment.tools)
        await run(stop)

    return publish_and_run
