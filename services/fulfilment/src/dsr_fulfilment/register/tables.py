"""How the tables of a system hang together by their declared joins."""

from collections.abc import Iterable

from dsr_fulfilment.register.systems import PostgresqlSystem, Table


def path_up(system: PostgresqlSystem, table: Table) -> tuple[Table, ...]:
    """Give the table and its ancestors, nearest first; ends early at an unknown parent or a circle."""
    by_name = {known.name: known for known in system.tables}
    path = [table]
    while (join := path[-1].belongs_to) is not None:
        parent = by_name.get(join.table)
        if parent is None or parent in path:
            break
        path.append(parent)
    return tuple(path)


def parents_first(system: PostgresqlSystem) -> tuple[Table, ...]:
    """Order the tables so that each comes after its parent."""
    return tuple(sorted(system.tables, key=lambda table: len(path_up(system, table))))


def generations_below(system: PostgresqlSystem) -> tuple[tuple[Table, ...], ...]:
    """Give the tables that belong to another one: the children of the topmost, then their children, and so on."""
    by_depth: dict[int, list[Table]] = {}
    for table in parents_first(system):
        by_depth.setdefault(len(path_up(system, table)), []).append(table)
    by_depth.pop(1, None)
    return tuple(tuple(tables) for tables in by_depth.values())


def children_first(system: PostgresqlSystem) -> tuple[Table, ...]:
    """Order the tables so that each comes before its parent: the order in which rows are deleted."""
    return tuple(reversed(parents_first(system)))


def children_of(system: PostgresqlSystem, table: Table) -> Iterable[Table]:
    return (child for child in system.tables if child.belongs_to and child.belongs_to.table == table.name)


def person_table(system: PostgresqlSystem, table: Table) -> Table | None:
    """Give the nearest table on the way up that tells who the person is."""
    return next((step for step in path_up(system, table) if step.on_file_email or step.person_name), None)
