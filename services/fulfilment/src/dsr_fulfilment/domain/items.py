"""What connectors and the rules of a case speak about: identifiers, candidates, found items and what becomes of them.

Fields that may hold personal data are left out of `repr`, so that no log line or exception text can show them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic import JsonValue

from dsr_fulfilment.domain.canonical import canonical_json, sha256_hex
from dsr_shared.contracts.words import Language, Outcome

LocalText = Mapping[Language, str]
Action = Literal["erase", "keep"]


@dataclass(frozen=True)
class Identifiers:
    """What a person is searched by, for example {"email": ..., "customer_number": ...}; a connector uses only those
    that its register entry declares."""

    values: Mapping[str, str] = field(repr=False, hash=False)

    def only(self, declared: frozenset[str]) -> "Identifiers":
        return Identifiers({name: value for name, value in self.values.items() if name in declared})


@dataclass(frozen=True)
class Candidate:
    """Somebody in one system whom the identifiers may mean; the address on file serves only to send a challenge to.

    `key` is the canonical JSON of the row's `table` and primary key.
    """

    system: str
    key: str = field(repr=False)
    masked_label: str
    on_file_email: str | None = field(default=None, repr=False)

    @property
    def place(self) -> tuple[str, str]:
        """System and table: one person is one row there."""
        row = json.loads(self.key) if self.key.startswith("{") else {}
        return (self.system, str(row.get("table", "")))


@dataclass(frozen=True)
class ItemRef:
    """Points to one item and to the values it had; two refs with one `identity` are one item at two moments."""

    system: str
    table: str
    key: Mapping[str, JsonValue] = field(repr=False, hash=False)
    fingerprint: str

    @property
    def identity(self) -> tuple[str, str, str]:
        return (self.system, self.table, canonical_json(self.key).decode())


@dataclass(frozen=True)
class Item:
    """One row, message or folder about a person. `key` is its primary key, composite where the table's is; dates and
    amounts in `values` are written as text, as JSON has no types for them."""

    system: str
    table: str
    key: Mapping[str, JsonValue] = field(repr=False, hash=False)
    category: str
    document_date: date | None
    values: Mapping[str, JsonValue] = field(repr=False, hash=False)
    third_party: bool = False

    @property
    def ref(self) -> ItemRef:
        return ItemRef(self.system, self.table, self.key, fingerprint(self.values))


@dataclass(frozen=True)
class FoundItems:
    """What one system holds about the person."""

    outcome: Literal["found", "nothing_found"]
    items: tuple[Item, ...] = ()

    def __post_init__(self) -> None:
        if (self.outcome == "found") != bool(self.items):
            raise ValueError(f"outcome {self.outcome!r} with {len(self.items)} items; use found_items(items)")


def found_items(items: tuple[Item, ...]) -> FoundItems:
    return FoundItems("found" if items else "nothing_found", items)


@dataclass(frozen=True)
class PlannedItem:
    """What is to become of one item. `ground` is the id of the rule that keeps it, `needed_by` the table of a kept item
    that cannot be without this row. An erased row with `is_redacted` stays as an empty shell: its personal columns are
    overwritten. With `erase_from` it is erased wholly from that day on without anyone remembering."""

    ref: ItemRef
    action: Action
    category: str = ""
    ground: str | None = None
    kept_until: date | None = None
    erase_from: date | None = None
    document_date: date | None = None
    needed_by: str | None = None
    is_redacted: bool = False


@dataclass(frozen=True)
class ItemOutcome:
    """What became of one item; `detail` is a code and never holds personal data."""

    ref: ItemRef
    outcome: Outcome
    ground: str | None = None
    until: date | None = None
    detail: str | None = None


@dataclass(frozen=True)
class ExportedTable:
    """Rows of one table as the person gets them; `withheld` names columns that are held but never exported."""

    name: str
    label: LocalText = field(hash=False)
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, JsonValue], ...] = field(repr=False, hash=False)
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True)
class ExportedSystem:
    """A copy of everything that one system holds about the person; each table is written as JSON and as CSV."""

    system: str
    label: LocalText = field(hash=False)
    tables: tuple[ExportedTable, ...]


@dataclass(frozen=True)
class ConcernedPerson:
    """Somebody whose data one system held in a time span, as the breach desk needs to reach them."""

    system: str
    key: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    language: Language | None = None


def fingerprint(values: Mapping[str, JsonValue]) -> str:
    """Changes whenever a value changes. Few values can be guessed from it, so it is stored sealed like the values."""
    return sha256_hex(canonical_json(values))
