"""What the register says about keeping, as the plan and the letters need it. The only place where the two meet."""

from collections.abc import Sequence
from datetime import date

from dsr_fulfilment.domain.conditions import Condition
from dsr_fulfilment.domain.conditions import KeepWhile as KeepRule
from dsr_fulfilment.domain.holds import ClaimHold, FinancialYearEnd, HoldClass
from dsr_fulfilment.domain.rules import ParentLink, PlanRules, TableRule
from dsr_fulfilment.register.base import Text
from dsr_fulfilment.register.model import HoldRule, KeepWhile, PostgresqlSystem, Register, Table


def plan_rules(register: Register, on: date, claims: Sequence[ClaimHold] = ()) -> PlanRules:
    """Give the rules as they are on a Helsinki day."""
    return PlanRules(
        on=on,
        year_end=FinancialYearEnd.parse(register.financial_year_end),
        tables=tuple(
            _table_rule(system, table)
            for system in register.systems
            if isinstance(system, PostgresqlSystem)
            for table in system.tables
        ),
        holds=tuple(_hold_class(rule) for rule in register.holds),
        claims=tuple(claims),
    )


def ground_text(register: Register, system_id: str, table_name: str, ground: str) -> Text | None:
    """Say why an item is kept, as the person reads it; None for a ground that the register does not name."""
    for rule in register.holds:
        if rule.id == ground:
            return rule.ground
    system = register.system(system_id)
    if not isinstance(system, PostgresqlSystem):
        return None
    # A parent is kept on the ground of the row that needs it, so the ground may stand at another table.
    tables = sorted(system.tables, key=lambda table: table.name != table_name)
    return next((rule.ground for table in tables for rule in table.keep_while if rule.id == ground), None)


def label_text(register: Register, system_id: str, table_name: str) -> Text:
    """Say what an item is, as the person reads it."""
    system = register.system(system_id)
    return system.table(table_name).label if isinstance(system, PostgresqlSystem) else system.label


def _table_rule(system: PostgresqlSystem, table: Table) -> TableRule:
    return TableRule(
        system=system.id,
        table=table.name,
        hold=table.hold,
        keep_while=tuple(_keep_rule(rule) for rule in table.keep_while),
        parent=ParentLink(table.belongs_to.table, table.belongs_to.columns) if table.belongs_to else None,
        on_kept_child=table.on_kept_child.action if table.on_kept_child else "keep",
    )


def _keep_rule(rule: KeepWhile) -> KeepRule:
    condition = Condition(rule.column, rule.any_of, rule.none_of, rule.is_set, rule.at_least)
    return KeepRule(rule.id, condition, rule.ground, rule.until_column)


def _hold_class(rule: HoldRule) -> HoldClass:
    return HoldClass(rule.id, rule.years, rule.counted_from, rule.valid_from, rule.valid_until)
