"""What the register says about keeping the rows of one table, as the plan needs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from dsr_fulfilment.domain.conditions import KeepWhile
from dsr_fulfilment.domain.holds import ClaimHold, FinancialYearEnd, HoldClass
from dsr_fulfilment.domain.items import Item


class NoRuleForTable(Exception):
    """Something was found in a table that the register does not declare; no plan is made."""

    def __init__(self, system: str, table: str) -> None:
        super().__init__(f"{system}.{table}: found, but not declared; add the table to the register")
        self.system = system
        self.table = table


@dataclass(frozen=True)
class ParentLink:
    """How a row needs a row of another table of its system: column here -> column of the parent."""

    table: str
    columns: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class TableRule:
    """The rules of one table. `on_kept_child` says what becomes of a row that a kept row needs; without it the row is
    kept whole, since half an erasure would break the system."""

    system: str
    table: str
    hold: str | None = None
    keep_while: tuple[KeepWhile, ...] = ()
    parent: ParentLink | None = None
    on_kept_child: Literal["redact", "keep"] = "keep"


@dataclass(frozen=True)
class PlanRules:
    """Everything besides the items that a plan depends on; `on` is the Helsinki day it is made."""

    on: date
    year_end: FinancialYearEnd
    tables: Sequence[TableRule]
    holds: Sequence[HoldClass]
    claims: Sequence[ClaimHold] = ()

    def of(self, item: Item) -> TableRule:
        return self.named(item.system, item.table)

    def named(self, system: str, table: str) -> TableRule:
        for rule in self.tables:
            if (rule.system, rule.table) == (system, table):
                return rule
        raise NoRuleForTable(system, table)

    def depth(self, system: str, table: str) -> int:
        """How many rows above must be there for a row of this table: what is deepest goes first."""
        link, seen = self.named(system, table).parent, {table}
        while link is not None and link.table not in seen:
            seen.add(link.table)
            link = self.named(system, link.table).parent
        return len(seen) - 1
