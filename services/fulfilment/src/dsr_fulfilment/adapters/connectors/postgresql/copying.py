"""A copy of found items, as the person gets it."""

from collections.abc import Collection, Mapping

from pydantic import JsonValue

from dsr_fulfilment.domain.items import ExportedSystem, ExportedTable, FoundItems, Item
from dsr_fulfilment.ports import Identity
from dsr_fulfilment.register.model import PostgresqlSystem, Table


def export_system(
    system: PostgresqlSystem, found: FoundItems, *, reviewed: Collection[Identity], portable_only: bool
) -> ExportedSystem:
    """Order the items by declared table; credentials are left out and named instead."""
    shown = [item for item in found.items if not item.third_party or item.ref.identity in reviewed]
    tables = (
        _export_table(table, [item for item in shown if item.table == table.name], portable_only=portable_only)
        for table in system.tables
    )
    return ExportedSystem(system.id, system.label, tuple(table for table in tables if table.rows))


def _export_table(table: Table, items: list[Item], *, portable_only: bool) -> ExportedTable:
    wanted = [name for name in table.columns if table.provides(name) or not portable_only]
    columns = tuple(name for name in wanted if table.columns[name].export != "named")
    withheld = tuple(
        name
        for name in wanted
        if table.columns[name].export == "named" and any(item.values.get(name) for item in items)
    )
    rows = tuple(_copy(item.values, columns) for item in items) if columns else ()
    return ExportedTable(table.name, table.label, columns, rows, withheld)


def _copy(values: Mapping[str, JsonValue], columns: tuple[str, ...]) -> dict[str, JsonValue]:
    return {name: values[name] for name in columns}
