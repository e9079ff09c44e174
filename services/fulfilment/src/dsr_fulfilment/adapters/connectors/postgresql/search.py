"""Finding everything that belongs to one person in one database."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast

from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader, Row
from dsr_fulfilment.adapters.connectors.postgresql.values import mask
from dsr_fulfilment.domain.canonical import canonical_json
from dsr_fulfilment.domain.items import Candidate, Identifiers, Item
from dsr_fulfilment.ports import IdentifiersConflict
from dsr_fulfilment.register.model import PostgresqlSystem, Table
from dsr_fulfilment.register.tables import generations_below, parents_first, path_up

Found = Mapping[str, Sequence[Row]]


async def candidates(reader: Reader, ids: Identifiers) -> tuple[Candidate, ...]:
    """Give everybody under any of the identifiers, also where another identifier contradicts."""
    found = [row for table in reader.system.tables for row in await reader.by_identifiers(table, ids)]
    return tuple(_candidate(row) for row in found if _tells_who(row.table))


def _tells_who(table: Table) -> bool:
    return bool(table.on_file_email or table.person_name) or table.belongs_to is None


async def rows_of_person(reader: Reader, ids: Identifiers) -> dict[str, tuple[Row, ...]]:
    """Give the person's rows by table, parents first.

    A row that contradicts one of the identifiers is somebody else's. Where no row fits all of them it is not clear whom
    they mean: IdentifiersConflict, never a guess.
    """
    found = {table.name: await _named(reader, table, ids) for table in parents_first(reader.system)}
    for tables in generations_below(reader.system):
        families = [(table, found.get(table.belongs_to.table, ())) for table in tables if table.belongs_to]
        joined = await reader.by_parents(families)
        for table in tables:
            rows = (*found[table.name], *(row for row in joined if row.table.name == table.name))
            found[table.name] = tuple({canonical_json(row.key): row for row in rows}.values())
    return found


async def _named(reader: Reader, table: Table, ids: Identifiers) -> tuple[Row, ...]:
    """Give the rows of one table that the identifiers mean by themselves."""
    named = await reader.by_identifiers(table, ids)
    fitting = tuple(row for row in named if not row.is_clashing)
    if named and not fitting:
        raise IdentifiersConflict(
            reader.system.id, f"the identifiers mean different people in {table.name}; let a person choose one"
        )
    return fitting


def items(system: PostgresqlSystem, found: Found) -> tuple[Item, ...]:
    """Turn rows into items, with the date that a hold counts from."""
    return tuple(
        Item(
            system=system.id,
            table=row.table.name,
            key=row.key,
            category=row.table.category,
            document_date=_document_date(system, found, row),
            values=row.values,
            third_party=row.table.third_party,
        )
        for rows in found.values()
        for row in rows
    )


def parent_of(found: Found, row: Row) -> Row | None:
    """Give the row that this one belongs to, if it is among the found ones."""
    link = row.table.belongs_to
    if link is None:
        return None
    wanted = row.pick(link.columns)
    return next((parent for parent in found.get(link.table, ()) if parent.pick(link.columns.values()) == wanted), None)


def label_of(row: Row) -> str:
    return " ".join(str(row.raw[name]) for name in row.table.person_name if row.raw[name])


def text_or_none(row: Row, name: str | None) -> str | None:
    value = row.raw[name] if name else None
    return str(value) if value else None


def _candidate(row: Row) -> Candidate:
    email = text_or_none(row, row.table.on_file_email)
    return Candidate(
        system=row.system,
        key=canonical_json({"table": row.table.name, **row.key}).decode(),
        masked_label=mask(label_of(row) or email or ""),
        on_file_email=email,
    )


def _document_date(system: PostgresqlSystem, found: Found, row: Row) -> date | None:
    if row.table.document_date is None:
        return None
    owner, name = date_column(system, row.table, row.table.document_date)
    current: Row | None = row
    while current is not None and current.table.name != owner.name:
        current = parent_of(found, current)
    return None if current is None else _as_date(cast("str | None", current.raw[name]))


def date_column(system: PostgresqlSystem, table: Table, spelled: str) -> tuple[Table, str]:
    """Resolve `column` or `parent_table.column`; KeyError where the way up has no such column."""
    owner_name, _, name = spelled.rpartition(".")
    for step in path_up(system, table):
        if step.name == (owner_name or table.name) and name in step.columns:
            return step, name
    raise KeyError(spelled)


def _as_date(text: str | None) -> date | None:
    """Read the day of a date or time; the session shows times as Helsinki sees them."""
    try:
        return None if text is None else date.fromisoformat(text[:10])
    except ValueError:
        return None
