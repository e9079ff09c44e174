"""Reading rows of declared tables: by identifiers, by their parents, by their keys.

Every value is read as text, a whole number or a truth value, so that a row is the same by itself and within JSON.
"""

import json
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
class Wanted:
    """Rows of a table whose named columns hold one of some combinations of values."""

    table: Table
    names: Sequence[str]
    values: Sequence[tuple[JsonValue, ...]] = field(repr=False)

    def arrays(self) -> list[list[str | None]]:
        return as_arrays(self.values) if self.values else [[] for _ in self.names]


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

    async def by_parents(self, families: Iterable[tuple[Table, Sequence[Row]]]) -> tuple[Row, ...]:
        """Give the rows that belong to the given parent rows, of several tables at once."""
        wanted = []
        for table, parents in families:
            if table.belongs_to is not None:
                own, theirs = list(table.belongs_to.columns), list(table.belongs_to.columns.values())
                wanted.append(Wanted(table, own, list(dict.fromkeys(parent.pick(theirs) for parent in parents))))
        return await self._by_columns(wanted)

    async def by_keys(self, keys: Iterable[tuple[Table, Sequence[Key]]]) -> tuple[Row, ...]:
        """Give the rows under these primary keys, of several tables at once."""
        return await self._by_columns([_under_keys(table, of_table) for table, of_table in keys])

    async def lock(self, table: Table, keys: Sequence[Key]) -> tuple[Row, ...]:
        """Give the rows under these primary keys, locked in the order of their keys."""
        if not keys:
            return ()
        wanted = _under_keys(table, keys)
        statement = compose("{rows} FOR UPDATE OF t", rows=self._select(wanted, first=1))
        found = await self.connection.fetch(statement, *wanted.arrays())
        return tuple(Row(self.system.id, table, _declared(table, row)) for row in found)

    async def _by_columns(self, wanted: Sequence[Wanted]) -> tuple[Row, ...]:
        """Ask for all of it in one statement, the same one whatever is wanted: it is prepared once."""
        if not any(one.values for one in wanted):
            return ()
        lists, arguments = [], list[list[str | None]]()
        for one in wanted:
            rows = self._select(one, first=len(arguments) + 1)
            lists.append(compose("(SELECT json_agg(r) FROM ({rows}) r)", rows=rows))
            arguments += one.arrays()
        found = await self.connection.fetchrow(compose("SELECT {lists}", lists=join(", ", lists)), *arguments)
        return tuple(
            Row(self.system.id, one.table, _declared(one.table, row))
            for one, rows in zip(wanted, found, strict=True)
            for row in json.loads(rows or "[]")
        )

    def _select(self, wanted: Wanted, *, first: int) -> Sql:
        """Select what is wanted of one table, in the order of its keys; the parameters count from `first`."""
        table, names = wanted.table, wanted.names
        return compose(
            "SELECT {columns} FROM {table} t WHERE EXISTS (SELECT FROM {wanted} WHERE {same}) ORDER BY {key}",
            columns=self.columns(table),
            table=quote_table(table.name),
            wanted=given(len(names), first=first),
            same=self.same(table, names),
            key=_key_columns(table),
        )

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


def given(width: int, *, first: int = 1) -> Sql:
    """A relation `k(k0, k1, …, n)` of text parameters from `first` on, its rows numbered from 1 in `n`."""
    arrays = join(", ", (compose("{p}::text[]", p=parameter(number)) for number in range(first, first + width)))
    names = join(", ", (quote("k" + str(place)) for place in range(width)))
    return compose("unnest({arrays}) WITH ORDINALITY AS k ({names}, n)", arrays=arrays, names=names)


def as_arrays(wanted: Sequence[tuple[JsonValue, ...]]) -> list[list[str | None]]:
    return [[as_text(value) for value in values] for values in zip(*wanted, strict=True)]


def _under_keys(table: Table, keys: Sequence[Key]) -> Wanted:
    return Wanted(table, table.primary_key, [tuple(key[name] for name in table.primary_key) for key in keys])


def _key_columns(table: Table) -> Sql:
    return join(", ", (column("t", name) for name in table.primary_key))


def _declared(table: Table, row: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: row[name] for name in table.columns}
