"""Writing an opt-out into the rows of one address, and looking whether it stands there."""

from collections.abc import Mapping

from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader
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
from dsr_fulfilment.adapters.connectors.postgresql.values import as_text, normal
from dsr_fulfilment.domain.items import Identifiers
from dsr_fulfilment.domain.opt_out import WrittenOptOut
from dsr_fulfilment.register.model import OptOut, Table
from dsr_fulfilment.register.systems import NOW, Scalar

_FIRST_VALUE = 2
"""The identifier is the first parameter."""


async def write_opt_out(reader: Reader, rule: OptOut, ids: Identifiers) -> int:
    """Write one rule in the caller's transaction; rows that say so already stay as they are."""
    table = reader.system.table(rule.table)
    statement = compose(
        "UPDATE {table} t SET {changes} WHERE {hits} AND ({otherwise}) RETURNING 1",
        table=quote_table(table.name),
        changes=join(", ", (_change(reader, table, name, value, at) for at, name, value in _numbered(rule.set))),
        hits=_hits(table, rule),
        otherwise=_otherwise(reader, table, rule),
    )
    return len(await reader.connection.fetch(statement, *_parameters(rule, ids)))


async def read_opt_out(reader: Reader, rule: OptOut, ids: Identifiers) -> WrittenOptOut:
    """Count the rows of the address, and those that still say otherwise."""
    table = reader.system.table(rule.table)
    statement = compose(
        "SELECT count(*) AS rows, count(*) FILTER (WHERE {otherwise}) AS still FROM {table} t WHERE {hits}",
        otherwise=_otherwise(reader, table, rule),
        table=quote_table(table.name),
        hits=_hits(table, rule),
    )
    row = await reader.connection.fetchrow(statement, *_parameters(rule, ids))
    return WrittenOptOut(row["rows"], row["still"])


def _parameters(rule: OptOut, ids: Identifiers) -> list[str | None]:
    return [ids.values[rule.identifier], *(as_text(value) for _, _, value in _numbered(rule.set) if value != NOW)]


def _numbered(values: Mapping[str, Scalar | None]) -> list[tuple[int, str, Scalar | None]]:
    """Each column with the number of its parameter; the time needs none."""
    numbered, number = [], _FIRST_VALUE
    for name, value in values.items():
        numbered.append((number, name, value))
        number += value != NOW
    return numbered


def _hits(table: Table, rule: OptOut) -> Sql:
    identifier = next(one for one in table.identifiers if one.name == rule.identifier)
    return compose(
        "{asked} <> '' AND {stored} = {asked}",
        asked=normal(identifier.normalise, parameter(1)),
        stored=normal(identifier.normalise, column("t", identifier.column)),
    )


def _otherwise(reader: Reader, table: Table, rule: OptOut) -> Sql:
    return join(" OR ", (_differs(reader, table, name, value, at) for at, name, value in _numbered(rule.set)))


def _differs(reader: Reader, table: Table, name: str, value: Scalar | None, number: int) -> Sql:
    own = column("t", name)
    if value == NOW:
        return compose("{own} IS NULL", own=own)
    return compose("{own} IS DISTINCT FROM {value}", own=own, value=_typed(reader, table, name, parameter(number)))


def _change(reader: Reader, table: Table, name: str, value: Scalar | None, number: int) -> Sql:
    if value == NOW:
        now = compose("now()::{type}", type=type_name(reader.catalogue.type_of(table, name)))
        return compose("{name} = coalesce({own}, {now})", name=quote(name), own=column("t", name), now=now)
    return compose("{name} = {value}", name=quote(name), value=_typed(reader, table, name, parameter(number)))


def _typed(reader: Reader, table: Table, name: str, value: Sql) -> Sql:
    return compose("{value}::text::{type}", value=value, type=type_name(reader.catalogue.type_of(table, name)))
