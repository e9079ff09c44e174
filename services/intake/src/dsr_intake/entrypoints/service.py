"""Intake as one process: the public web, the mailboxes, the reading of arrivals, and its place on the bus."""

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector

from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake, build
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.arrivals import ArrivalWorker, NoiseCleaner, WaitingArrivals
from dsr_intake.entrypoints.file_sweeper import FileSweeper
from dsr_intake.entrypoints.own_hosts import own_hosts
from dsr_intake.entrypoints.ways_in import ways_in
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_intake.handlers.mail_files import LeftFiles
from dsr_shared.parts import Backbone, backbone_parts
from dsr_shared.supervise import Part, run_service, serve_app

READING_CHILDREN = 1


async def serve(settings: IntakeSettings) -> int:
    """Run until told to stop; returns the exit code."""
    intake = await build(settings)
    async with ReadingPool(READING_CHILDREN) as reader:
        try:
            return await run_service(_parts(intake, reader))
        finally:
            await intake.database.close()


def _parts(intake: Intake, reader: ReadingPool) -> dict[str, Part]:
    settings, database = intake.settings, intake.database
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    backbone = Backbone("intake", settings, database, intake.keys, intake.outbox, registry)
    proxies = [proxy.strip() for proxy in settings.trusted_proxies.split(",") if proxy.strip()]
    app = build_app(make_site(intake), public_url=settings.public_url, trusted_proxies=proxies)
    worker = ArrivalWorker.of(intake, reader, own_hosts(settings.mailboxes_path))
    waiting = Gauge("dsr_arrivals_waiting", "Arrivals that are stored but not read yet", registry=registry)
    ways = ways_in(intake.settings, intake.store, registry)
    return {
        **backbone_parts(backbone, intake.events.handlers(), ways.checks),
        **ways.parts,
        "web": serve_app(app, host=settings.web_host, port=settings.web_port),
        "arrivals": worker.run,
        "waiting": WaitingArrivals(database, waiting.set).run,
        "noise": NoiseCleaner(database, intake.keys, intake.blobs).run,
        "form files": FileSweeper(intake.files).run,
        "mail files": FileSweeper(LeftFiles(database, intake.blobs)).run,
    }
