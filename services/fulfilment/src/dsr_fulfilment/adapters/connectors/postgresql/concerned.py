"""Whose data a time span concerns, for the breach desk (GDPR Art. 33(3)(a), 34)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader, Row
from dsr_fulfilment.adapters.connectors.postgresql.search import label_of, text_or_none
from dsr_fulfilment.adapters.connectors.postgresql.sql import Sql, column, compose, join, quote, quote_table
from dsr_fulfilment.domain.canonical import canonical_json
from dsr_fulfilment.domain.items import ConcernedPerson
from dsr_fulfilment.register.model import Table
from dsr_fulfilment.register.tables import path_up, person_table
from dsr_shared.contracts.words import LANGUAGES

_WITHIN: Final[Mapping[str, str]] = {
    "date": "({it} BETWEEN ($1::timestamptz)::date AND ($2::timestamptz)::date)",
    "timestamp without time zone": "({it} >= ($1::timestamptz)::timestamp AND {it} < ($2::timestamptz)::timestamp)",
    "timestamp with time zone": "({it} >= $1::timestamptz AND {it} < $2::timestamptz)",
}
"""A day counts whole; a time without offset is one of Helsinki, which is what the session reads it as."""


async def concerned(reader: Reader, start: datetime, end: datetime) -> tuple[ConcernedPerson, ...]:
    """Give each person once. Where no table of theirs tells a time, nobody can be ruled out: all are concerned."""
    people: dict[str, ConcernedPerson] = {}
    for person in reader.system.tables:
        if not (person.on_file_email or person.person_name):
            continue
        timed = [
            table
            for table in reader.system.tables
            if table.time_columns and person_table(reader.system, table) == person
        ]
        for row in await _people(reader, person, timed, start, end):
            people.setdefault(canonical_json({"table": person.name, **row.key}).decode(), _person(row))
    return tuple(people.values())


async def _people(reader: Reader, person: Table, timed: list[Table], start: datetime, end: datetime) -> tuple[Row, ...]:
    conditions = [_reaches(reader, person, table) for table in timed]
    statement = compose(
        "SELECT {columns} FROM {table} t WHERE $1::timestamptz IS NOT NULL AND $2::timestamptz IS NOT NULL AND ({any})",
        columns=reader.columns(person),
        table=quote_table(person.name),
        any=join(" OR ", conditions) if conditions else Sql("true"),
    )
    found = await reader.connection.fetch(statement, start, end)
    return tuple(Row(reader.system.id, person, dict(row)) for row in found)


def _reaches(reader: Reader, person: Table, table: Table) -> Sql:
    """Whether a row of the table, within the time span, leads up to the person `t`."""
    path = path_up(reader.system, table)
    steps = path[: path.index(person)]
    names = [*("s" + str(place) for place in range(len(steps))), "t"]
    within = join(" OR ", (_within(reader, table, names[0], name) for name in table.time_columns))
    if not steps:
        return compose("({within})", within=within)
    sources = join(
        ", ",
        (
            compose("{table} {alias}", table=quote_table(s.name), alias=quote(n))
            for s, n in zip(steps, names, strict=False)
        ),
    )
    links = join(
        " AND ",
        (
            compose("{child} = {parent}", child=column(names[place], own), parent=column(names[place + 1], theirs))
            for place, step in enumerate(steps)
            for own, theirs in (step.belongs_to.columns.items() if step.belongs_to else ())
        ),
    )
    return compose(
        "EXISTS (SELECT FROM {sources} WHERE {links} AND ({within}))", sources=sources, links=links, within=within
    )


def _within(reader: Reader, table: Table, alias: str, name: str) -> Sql:
    template = _WITHIN.get(reader.catalogue.type_of(table, name), _WITHIN["timestamp with time zone"])
    return compose(template, it=column(alias, name))


def _person(row: Row) -> ConcernedPerson:
    language = text_or_none(row, row.table.language_column)
    return ConcernedPerson(
        system=row.system,
        key=canonical_json({"table": row.table.name, **row.key}).decode(),
        email=text_or_none(row, row.table.on_file_email),
        name=label_of(row) or None,
        language=language if language in LANGUAGES else None,
    )
