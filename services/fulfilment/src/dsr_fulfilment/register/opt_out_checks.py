"""Whether opt-outs are declared so that they can be written, and where none is needed, that this is so."""

from collections.abc import Iterator

from dsr_fulfilment.register.model import OptOut, PaperSystem, PostgresqlSystem, Register
from dsr_fulfilment.register.problems import Finding, Path
from dsr_fulfilment.register.systems import Table
from dsr_fulfilment.register.tables import children_of


def check_opt_outs(register: Register) -> Iterator[Finding]:
    for place, system in enumerate(register.systems):
        at: Path = ("systems", place, "opt_out")
        if system.opt_out == ():
            yield from _rests_on_consent(register, system.id, at)
        for number, rule in enumerate(system.opt_out or ()):
            if isinstance(system, PaperSystem):
                what = f"{system.id} is paper: no program can write an opt-out there"
                yield Finding((*at, number), what, "Write `opt_out: []` where there is none, or leave it out")
            else:
                yield from _rule(system, rule, (*at, number))


def _rests_on_consent(register: Register, system_id: str, at: Path) -> Iterator[Finding]:
    for activity in register.activities:
        if activity.legal_basis == "consent" and system_id in activity.systems:
            what = f"{activity.id} rests on consent and uses {system_id}, which says that there is none to withdraw"
            yield Finding(at, what, "Say how it is written there, or leave `opt_out` out: then a person does it")


def _rule(system: PostgresqlSystem, rule: OptOut, at: Path) -> Iterator[Finding]:
    table = next((one for one in system.tables if one.name == rule.table), None)
    if table is None:
        what = f"{rule.table!r} is not a table of {system.id}"
        yield Finding((*at, "table"), what, "Declare that table, or correct the name")
        return
    identifier = next((one for one in table.identifiers if one.name == rule.identifier), None)
    if identifier is None:
        what = f"{table.name} has no identifier {rule.identifier!r}"
        yield Finding((*at, "identifier"), what, "Write one of the table's `identifiers`")
    yield from _columns(system, table, rule, at)


def _columns(system: PostgresqlSystem, table: Table, rule: OptOut, at: Path) -> Iterator[Finding]:
    fixed = {*table.primary_key, *(one.column for one in table.identifiers)}
    for child in children_of(system, table):
        fixed.update(child.belongs_to.columns.values() if child.belongs_to else ())
    for name in rule.set:
        where: Path = (*at, "set", name)
        if name not in table.columns:
            yield Finding(where, f"the table {table.name} declares no column {name!r}", "Add it under `columns`")
        elif name in fixed:
            yield Finding(where, f"{table.name}.{name} tells whose row it is", "Write another column")
