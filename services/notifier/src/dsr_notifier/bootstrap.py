"""The one place where the notifier's parts are put together."""

from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from uuid6 import uuid7

from dsr_notifier.adapters.smtp import SmtpMailSender
from dsr_notifier.adapters.writing import TemplateLetterWriter
from dsr_notifier.config import NotifierSettings, SmtpSettings
from dsr_notifier.handlers.dispatching import Dispatching, Lease
from dsr_notifier.handlers.mail_server import MailServerState
from dsr_notifier.handlers.receiving import Receiving
from dsr_notifier.handlers.settling import Settling
from dsr_notifier.ports import MailSender
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database


@dataclass(frozen=True)
class Notifier:
    """Everything that the entrypoints use."""

    settings: NotifierSettings
    database: Database
    keys: CaseKeys
    outbox: Outbox
    receiving: Receiving
    dispatching: Dispatching
    sender: MailSender
    server: MailServerState
    registry: CollectorRegistry


async def build(
    settings: NotifierSettings, registry: CollectorRegistry, *, sender: MailSender | None = None
) -> Notifier:
    """Wire the parts. Nothing needs to be up yet but the files of settings and keys."""
    database = await Database.connect(settings.database_url.get_secret_value())
    keys = CaseKeys(KeyRing.load(settings.keyring_path), PublicKeys.load(settings.public_keys_path))
    outbox = Outbox("notifier")
    server = MailServerState(registry)
    sender = sender or _smtp_sender(settings)
    dispatching = Dispatching(
        db=database,
        keys=keys,
        settling=Settling(outbox, server, uuid7),
        writer=TemplateLetterWriter(),
        sender=sender,
        server=server,
        lease=Lease(settings.send_timeout_seconds, settings.lease_seconds),
    )
    return Notifier(
        settings=settings,
        database=database,
        keys=keys,
        outbox=outbox,
        receiving=Receiving(keys, outbox, uuid7),
        dispatching=dispatching,
        sender=sender,
        server=server,
        registry=registry,
    )


def _smtp_sender(settings: NotifierSettings) -> SmtpMailSender:
    server = SmtpSettings.load(settings.smtp_path).server()
    return SmtpMailSender(server, timeout_seconds=settings.smtp_timeout_seconds)
