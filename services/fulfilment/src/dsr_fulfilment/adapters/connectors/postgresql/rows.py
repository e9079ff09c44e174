"""Reading rows of declared tables: by identifiers, by their parents, by their keys."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from dsr_fulfilment.adapters.connectors.postgresql.catalogue import Catalogue
from dsr_fulfilment.adapters.connectors.postgresql.sql import (
    Sql,
    column,
    compose,
    join,
    parameter,
    quote,
    quote_table,
    type_name,
)
from dsr_fulfilment.adapters.connectors.postgresql.values import as_json, as_text, normal, read_expression, read_values
from dsr_fulfilment.domain.items import Identifiers, ItemRef, fingerprint
from dsr_fulfilment.register.model import PostgresqlSystem, Table
from dsr_shared.postgres import Connection

Key = Mapping[str, JsonValue]
CLASHES = "kuukausi_clashes"


@dataclass(frozen=True)
class Row:
    """One row: its declared columns as JSON holds them, before masking."""

    system: str
    table: Table
    raw: Mapping[str, JsonValue] = field(repr=False, hash=False)
    is_clashing: bool = False

    @property
    def key(self) -> dict[str, JsonValue]:
        return {name: self.raw[name] for name in self.table.primary_key}

    @property
    def values(self) -> dict[str, JsonValue]:
        return read_values(self.table, self.raw)

    @property
    def ref(self) -> ItemRef:
        return ItemRef(self.system, self.table.name, self.key, fingerprint(self.values))

    def pick(self, columns: Iterable[str]) -> tuple[JsonValue, ...]:
        return tuple(self.raw[name] for name in columns)


@dataclass(frozen=True)
class Reader:
    """Reads inside a transaction that somebody else opened."""

    connection: Connection
    system: PostgresqlSystem
    catalogue: Catalogue

    def columns(self, table: Table) -> Sql:
        return join(", ", (read_expression(table, name, self.catalogue.type_of(table, name)) for name in table.columns))

    def key_expression(self, table: Table, alias: str, name: str) -> Sql:
        """Select a key's column as `Row` holds it."""
        return as_json(column(alias, name), self.catalogue.type_of(table, name))

    async def by_identifiers(self, table: Table, ids: Identifiers) -> tuple[Row, ...]:
        """Give rows under any of the identifiers; a row that contradicts another one of them is marked as clashing."""
        used = [identifier for identifier in table.identifiers if ids.values.get(identifier.name)]
        if not used:
            return ()
        hits, clashes = [], []
        for number, identifier in enumerate(used, start=1):
            stored = normal(identifier.normalise, column("t", identifier.column))
            asked = normal(identifier.normalise, parameter(number))
            hits.append(compose("({asked} <> '' AND {stored} = {asked})", asked=asked, stored=stored))
            clashes.append(
                compose("({asked} <> '' AND {stored} <> '' AND {stored} <> {asked})", asked=asked, stored=stored)
            )
        statement = compose(
            "SELECT {columns}, coalesce({clashes}, false) AS {mark} FROM {table} t WHERE {hits} ORDER BY {key}",
            columns=self.columns(table),
            clashes=join(" OR ", clashes),
            mark=quote(CLASHES),
            table=quote_table(table.name),
            hits=join(" OR ", hits),
            key=_key_columns(table),
        )
        found = await self.connection.fetch(statement, *(ids.values[identifier.name] for identifier in used))
        return tuple(Row(self.system.id, table, _declared(table, row), row[CLASHES]) for row in found)

    async def by_parents(self, table: Table, parents: Sequence[Row]) -> tuple[Row, ...]:
        """Give the rows that belong to the given parent rows."""
        if table.belongs_to is None or not parents:
            return ()
        own, theirs = list(table.belongs_to.columns), list(table.belongs_to.columns.values())
        wanted = dict.fromkeys(parent.pick(theirs) for parent in parents)
        return await self._by_columns(table, own, list(wanted))

    async def by_keys(self, table: Table, keys: Sequence[Key], *, lock: bool = False) -> tuple[Row, ...]:
        """Give the rows under these primary keys, locked in the order of their keys where asked."""
        wanted = [tuple(key[name] for name in table.primary_key) for key in keys]
        return await self._by_columns(table, table.primary_key, wanted, lock=lock)

    async def _by_columns(
        self, table: Table, names: Sequence[str], wanted: Sequence[tuple[JsonValue, ...]], *, lock: bool = False
    ) -> tuple[Row, ...]:
        if not wanted:
            return ()
        statement = compose(
            "SELECT {columns} FROM {table} t WHERE EXISTS (SELECT FROM {wanted} WHERE {same}) ORDER BY {key}{lock}",
            columns=self.columns(table),
            table=quote_table(table.name),
            wanted=given(len(names)),
            same=self.same(table, names),
            key=_key_columns(table),
            lock=Sql(" FOR UPDATE OF t") if lock else Sql(""),
        )
        found = await self.connection.fetch(statement, *as_arrays(wanted))
        return tuple(Row(self.system.id, table, _declared(table, row)) for row in found)

    def same(self, table: Table, names: Sequence[str]) -> Sql:
        """Compare columns of `t` with the given texts, cast to the columns' own types."""
        return join(
            " AND ",
            (
                compose(
                    "{own} = {given}::{type}",
                    own=column("t", name),
                    given=column("k", "k" + str(place)),
                    type=type_name(self.catalogue.type_of(table, name)),
                )
                for place, name in enumerate(names)
            ),
        )


def given(width: int) -> Sql:
    """A relation `k(k0, k1, …, n)` of text parameters, numbered from 1 in `n`."""
    arrays = join(", ", (compose("{p}::text[]", p=parameter(number)) for number in range(1, width + 1)))
    names = join(", ", (quote("k" + str(place)) for place in range(width)))
    return compose("unnest({arrays}) WITH ORDINALITY AS k ({names}, n)", arrays=arrays, names=names)


def as_arrays(wanted: Sequence[tuple[JsonValue, ...]]) -> list[list[str | None]]:
    return [[as_text(value) for value in values] for values in zip(*wanted, strict=True)]


def _key_columns(table: Table) -> Sql:
    return join(", ", (column("t", name) for name in table.primary_key))


def _declared(table: Table, row: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: row[name] for name in table.columns}
