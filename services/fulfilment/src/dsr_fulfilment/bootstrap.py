"""The one place where fulfilment's parts are put together."""

from dataclasses import dataclass

from dsr_fulfilment.adapters.connector_set import ConnectorSet
from dsr_fulfilment.adapters.connectors.registry import SecretDirectory
from dsr_fulfilment.adapters.registers import Registers
from dsr_fulfilment.adapters.work import JobKind
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.scheduler import Scheduler
from dsr_fulfilment.entrypoints.worker import JobHandler, Worker
from dsr_fulfilment.handlers.breaches import find_concerned
from dsr_fulfilment.handlers.conclude import conclude
from dsr_fulfilment.handlers.execute_plan import execute_plan
from dsr_fulfilment.handlers.gather import gather
from dsr_fulfilment.handlers.match import match
from dsr_fulfilment.handlers.plan_erasure import plan_erasure
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.blobs import DirectoryBlobStore
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.parts import Backbone
from dsr_shared.postgres import Database


@dataclass(frozen=True)
class Fulfilment:
    """Everything that the entrypoints use."""

    settings: FulfilmentSettings
    tools: Tools
    backbone: Backbone
    worker: Worker
    scheduler: Scheduler


def job_handlers() -> dict[JobKind, JobHandler]:
    """What does each kind of job."""
    return {
        "match": match,
        "gather": gather,
        "plan": plan_erasure,
        "execute": execute_plan,
        "conclude": conclude,
        "find_concerned": find_concerned,
    }


async def build(settings: FulfilmentSettings) -> Fulfilment:
    """Wire the parts. Files of settings, keys and registers must be there; servers may still be down."""
    database = await Database.connect(settings.database_url.get_secret_value())
    ring = KeyRing.load(settings.keyring_path)
    registers = Registers.read(settings.registers_directory)
    tools = Tools(
        database=database,
        outbox=Outbox("fulfilment"),
        keys=CaseKeys(ring, PublicKeys.load(settings.public_keys_path)),
        ring=ring,
        blobs=DirectoryBlobStore(settings.blob_directory),
        registers=registers,
        connectors=ConnectorSet(registers, SecretDirectory(settings.connector_secrets_directory)),
        intake_url=settings.intake_url.rstrip("/"),
    )
    return Fulfilment(
        settings=settings,
        tools=tools,
        backbone=Backbone("fulfilment", settings, database, tools.keys, tools.outbox),
        worker=Worker(tools, job_handlers()),
        scheduler=Scheduler(tools),
    )
