"""The one place where fulfilment's parts are put together."""

from dataclasses import dataclass

from dsr_fulfilment.adapters.connector_set import ConnectorSet
from dsr_fulfilment.adapters.connectors.registry import SecretDirectory
from dsr_fulfilment.adapters.registers import Registers
from dsr_fulfilment.config import FulfilmentSettings
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
    )
