"""Carrying out a plan in one database, inside one transaction that somebody else opened.

Order: lock the planned rows, compare them with the plan, refuse rows that came since, refuse what a foreign key would
stop or cascade, then overwrite and delete, children first. Whatever stands against it is reported before anything is
deleted; whatever happens later undoes all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from dsr_fulfilment.adapters.connectors.postgresql.catalogue import Reference
from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader, Row, as_arrays, given
from dsr_fulfilment.adapters.connectors.postgresql.shells import is_shell, redact
from dsr_fulfilment.adapters.connectors.postgresql.sql import (
    Sql,
    column,
    compose,
    join,
    quote,
    quote_table,
    split_table,
)
from dsr_fulfilment.domain.items import ItemOutcome, PlannedItem
from dsr_fulfilment.ports import Identity, PlanOutdated
from dsr_fulfilment.register.model import Table
from dsr_fulfilment.register.tables import children_first, children_of

_HARMLESS = frozenset({"n", "d"})
"""ON DELETE SET NULL and SET DEFAULT: an undeclared row survives and loses its pointer."""


class NotDeletedError(Exception):
    """A row stayed although its deletion raised no error (a trigger or a policy keeps it); everything is undone."""


@dataclass
class Erasure:
    """One attempt to carry out the plan of one system."""

    reader: Reader
    planned: Sequence[PlannedItem]
    intent_recorded: bool
    rows: dict[Identity, Row] = field(default_factory=dict, repr=False)

    async def run(self) -> tuple[bool, tuple[ItemOutcome, ...]]:
        """Give whether everything was carried out, and the outcome of each item. Raises PlanOutdated."""
        await self._lock()
        if self._is_done_already():
            return True, self._outcomes({})
        self._compare()
        await self._refuse_new_rows()
        blocked = await self._blocked()
        if blocked:
            return False, self._outcomes(blocked)
        await self._carry_out()
        return True, self._outcomes({})

    async def _lock(self) -> None:
        """Parents first and by key, so that two erasures never block each other; a new child waits for its parent."""
        known = {table.name for table in self.reader.system.tables}
        if any(one.ref.table not in known for one in self.planned):
            raise self._outdated("the register no longer declares a table of the plan")
        for table in reversed(children_first(self.reader.system)):
            keys = [one.ref.key for one in self.planned if one.ref.table == table.name]
            for row in await self.reader.lock(table, keys):
                self.rows[row.ref.identity] = row

    def _is_done_already(self) -> bool:
        """After a crash: everything that was to go is gone, and the intent to erase it was recorded."""
        to_erase = [one for one in self.planned if one.action == "erase"]
        return self.intent_recorded and bool(to_erase) and all(self._is_gone(one) for one in to_erase)

    def _is_gone(self, one: PlannedItem) -> bool:
        row = self.rows.get(one.ref.identity)
        return row is None or (one.is_redacted and is_shell(row))

    def _compare(self) -> None:
        for one in self.planned:
            row = self.rows.get(one.ref.identity)
            if row is None:
                raise self._outdated(f"a row of {one.ref.table} is gone")
            if one.ref.fingerprint not in ("", row.ref.fingerprint) and not (one.action == "erase" and is_shell(row)):
                raise self._outdated(f"a row of {one.ref.table} changed")

    async def _refuse_new_rows(self) -> None:
        """A row that belongs to one that goes, but is not in the plan, was never shown to anybody."""
        system = self.reader.system
        families = [
            (child, self._rows(table, "erase")) for table in system.tables for child in children_of(system, table)
        ]
        for row in await self.reader.by_parents(families):
            if row.ref.identity not in self.rows:
                raise self._outdated(f"a row of {row.table.name} is not in the plan")

    async def _blocked(self) -> dict[Identity, str]:
        """Name, for each row that can't be deleted, the table that stands against it."""
        blocked: dict[Identity, str] = {}
        deleted = {row.ref.identity for table in self.reader.system.tables for row in self._to_delete(table)}
        for table in self.reader.system.tables:
            for reference in self.reader.catalogue.references_to(table):
                for row in await self._held_by(table, reference, deleted):
                    blocked.setdefault(row.ref.identity, _reason(reference))
        return blocked

    async def _held_by(self, table: Table, reference: Reference, deleted: set[Identity]) -> list[Row]:
        rows = self._to_delete(table)
        child = next((t for t in self.reader.system.tables if split_table(t.name) == reference.child), None)
        if not rows or (child is None and reference.on_delete in _HARMLESS):
            return []
        if not reference.is_readable:
            # The database itself stops a deletion that such a table forbids, but would cascade to it in silence.
            return rows if reference.on_delete == "c" else []
        held = []
        for found in await self.reader.connection.fetch(
            _referencing(self.reader, table, reference, child),
            *as_arrays([row.pick(table.primary_key) for row in rows]),
        ):
            keys = {name: found["c_" + name] for name in child.primary_key} if child else {}
            if child is None or _identity(self.reader, child, keys) not in deleted:
                held.append(rows[found["n"] - 1])
        return held

    async def _carry_out(self) -> None:
        await self.reader.connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        redacted = {one.ref.identity for one in self.planned if one.is_redacted}
        for table in children_first(self.reader.system):
            for row in self._rows(table, "erase"):
                if row.ref.identity in redacted:
                    await redact(self.reader, row)
            await self._delete(table, self._to_delete(table))

    async def _delete(self, table: Table, rows: Sequence[Row]) -> None:
        if not rows:
            return
        statement = compose(
            "DELETE FROM {table} t USING {keys} WHERE {same} RETURNING 1",
            table=quote_table(table.name),
            keys=given(len(table.primary_key)),
            same=self.reader.same(table, table.primary_key),
        )
        gone = await self.reader.connection.fetch(statement, *as_arrays([row.pick(table.primary_key) for row in rows]))
        if len(gone) != len(rows):
            raise NotDeletedError(table.name)

    def _rows(self, table: Table, action: str) -> list[Row]:
        return [
            self.rows[one.ref.identity]
            for one in self.planned
            if one.action == action and one.ref.table == table.name and one.ref.identity in self.rows
        ]

    def _to_delete(self, table: Table) -> list[Row]:
        redacted = {one.ref.identity for one in self.planned if one.is_redacted}
        return [row for row in self._rows(table, "erase") if row.ref.identity not in redacted]

    def _outcomes(self, blocked: Mapping[Identity, str]) -> tuple[ItemOutcome, ...]:
        return tuple(_outcome(one, blocked) for one in self.planned)

    def _outdated(self, what: str) -> PlanOutdated:
        return PlanOutdated(self.reader.system.id, f"{what}; nothing was erased, make a new plan")


def failed(planned: Iterable[PlannedItem], detail: str) -> tuple[ItemOutcome, ...]:
    """Every item that was to be erased is still there, for one reason."""
    return tuple(
        _kept(one) if one.action == "keep" else ItemOutcome(one.ref, "failed", detail=detail) for one in planned
    )


def _outcome(one: PlannedItem, blocked: Mapping[Identity, str]) -> ItemOutcome:
    if one.action == "keep":
        return _kept(one)
    if blocked:
        return ItemOutcome(one.ref, "failed", detail=blocked.get(one.ref.identity, "not_attempted"))
    return ItemOutcome(one.ref, "erased", ground=one.ground, detail="redacted" if one.is_redacted else None)


def _kept(one: PlannedItem) -> ItemOutcome:
    return ItemOutcome(one.ref, "kept", ground=one.ground, until=one.kept_until)


def _reason(reference: Reference) -> str:
    verb = "would_cascade_to" if reference.on_delete == "c" else "referenced_by"
    return f"{verb}:{'.'.join(reference.child)}"


def _referencing(reader: Reader, table: Table, reference: Reference, child: Table | None) -> Sql:
    """Rows of the child that point to the given rows `t`, with the number of the row they point to."""
    pointing = join(
        " AND ",
        (
            compose("{own} = {theirs}", own=column("c", own), theirs=column("t", theirs))
            for own, theirs in zip(reference.child_columns, reference.parent_columns, strict=True)
        ),
    )
    names = child.primary_key if child else ()
    return compose(
        "SELECT k.n{keys} FROM {given} JOIN {table} t ON {same} JOIN {child} c ON {pointing}",
        keys=join("", (_child_key(reader, child, name) for name in names) if child else ()),
        given=given(len(table.primary_key)),
        table=quote_table(table.name),
        same=reader.same(table, table.primary_key),
        child=quote_table(".".join(reference.child)),
        pointing=pointing,
    )


def _child_key(reader: Reader, child: Table, name: str) -> Sql:
    return compose(", {read} AS {alias}", read=reader.key_expression(child, "c", name), alias=quote("c_" + name))


def _identity(reader: Reader, table: Table, key: Mapping[str, JsonValue]) -> Identity:
    return Row(reader.system.id, table, {name: key.get(name) for name in table.columns}).ref.identity
