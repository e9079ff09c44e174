"""Reach the data of a running stack's services, as each service itself would: by its application role and key ring."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg

from dsr_shared.contracts.words import SERVICES, Service
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.keys import CaseKeys
from dsr_shared.postgres import Database
from kuukausi.errors import StackError
from kuukausi.stack.layout import Layout
from kuukausi.stack.running import running


@dataclass(frozen=True)
class ServiceData:
    """One service's database and keys."""

    service: Service
    database: Database
    ring: KeyRing
    keys: CaseKeys


@asynccontextmanager
async def service_data(layout: Layout, service: Service) -> AsyncIterator[ServiceData]:
    """Open the data of one service; raises NotRunning when the stack is down."""
    running(layout)
    ring = KeyRing.load(layout.keys / f"{service}.keyring.json")
    keys = CaseKeys(ring, PublicKeys.load(layout.keys / "public-keys.json"))
    database = await Database.connect((layout.secrets_of(service) / "database_url").read_text(), max_size=2)
    try:
        yield ServiceData(service, database, ring, keys)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise StackError(
            f"the database of {service} did not take this: {type(error).__name__}",
            where=f"stack `{layout.name}`",
            remedy=f"see `kuukausi status --name {layout.name}` and {layout.log_of('postgres')}, then try again",
        ) from error
    finally:
        await database.close()


def services_of(layout: Layout) -> tuple[Service, ...]:
    """The services that this stack was started with."""
    pids = running(layout).pids
    return tuple(service for service in SERVICES if service in pids)
