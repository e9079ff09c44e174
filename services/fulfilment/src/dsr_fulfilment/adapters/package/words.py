"""The words of the package in three languages, and the register's own labels."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final, cast

from dsr_fulfilment.domain.items import ExportedTable
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import PostgresqlSystem, Register
from dsr_shared.contracts.words import Language

_MONTHS: Final = {
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "en": "January February March April May June July August September October November December",
}


@cache
def words(language: Language) -> Mapping[str, str]:
    """Give every word of the package in one language."""
    source = files("dsr_fulfilment.adapters.package").joinpath("templates", f"words.{language}.json")
    return cast("Mapping[str, str]", json.loads(source.read_text(encoding="utf-8")))


def say_day(day: date, language: Language) -> str:
    if language == "fi":
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"


def column_labels(register: Register, system_id: str, table: ExportedTable, language: Language) -> dict[str, str]:
    """Give the label of each column, copied or withheld; its name where the register no longer declares it."""
    system = register.system(system_id)
    declared = next((t for t in getattr(system, "tables", ()) if t.name == table.name), None)
    names = (*table.columns, *table.withheld)
    if not isinstance(system, PostgresqlSystem) or declared is None:
        return {name: name for name in names}
    return {
        name: in_language(declared.columns[name].label, language) if name in declared.columns else name
        for name in names
    }
