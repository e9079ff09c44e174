"""What every handler of fulfilment is given."""

from dataclasses import dataclass

from dsr_fulfilment.adapters.connector_set import ConnectorSet
from dsr_fulfilment.adapters.registers import Registers
from dsr_shared.blobs import BlobStore
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database


@dataclass(frozen=True)
class Tools:
    """The parts that handlers work with, wired once in `bootstrap`."""

    database: Database
    outbox: Outbox
    keys: CaseKeys
    ring: KeyRing
    blobs: BlobStore
    registers: Registers
    connectors: ConnectorSet
    intake_url: str
    """Where the public web is reached, without a slash at the end."""
