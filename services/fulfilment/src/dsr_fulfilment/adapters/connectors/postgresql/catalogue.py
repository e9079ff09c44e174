"""What the database says of its own tables, compared with what the register says of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dsr_fulfilment.adapters.connectors.postgresql.sql import split_table
from dsr_fulfilment.ports import SystemMisdeclared
from dsr_fulfilment.register.model import PostgresqlSystem, Table
from dsr_shared.postgres import Connection, load_queries

TableName = tuple[str, str]


@dataclass(frozen=True)
class Reference:
    """A foreign key that points to a declared table."""

    name: str
    child: TableName
    parent: TableName
    child_columns: tuple[str, ...]
    parent_columns: tuple[str, ...]
    on_delete: str
    is_readable: bool


@dataclass(frozen=True)
class Catalogue:
    """The declared tables as the database knows them."""

    types: Mapping[TableName, Mapping[str, str]]
    required: frozenset[tuple[str, str, str]] = frozenset()
    references: tuple[Reference, ...] = field(default=())

    def type_of(self, table: Table, column: str) -> str:
        """Name the type that a text for this column is cast to."""
        return self.types[split_table(table.name)][column]

    def references_to(self, table: Table) -> tuple[Reference, ...]:
        return tuple(found for found in self.references if found.parent == split_table(table.name))


async def read_catalogue(connection: Connection, system: PostgresqlSystem) -> Catalogue:
    """Read and compare; raises SystemMisdeclared with everything that does not fit."""
    names = [split_table(table.name) for table in system.tables]
    statement = load_queries("dsr_fulfilment", "catalogue.sql")["declared_tables"]
    said = await connection.fetchrow(statement, [schema for schema, _ in names], [table for _, table in names])
    types: dict[TableName, dict[str, str]] = {}
    required: set[tuple[str, str, str]] = set()
    for row in json.loads(said["columns"]):
        name = (row["schema_name"], row["table_name"])
        types.setdefault(name, {})[row["column_name"]] = row["type_name"]
        if row["is_required"]:
            required.add((*name, row["column_name"]))
    unique = [
        ((row["schema_name"], row["table_name"]), frozenset(row["columns"])) for row in json.loads(said["unique_keys"])
    ]
    catalogue = Catalogue(types, frozenset(required), _references(json.loads(said["foreign_keys"])))
    problems = [problem for table in system.tables for problem in _problems(table, catalogue, unique)]
    if problems:
        raise SystemMisdeclared(system.id, "the register does not fit the database: " + "; ".join(problems))
    return catalogue


def _references(rows: Iterable[Mapping[str, object]]) -> tuple[Reference, ...]:
    return tuple(
        Reference(
            name=str(row["name"]),
            child=(str(row["child_schema"]), str(row["child_table"])),
            parent=(str(row["parent_schema"]), str(row["parent_table"])),
            child_columns=_names(row["child_columns"]),
            parent_columns=_names(row["parent_columns"]),
            on_delete=str(row["on_delete"]),
            is_readable=bool(row["is_readable"]),
        )
        for row in rows
    )


def _names(value: object) -> tuple[str, ...]:
    assert isinstance(value, list)
    return tuple(str(name) for name in value)


def _problems(table: Table, catalogue: Catalogue, unique: Sequence[tuple[TableName, frozenset[str]]]) -> Iterable[str]:
    name = split_table(table.name)
    known = catalogue.types.get(name)
    if known is None:
        yield f"table {table.name} is not there (or the role may not see it)"
        return
    missing = sorted(set(table.columns) - set(known))
    if missing:
        yield f"table {table.name} has no column {', '.join(missing)}"
    if (name, frozenset(table.primary_key)) not in unique:
        yield f"table {table.name} has no unique key of {', '.join(table.primary_key)}"
