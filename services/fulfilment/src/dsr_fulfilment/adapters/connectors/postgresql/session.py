"""Connections to one database: where they may go, how they are set, and what their errors mean.

The texts of database errors can quote data, so none of them is passed on or chained.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Final, cast
from urllib.parse import parse_qs, urlsplit

import asyncpg

from dsr_fulfilment.adapters.connectors.postgresql.catalogue import Catalogue, read_catalogue
from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader
from dsr_fulfilment.ports import ConnectionRefused, SystemMisdeclared, SystemUnavailable
from dsr_fulfilment.register.model import PostgresqlSystem
from dsr_shared.postgres import Connection

_SETTINGS: Final = {
    "application_name": "kuukausi",
    "TimeZone": "Europe/Helsinki",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "iso_8601",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "search_path": "pg_catalog",
    "lock_timeout": "5000",
}
LOST: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
)
_BUSY: Final = (
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.InsufficientResourcesError,
)
_NOT_LET_IN: Final = (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError)


class Sessions:
    """One small pool to one database."""

    def __init__(self, system: PostgresqlSystem, address: str) -> None:
        self._system = system
        self._address = checked_address(system, address)
        self._pool: asyncpg.Pool | None = None
        self._catalogue: Catalogue | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Reader]:
        """One unchanging view of the data; nothing can be written."""
        with named_errors(self._system.id):
            async with self.connection() as connection, _one_view(connection):
                if self._catalogue is None:
                    self._catalogue = await read_catalogue(connection, self._system)
                yield Reader(connection, self._system, self._catalogue)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with (await self._opened()).acquire() as connection:
            yield connection

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _opened(self) -> asyncpg.Pool:
        if self._pool is None:
            timeout = self._system.statement_timeout_seconds
            self._pool = await asyncpg.create_pool(
                self._address,
                min_size=0,
                max_size=3,
                timeout=10,
                command_timeout=timeout + 5,
                reset=_nothing_to_reset,
                server_settings={**_SETTINGS, "statement_timeout": str(timeout * 1000)},
            )
        return self._pool


async def _nothing_to_reset(_: Connection) -> None:
    """Whatever is set or locked ends with its transaction, and everything here is done in one."""


def _one_view(connection: Connection) -> AbstractAsyncContextManager[object]:
    return cast(
        "AbstractAsyncContextManager[object]", connection.transaction(isolation="repeatable_read", readonly=True)
    )


def checked_address(system: PostgresqlSystem, address: str) -> str:
    """Refuse an address that leads anywhere but to a declared host (P38)."""
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ConnectionRefused(system.id, f"the secret {system.secret} must be an address postgresql://…")
    query = parse_qs(parts.query)
    hosts = [*query.get("host", []), *query.get("hostaddr", []), *([parts.hostname] if parts.hostname else [])]
    if not hosts or not all(host in system.hosts for host in hosts):
        raise ConnectionRefused(
            system.id, f"the secret {system.secret} leads to a host that the register does not declare under `hosts`"
        )
    return address


@contextmanager
def named_errors(system: str) -> Iterator[None]:
    """Say what an error means for us; its own text may quote data and goes nowhere."""
    try:
        yield
    except _NOT_LET_IN as error:
        raise ConnectionRefused(
            system, f"the database does not let us in ({error.sqlstate}); check the secret"
        ) from None
    except (*LOST, *_BUSY) as error:
        raise SystemUnavailable(system, f"no answer ({type(error).__name__}); it is asked again later") from None
    except asyncpg.PostgresError as error:
        raise SystemMisdeclared(system, f"the database refused a statement ({error.sqlstate})") from None
