"""Statements over tables that only the register names.

Values always travel as parameters. Names can't, so they are quoted here, after the catalogue has confirmed that they
exist, and a statement is put together from parts of type `Sql` alone: plain text is refused.
"""

from collections.abc import Iterable
from string import Formatter
from typing import NewType

Sql = NewType("Sql", str)

_LONGEST_NAME = 63


class UnsafeName(ValueError):
    """A name that PostgreSQL can't have."""


def quote(name: str) -> Sql:
    """Quote one identifier; raises UnsafeName for what can't be one."""
    if not name or "\x00" in name or len(name.encode()) > _LONGEST_NAME:
        raise UnsafeName(f"{name!r} can't be the name of a table or column: use 1 to 63 bytes without NUL")
    return Sql('"' + name.replace('"', '""') + '"')


def split_table(name: str) -> tuple[str, str]:
    """Give schema and table; public where the register names no schema."""
    schema, _, table = name.rpartition(".")
    return schema or "public", table


def quote_table(name: str) -> Sql:
    schema, table = split_table(name)
    return Sql(quote(schema) + "." + quote(table))


def column(alias: str, name: str) -> Sql:
    return Sql(quote(alias) + "." + quote(name))


def compose(template: str, /, **parts: Sql) -> Sql:
    """Fill `{part}` in a constant template with parts from this module; a missing or spare one is an error."""
    wanted = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
    if wanted != set(parts):
        raise ValueError(f"the template wants {sorted(wanted)}, not {sorted(parts)}")
    return Sql(template.format_map(parts))


def join(separator: str, parts: Iterable[Sql]) -> Sql:
    return Sql(separator.join(parts))


def parameter(number: int) -> Sql:
    return Sql("$" + str(number))


def type_name(name: str) -> Sql:
    """Take over a type's name; only ever from `format_type`, which quotes it."""
    return Sql(name)
