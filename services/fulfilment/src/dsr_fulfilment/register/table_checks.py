"""Whether the tables of a database are declared so that they can be searched, copied and erased."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from dsr_fulfilment.register.problems import Finding, Path
from dsr_fulfilment.register.systems import PostgresqlSystem, Table
from dsr_fulfilment.register.tables import children_of, path_up

_CREDENTIAL: Final = re.compile(
    r"passw|salasana|losen|_hash$|^hash$|secret|token|salt$|otp|api_?key|private_?key", re.IGNORECASE
)
_PERSONAL_CODE: Final = re.compile(
    r"hetu|henkilotunnus|personbeteckning|personal_(identity_)?code|^ssn$", re.IGNORECASE
)


def check_tables(system: PostgresqlSystem, path: Path, known_elsewhere: frozenset[str]) -> Iterator[Finding]:
    names = [table.name for table in system.tables]
    for place, table in enumerate(system.tables):
        at: Path = (*path, "tables", place)
        if table.name in names[:place]:
            yield Finding(
                (*at, "name"), f"the table {table.name} stands twice", "Declare it once, with all its columns"
            )
        yield from _columns(table, at)
        yield from _export(table, at)
        yield from _keep_while(table, at)
        if not _leads_elsewhere(system, table, known_elsewhere):
            yield from _join(system, table, at)
            yield from _hold(system, table, at)
            yield from _on_kept_child(system, table, at)


def _leads_elsewhere(system: PostgresqlSystem, table: Table, known_elsewhere: frozenset[str]) -> bool:
    """Whether the way up ends in a table that did not fit and was reported already."""
    last = path_up(system, table)[-1].belongs_to
    return last is not None and last.table in known_elsewhere


def _columns(table: Table, at: Path) -> Iterator[Finding]:
    used: list[tuple[Path, str]] = [((*at, "primary_key", n), name) for n, name in enumerate(table.primary_key)]
    used += [((*at, "identifiers", n, "column"), one.column) for n, one in enumerate(table.identifiers)]
    used += [((*at, "person_name", n), name) for n, name in enumerate(table.person_name)]
    used += [((*at, "time_columns", n), name) for n, name in enumerate(table.time_columns)]
    used += [
        ((*at, "belongs_to", "columns", name), name) for name in (table.belongs_to.columns if table.belongs_to else ())
    ]
    used += [((*at, field), name) for field in ("on_file_email", "language_column") if (name := getattr(table, field))]
    used += [
        ((*at, "on_kept_child", "columns", name), name)
        for name in (table.on_kept_child.columns if table.on_kept_child else ())
    ]
    for n, rule in enumerate(table.keep_while):
        used.append(((*at, "keep_while", n, "column"), rule.column))
        used += [((*at, "keep_while", n, "until_column"), rule.until_column)] if rule.until_column else []
    for where, name in used:
        if name not in table.columns:
            yield Finding(where, f"the table {table.name} declares no column {name!r}", "Add it under `columns`")


def _export(table: Table, at: Path) -> Iterator[Finding]:
    needed = {*table.primary_key, *(table.belongs_to.columns if table.belongs_to else ()), *table.person_name}
    needed |= {name for name in (table.on_file_email, table.document_date) if name}
    needed |= {rule.column for rule in table.keep_while}
    for name, column in table.columns.items():
        where: Path = (*at, "columns", name, "export")
        if _CREDENTIAL.search(name) and column.export != "named":
            yield Finding(where, f"{table.name}.{name} looks like a credential", "Write `export: named`: never copied")
        elif _PERSONAL_CODE.search(name) and column.export == "yes":
            yield Finding(where, f"{table.name}.{name} looks like a personal identity code", "Write `export: masked`")
        elif name in needed and column.export != "yes":
            what = f"{table.name}.{name} is {column.export}, but keys, joins, names, dates and rules need its value"
            yield Finding(where, what, "Write `export: yes`, or use another column there")


def _join(system: PostgresqlSystem, table: Table, at: Path) -> Iterator[Finding]:
    by_name = {one.name: one for one in system.tables}
    path = path_up(system, table)
    if table.belongs_to is not None:
        where: Path = (*at, "belongs_to")
        parent = by_name.get(table.belongs_to.table)
        if parent is None:
            what = f"{table.name} belongs to {table.belongs_to.table!r}, which is not a table of {system.id}"
            yield Finding((*where, "table"), what, "Declare that table, or correct the name")
            return
        for own, theirs in table.belongs_to.columns.items():
            if theirs not in parent.columns:
                what = f"the table {parent.name} declares no column {theirs!r}"
                yield Finding((*where, "columns", own), what, f"Add it under `columns` of {parent.name}")
    last = path[-1].belongs_to
    if last is not None and last.table in {step.name for step in path}:
        what = f"{table.name} belongs to itself in a circle"
        yield Finding((*at, "belongs_to"), what, "Let the way up end in a table with identifiers")
    elif not any(step.identifiers for step in path) and (last is None or last.table in by_name):
        what = f"nobody can be found in {table.name}: neither it nor a table above it has identifiers"
        yield Finding((*at, "name"), what, "Add `identifiers`, or `belongs_to` a table that has some")


def _hold(system: PostgresqlSystem, table: Table, at: Path) -> Iterator[Finding]:
    if table.hold and not table.document_date:
        what = f"{table.name} has the hold {table.hold} but no date it counts from"
        yield Finding((*at, "hold"), what, "Add `document_date`: a column here, or parent_table.column")
    if table.document_date:
        owner, _, name = table.document_date.rpartition(".")
        steps = [step for step in path_up(system, table) if step.name == (owner or table.name)]
        if not any(name in step.columns for step in steps):
            what = f"{table.document_date!r} is no column of {table.name} or of a table above it"
            yield Finding((*at, "document_date"), what, "Write a declared column, or parent_table.column")


def _keep_while(table: Table, at: Path) -> Iterator[Finding]:
    for place, rule in enumerate(table.keep_while):
        if all(part is None for part in (rule.any_of, rule.none_of, rule.is_set, rule.at_least)):
            what = f"the condition {rule.id} says nothing"
            yield Finding((*at, "keep_while", place), what, "Give any_of, none_of, is_set or at_least")


def _on_kept_child(system: PostgresqlSystem, table: Table, at: Path) -> Iterator[Finding]:
    rule, where = table.on_kept_child, (*at, "on_kept_child")
    if rule is None:
        kept = next((child.name for child in _below(system, table) if child.hold or child.keep_while), None)
        if kept is not None:
            what = f"rows of {kept} can be kept and need their row of {table.name}, which does not say what then"
            yield Finding((*at, "name"), what, "Add `on_kept_child`: `action: redact` with columns, or `action: keep`")
        return
    if rule.action == "redact" and not rule.columns:
        yield Finding(
            where, f"{table.name} names no column to overwrite", "Add `columns`, each with what stands there then"
        )
    fixed = {*table.primary_key}
    for child in children_of(system, table):
        fixed.update(child.belongs_to.columns.values() if child.belongs_to else ())
    for name in sorted(fixed & set(rule.columns)):
        yield Finding((*where, "columns", name), f"{table.name}.{name} is a key that kept rows need", "Leave it out")
    personal = {name for name in (table.on_file_email, *table.person_name) if name}
    for name in sorted(personal - set(rule.columns)) if rule.action == "redact" else ():
        what = f"{table.name}.{name} names the person but would not be overwritten"
        yield Finding(where, what, f"Add `{name}:` under `columns`")


def _below(system: PostgresqlSystem, table: Table) -> Iterable[Table]:
    return (other for other in system.tables if table in path_up(system, other)[1:])
