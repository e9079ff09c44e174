"""How a row's values are read, masked and written as text, and how the two sides of an identifier are compared."""

from collections.abc import Mapping
from typing import Final

from pydantic import JsonValue

from dsr_fulfilment.adapters.connectors.postgresql.sql import Sql, column, compose, quote
from dsr_fulfilment.register.model import Normalisation, Table

_NATIVE: Final = frozenset({"smallint", "integer", "bigint", "boolean"})
"""Types that JSON has a word for; every other one is read as text."""

_DOT: Final = "•"

_NORMAL: Final[Mapping[Normalisation, str]] = {
    "exact": "btrim({value}::text)",
    "email": "lower(btrim({value}::text))",
    "upper": "upper(regexp_replace({value}::text, '\\s', '', 'g'))",
    "digits": "regexp_replace({value}::text, '[^0-9]', '', 'g')",
    "phone": "regexp_replace(regexp_replace(regexp_replace({value}::text, '[^0-9+]', '', 'g'),"
    " '^00', '+'), '^0', '+358')",
}
"""How both sides of a comparison are written; a Finnish number without its country code gets +358."""


def normal(how: Normalisation, value: Sql) -> Sql:
    return compose(_NORMAL[how], value=value)


def read_expression(table: Table, name: str, type_name: str) -> Sql:
    """Select a column as JSON can hold it. Of a credential nothing is read but whether it is there."""
    source = column("t", name)
    if table.columns[name].export == "named":
        return compose("({source} IS NOT NULL) AS {name}", source=source, name=quote(name))
    return compose("{source} AS {name}", source=as_json(source, type_name), name=quote(name))


def as_json(source: Sql, type_name: str) -> Sql:
    return source if type_name in _NATIVE else compose("{source}::text", source=source)


def read_values(table: Table, row: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give the declared columns of a row; masked ones are masked before anything else sees them."""
    return {name: _masked_if(column_.export == "masked", row[name]) for name, column_ in table.columns.items()}


def as_text(value: JsonValue) -> str | None:
    """Write a key's value as PostgreSQL reads it in any type."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def mask(text: str) -> str:
    """Show the first letter of each word and dots for the rest; an address keeps the ending of its domain."""
    local, at, domain = text.rpartition("@")
    if at:
        host, _, ending = domain.rpartition(".")
        return f"{_mask_word(local)}@{_mask_word(host)}.{ending}"
    return " ".join(_mask_word(word) for word in text.split())


def _mask_word(word: str) -> str:
    return word[:1] + _DOT * 5 if word else ""


def _masked_if(is_masked: bool, value: JsonValue) -> JsonValue:
    return mask(str(value)) if is_masked and value is not None else value
