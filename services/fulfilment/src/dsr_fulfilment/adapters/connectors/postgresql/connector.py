"""The connector to one PostgreSQL database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from dsr_fulfilment.adapters.connectors.postgresql.catalogue import read_catalogue
from dsr_fulfilment.adapters.connectors.postgresql.concerned import concerned
from dsr_fulfilment.adapters.connectors.postgresql.copying import export_system
from dsr_fulfilment.adapters.connectors.postgresql.erasure import Erasure, NotDeletedError, failed
from dsr_fulfilment.adapters.connectors.postgresql.opting_out import read_opt_out, write_opt_out
from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader
from dsr_fulfilment.adapters.connectors.postgresql.search import candidates, items, rows_of_person
from dsr_fulfilment.adapters.connectors.postgresql.session import LOST, Sessions, named_errors
from dsr_fulfilment.adapters.connectors.postgresql.shells import NotRedactedError
from dsr_fulfilment.adapters.connectors.postgresql.verification import verify
from dsr_fulfilment.domain.items import (
    Candidate,
    ConcernedPerson,
    ExportedSystem,
    FoundItems,
    Identifiers,
    ItemOutcome,
    PlannedItem,
    found_items,
)
from dsr_fulfilment.domain.opt_out import WrittenOptOut
from dsr_fulfilment.ports import Identity, OutcomeUnknown
from dsr_fulfilment.register.model import PostgresqlSystem
from dsr_shared.contracts.words import Right
from dsr_shared.postgres import Connection


class _Undo(Exception):
    """Leaves the transaction without keeping anything; the outcomes say why."""

    def __init__(self, outcomes: tuple[ItemOutcome, ...]) -> None:
        super().__init__("undone")
        self.outcomes = outcomes


class PostgresqlConnector:
    """Implements `ports.Connector` for one system of a register; `address` is the secret's postgresql:// address."""

    def __init__(self, system: PostgresqlSystem, address: str) -> None:
        self.system = system.id
        self._declared = system
        self._sessions = Sessions(system, address)

    async def match(self, ids: Identifiers) -> tuple[Candidate, ...]:
        async with self._sessions.reading() as reader:
            return await candidates(reader, ids)

    async def find(self, ids: Identifiers) -> FoundItems:
        async with self._sessions.reading() as reader:
            return found_items(items(self._declared, await rows_of_person(reader, ids)))

    async def export(
        self, found: FoundItems, *, reviewed: Collection[Identity] = (), portable_only: bool = False
    ) -> ExportedSystem:
        return export_system(self._declared, found, reviewed=reviewed, portable_only=portable_only)

    async def concerned(self, start: datetime, end: datetime) -> tuple[ConcernedPerson, ...]:
        async with self._sessions.reading() as reader:
            return await concerned(reader, start, end)

    async def erase(
        self,
        planned: Sequence[PlannedItem],
        idempotency_key: UUID,  # noqa: ARG002 - what was intended is recorded by the caller, in our own database
        *,
        intent_recorded: bool = False,
    ) -> tuple[ItemOutcome, ...]:
        with named_errors(self.system):
            try:
                return await self._erase(planned, intent_recorded=intent_recorded)
            except asyncpg.IntegrityConstraintViolationError as error:
                return failed(planned, f"refused_by_database:{error.sqlstate}:{error.schema_name}.{error.table_name}")
            except (NotDeletedError, NotRedactedError):
                return failed(planned, "not_deleted")

    async def _erase(self, planned: Sequence[PlannedItem], *, intent_recorded: bool) -> tuple[ItemOutcome, ...]:
        is_committing = False
        async with self._sessions.connection() as connection:
            try:
                async with connection.transaction(isolation="read_committed"):
                    outcomes = await self._carry_out(connection, planned, intent_recorded=intent_recorded)
                    is_committing = True
            except _Undo as undone:
                return undone.outcomes
            except LOST:
                if is_committing:
                    raise OutcomeUnknown(self.system, "the connection broke during the commit") from None
                raise
        return outcomes

    async def _carry_out(
        self, connection: Connection, planned: Sequence[PlannedItem], *, intent_recorded: bool
    ) -> tuple[ItemOutcome, ...]:
        catalogue = await read_catalogue(connection, self._declared)
        erasure = Erasure(Reader(connection, self._declared, catalogue), planned, intent_recorded)
        is_done, outcomes = await erasure.run()
        if not is_done:
            raise _Undo(outcomes)
        return outcomes

    async def verify(self, ids: Identifiers, planned: Sequence[PlannedItem]) -> tuple[ItemOutcome, ...]:
        async with self._sessions.reading() as reader:
            return await verify(reader, ids, planned)

    async def opt_out(self, ids: Identifiers, rights: Collection[Right]) -> WrittenOptOut | None:
        rules = [rule for rule in self._declared.opt_out or () if set(rule.rights) & set(rights)]
        if self._declared.opt_out is None or not all(ids.values.get(rule.identifier) for rule in rules):
            return None
        with named_errors(self.system):
            async with self._sessions.connection() as connection, connection.transaction(isolation="read_committed"):
                catalogue = await read_catalogue(connection, self._declared)
                for rule in rules:
                    await write_opt_out(Reader(connection, self._declared, catalogue), rule, ids)
        async with self._sessions.reading() as reader:
            seen = [await read_opt_out(reader, rule, ids) for rule in rules]
        return WrittenOptOut(sum(one.rows for one in seen), sum(one.left for one in seen))

    async def close(self) -> None:
        await self._sessions.close()
