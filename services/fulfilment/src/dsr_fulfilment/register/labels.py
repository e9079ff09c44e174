"""The register's own words for tables and grounds, as letters and pages show them."""

from dsr_fulfilment.register.base import Text
from dsr_fulfilment.register.model import PaperSystem, Register


def table_label(register: Register, system_id: str, table: str) -> Text:
    """What a table holds; a paper system is its own table."""
    system = register.system(system_id)
    return system.label if isinstance(system, PaperSystem) else system.table(table).label


def ground_text(register: Register, system_id: str, table: str, ground: str) -> Text:
    """Why something is kept: the words of a hold, or of a condition of the table; its id where there are none."""
    holds = {hold.id: hold.ground for hold in register.holds}
    if ground in holds:
        return holds[ground]
    system = register.system(system_id)
    conditions = () if isinstance(system, PaperSystem) else system.table(table).keep_while
    return {keep.id: keep.ground for keep in conditions}.get(ground, dict.fromkeys(register.languages, ground))
