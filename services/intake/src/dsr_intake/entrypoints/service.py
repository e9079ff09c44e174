"""Intake as one process: the public web, the mailboxes, the reading of arrivals, and its place on the bus."""

import asyncio
import sys
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Gauge
from pydantic import ValidationError

from dsr_intake.adapters.mailboxes import load_mailboxes
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake, build
from dsr_intake.config import IntakeSettings, MigrationSettings
from dsr_intake.entrypoints.arrivals import ArrivalWorker, NoiseCleaner, WaitingArrivals
from dsr_intake.entrypoints.mailbox import MailboxReader
from dsr_intake.entrypoints.web.app import build_app
from dsr_shared import telemetry
from dsr_shared.health import Check
from dsr_shared.keyring import KeyRingError
from dsr_shared.parts import Backbone, backbone_parts
from dsr_shared.postgres import MigrationError, migrate
from dsr_shared.supervise import Part, run_service, serve_app

READING_CHILDREN = 1


def main() -> int:
    """Run until told to stop; a missing or wrong setting is named in one line each."""
    return _or_say_what_is_wrong(lambda: asyncio.run(_serve(IntakeSettings.load())))


def migrate_database() -> int:
    """Bring the database up to date; safe to repeat."""

    def run() -> int:
        settings = MigrationSettings.load()
        owner_url = settings.owner_database_url.get_secret_value()
        for name in asyncio.run(migrate(owner_url, settings.app_role, ("dsr_shared", "dsr_intake"))):
            sys.stdout.write(f"applied {name}\n")
        return 0

    return _or_say_what_is_wrong(run)


async def _serve(settings: IntakeSettings) -> int:
    telemetry.configure("intake", settings.otlp_endpoint, log_level=settings.log_level)
    intake = await build(settings)
    async with ReadingPool(READING_CHILDREN) as reader:
        try:
            return await run_service(_parts(intake, reader))
        finally:
            await intake.database.close()


def _parts(intake: Intake, reader: ReadingPool) -> dict[str, Part]:
    settings, database = intake.settings, intake.database
    registry = CollectorRegistry()
    backbone = Backbone("intake", settings, database, intake.keys, intake.outbox, registry)
    proxies = [proxy.strip() for proxy in settings.trusted_proxies.split(",") if proxy.strip()]
    app = build_app(intake.site, public_url=settings.public_url, trusted_proxies=proxies)
    worker = ArrivalWorker(
        database=database,
        store=intake.store,
        keys=intake.keys,
        book=intake.book,
        handler=intake.read_arrival,
        reader=reader,
    )
    waiting = Gauge("dsr_arrivals_waiting", "Arrivals that are stored but not read yet", registry=registry)
    mailboxes = _mailboxes(intake)
    checks = {name: _problem_of(mailbox) for name, mailbox in mailboxes.items()}
    return {
        **backbone_parts(backbone, intake.events.handlers(), checks),
        **{name: mailbox.run for name, mailbox in mailboxes.items()},
        "web": serve_app(app, host=settings.web_host, port=settings.web_port),
        "arrivals": worker.run,
        "waiting": WaitingArrivals(database, waiting.set).run,
        "noise": NoiseCleaner(database, intake.keys, intake.blobs).run,
    }


def _mailboxes(intake: Intake) -> dict[str, MailboxReader]:
    path = intake.settings.mailboxes_path
    boxes = load_mailboxes(path) if path else ()
    return {f"mailbox {number} {box.name}": MailboxReader(box, intake.store) for number, box in enumerate(boxes, 1)}


def _problem_of(mailbox: MailboxReader) -> Check:
    async def check() -> str | None:
        return mailbox.problem

    return check


def _or_say_what_is_wrong(run: Callable[[], int]) -> int:
    try:
        return run()
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(["INTAKE", *(str(part).upper() for part in problem["loc"])])
            sys.stderr.write(f"{name}: {problem['msg']}. Set it, or put a file of that name among the secrets.\n")
    except (KeyRingError, MigrationError) as error:
        sys.stderr.write(f"{error}\n")
    return 2
