"""Intake as one process: the public web, the mailboxes, the reading of arrivals, and its place on the bus."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, ProcessCollector
from pydantic import ValidationError

from dsr_intake.adapters.mailboxes import MailboxSettings, load_mailboxes
from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake, build
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.arrivals import ArrivalWorker, NoiseCleaner, WaitingArrivals
from dsr_intake.entrypoints.file_sweeper import FileSweeper
from dsr_intake.entrypoints.mailbox import MailboxReader
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.health import Check
from dsr_shared.parts import Backbone, backbone_parts
from dsr_shared.settings import SettingsError
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
        "form files": FileSweeper(intake.files).run,
    }


def _mailboxes(intake: Intake) -> dict[str, MailboxReader]:
    path = intake.settings.mailboxes_path
    boxes = _load(path) if path else ()
    return {f"mailbox {number} {box.name}": MailboxReader(box, intake.store) for number, box in enumerate(boxes, 1)}


def _load(path: Path) -> tuple[MailboxSettings, ...]:
    """The mailboxes of the file; what is wrong with it is said without its values, for they hold passwords."""
    try:
        return load_mailboxes(path)
    except OSError as error:
        problem = (
            f"INTAKE_MAILBOXES_PATH: {path} cannot be read ({error.strerror}); write a JSON list there, [] for none"
        )
        raise SettingsError(problem) from None
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg']}" for problem in error.errors()]
        raise SettingsError(f"INTAKE_MAILBOXES_PATH: {path}: {'; '.join(wrong)}") from None


def _problem_of(mailbox: MailboxReader) -> Check:
    async def check() -> str | None:
        return mailbox.problem

    return check
