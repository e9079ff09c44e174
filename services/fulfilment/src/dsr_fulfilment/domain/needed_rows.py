"""Rows that a kept row cannot be without: an invoice that is held needs its customer's row.

By its own rule such a row is either redacted (its personal columns are overwritten, the key stays) or kept whole, on
the ground and until the end of what needs it. Either goes on upwards, since the row itself stays in its table.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from pydantic import JsonValue

from dsr_fulfilment.domain.canonical import canonical_json
from dsr_fulfilment.domain.conditions import RuleDoesNotFit
from dsr_fulfilment.domain.items import Item, PlannedItem
from dsr_fulfilment.domain.rules import PlanRules

Identity = tuple[str, str, str]
Planned = dict[Identity, PlannedItem]


def keep_needed_rows(items: Sequence[Item], alone: Sequence[PlannedItem], rules: PlanRules) -> list[PlannedItem]:
    """The plan of each item, given what becomes of each by itself. Needs only ever grow, so the repetition ends."""
    needs = sorted(_needs(items, rules))
    planned: Planned = {one.ref.identity: one for one in alone}
    before: Planned = {}
    while planned != before:
        before = dict(planned)
        for child, parent in needs:
            if _stays(planned[child]):
                planned[parent] = _needed(planned[parent], planned[child], rules)
    return list(planned.values())


def _needs(items: Sequence[Item], rules: PlanRules) -> Iterator[tuple[Identity, Identity]]:
    """Pairs of a row and the row it needs, among what was found."""
    tables: defaultdict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        tables[item.system, item.table].append(item)
    for child in items:
        if link := rules.of(child).parent:
            wanted = _values_of(child, tuple(link.columns))
            for parent in tables[child.system, link.table]:
                if wanted is not None and wanted == _values_of(parent, tuple(link.columns.values())):
                    yield child.ref.identity, parent.ref.identity


def _values_of(item: Item, columns: Sequence[str]) -> bytes | None:
    """The joined values; None where one is empty, since an empty reference points nowhere."""
    row: Mapping[str, JsonValue] = {**item.values, **item.key}
    missing = [column for column in columns if column not in row]
    if missing:
        raise RuleDoesNotFit(item.table, missing[0], "is not among the item's columns")
    values = [row[column] for column in columns]
    return None if None in values else canonical_json(values)


def _stays(planned: PlannedItem) -> bool:
    return planned.action == "keep" or planned.is_redacted


def _needed(parent: PlannedItem, child: PlannedItem, rules: PlanRules) -> PlannedItem:
    """Becomes what the row's own rule says; a row that stays already is only changed by a need that lasts longer."""
    redacts = rules.named(parent.ref.system, parent.ref.table).on_kept_child == "redact"
    keeps_by_itself = parent.action == "keep" and parent.needed_by is None
    if (keeps_by_itself and redacts) or (_stays(parent) and not _lasts_longer(child, parent)):
        return parent
    stays = replace(parent, ground=child.ground, erase_from=child.erase_from, needed_by=child.ref.table)
    if redacts:
        return replace(stays, is_redacted=True)
    return replace(stays, action="keep", kept_until=child.erase_from and child.erase_from - timedelta(days=1))


def _lasts_longer(child: PlannedItem, parent: PlannedItem) -> bool:
    """An unknown end is looked at again soon, so a known end is the longer one to plan by."""
    return (child.erase_from or date.min) > (parent.erase_from or date.min)
