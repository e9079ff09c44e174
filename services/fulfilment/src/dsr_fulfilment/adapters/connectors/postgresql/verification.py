"""Proof by searching again: what is true of each planned item now, and what turned up that no plan knew."""

from collections.abc import Sequence

from dsr_fulfilment.adapters.connectors.postgresql.rows import Reader, Row
from dsr_fulfilment.adapters.connectors.postgresql.search import rows_of_person
from dsr_fulfilment.adapters.connectors.postgresql.shells import is_shell
from dsr_fulfilment.domain.items import Identifiers, ItemOutcome, PlannedItem


async def verify(reader: Reader, ids: Identifiers, planned: Sequence[PlannedItem]) -> tuple[ItemOutcome, ...]:
    keys = [(table, [one.ref.key for one in planned if one.ref.table == table.name]) for table in reader.system.tables]
    there = {row.ref.identity: row for row in await reader.by_keys(keys)}
    known = {one.ref.identity for one in planned}
    found = [row for rows in (await rows_of_person(reader, ids)).values() for row in rows]
    unplanned = [row for row in found if row.ref.identity not in known and not is_shell(row)]
    return (
        *(_now(one, there.get(one.ref.identity)) for one in planned),
        *(ItemOutcome(row.ref, "failed", detail="found_again") for row in unplanned),
    )


def _now(one: PlannedItem, row: Row | None) -> ItemOutcome:
    if one.action == "keep":
        if row is None:
            return ItemOutcome(one.ref, "failed", ground=one.ground, detail="kept_item_is_gone")
        return ItemOutcome(one.ref, "kept", ground=one.ground, until=one.kept_until)
    if row is None:
        return ItemOutcome(one.ref, "erased", ground=one.ground)
    if one.is_redacted and is_shell(row):
        return ItemOutcome(one.ref, "erased", ground=one.ground, detail="redacted")
    return ItemOutcome(one.ref, "failed", detail="still_there")
