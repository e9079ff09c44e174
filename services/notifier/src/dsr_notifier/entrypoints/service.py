"""One process: consumer, relay, dispatcher, upkeep and the health pages."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, ProcessCollector

from dsr_notifier.bootstrap import Notifier, build
from dsr_notifier.config import NotifierSettings
from dsr_notifier.entrypoints.dispatcher import dispatcher_of
from dsr_notifier.entrypoints.upkeep import Upkeep
from dsr_shared.health import Check
from dsr_shared.parts import Backbone, backbone_parts
from dsr_shared.supervise import Part, run_service


async def serve(settings: NotifierSettings) -> int:
    """Run until told to stop; returns the exit code."""
    notifier = await build(settings, CollectorRegistry())
    ProcessCollector(registry=notifier.registry)
    try:
        return await run_service(parts_of(notifier))
    finally:
        await notifier.database.close()


def parts_of(notifier: Notifier) -> Mapping[str, Part]:
    """All that runs in the process, by name."""
    backbone = Backbone(
        "notifier", notifier.settings, notifier.database, notifier.keys, notifier.outbox, notifier.registry
    )
    return {
        **backbone_parts(backbone, notifier.receiving.handlers(), {"mail_server": _smtp_missing(notifier)}),
        "dispatcher": dispatcher_of(notifier).run,
        "forgetting": Upkeep(notifier.database).run,
    }


def _smtp_missing(notifier: Notifier) -> Check:
    async def check() -> str | None:
        return None if notifier.server.is_up else "the mail server does not answer or refuses us; letters wait for it"

    return check
