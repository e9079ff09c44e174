"""Rows that a kept row needs: their personal columns are overwritten and the key stays, an empty shell."""

from pydantic import JsonValue

from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader, Row, as_arrays, given
from dsr_fulfilment.adapters.connectors.postgresql.sql import (
    Sql,
    compose,
    join,
    parameter,
    quote,
    quote_table,
    type_name,
)
from dsr_fulfilment.adapters.connectors.postgresql.values import as_text
from dsr_fulfilment.register.model import Table


class NotRedactedError(Exception):
    """A row could not be overwritten although no error was raised; everything is undone."""


def blanks(row: Row) -> dict[str, JsonValue]:
    """Give what stands over each personal column; `{key}` in it becomes the row's key, where values must differ."""
    rule = row.table.on_kept_child
    if rule is None or rule.action != "redact":
        return {}
    key = "-".join(str(value) for value in row.key.values())
    return {
        name: value.replace("{key}", key) if isinstance(value, str) else value for name, value in rule.columns.items()
    }


def is_shell(row: Row) -> bool:
    """Whether every personal column is overwritten already."""
    written = blanks(row)
    return bool(written) and all(_same(row, name, value) for name, value in written.items())


async def redact(reader: Reader, row: Row) -> None:
    """Overwrite the personal columns of one locked row."""
    written, table = blanks(row), row.table
    width = len(table.primary_key)
    statement = compose(
        "UPDATE {table} t SET {changes} FROM {keys} WHERE {same} RETURNING 1",
        table=quote_table(table.name),
        changes=join(", ", (_change(reader, table, name, width + 1 + place) for place, name in enumerate(written))),
        keys=given(width),
        same=reader.same(table, table.primary_key),
    )
    values = [as_text(value) for value in written.values()]
    changed = await reader.connection.fetch(statement, *as_arrays([row.pick(table.primary_key)]), *values)
    if len(changed) != 1:
        raise NotRedactedError(table.name)


def _change(reader: Reader, table: Table, name: str, number: int) -> Sql:
    return compose(
        "{name} = {value}::text::{type}",
        name=quote(name),
        value=parameter(number),
        type=type_name(reader.catalogue.type_of(table, name)),
    )


def _same(row: Row, name: str, value: JsonValue) -> bool:
    """A credential is read only as "is there", so it counts as overwritten when it is empty."""
    if row.table.columns[name].export == "named":
        return row.raw[name] is False if value is None else True
    return as_text(row.raw[name]) == as_text(value)
