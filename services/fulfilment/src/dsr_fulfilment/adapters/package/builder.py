"""Building the ZIP. The same input gives the same bytes; nothing in it runs, and nothing in it is fetched."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dsr_fulfilment.adapters.package.facts import PackageFacts
from dsr_fulfilment.adapters.package.pages import index_page, information_page, readme
from dsr_fulfilment.adapters.package.spreadsheet import csv_bytes
from dsr_fulfilment.adapters.package.words import column_labels
from dsr_fulfilment.domain.items import ExportedSystem, ExportedTable
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.contracts.words import Language

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_ORDINARY_FILE: Final = 0o100644 << 16


def build_package(facts: PackageFacts, register: Register, systems: Sequence[ExportedSystem]) -> bytes:
    """Give the ZIP in the language of the facts, or in the register's first one where it does not speak that."""
    language = facts.language if facts.language in register.languages else register.languages[0]
    files: dict[str, bytes] = {
        "index.html": index_page(facts, register, systems, language).encode(),
        "information.html": information_page(facts, register, language).encode(),
        "README.txt": readme(facts, register, language).encode(),
    }
    for system in systems:
        files[f"data/{system.system}.json"] = _json(register, system, language)
        for table in system.tables:
            labels = column_labels(register, system.system, table, language)
            files[f"csv/{system.system}-{table.name}.csv"] = csv_bytes(table, labels)
    return _zip(files)


def _json(register: Register, system: ExportedSystem, language: Language) -> bytes:
    content = {
        "system": system.system,
        "label": in_language(dict(system.label), language),
        "tables": [_table(register, system, table, language) for table in system.tables],
    }
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n"


def _table(register: Register, system: ExportedSystem, table: ExportedTable, language: Language) -> dict[str, object]:
    labels = column_labels(register, system.system, table, language)
    return {
        "name": table.name,
        "label": in_language(dict(table.label), language),
        "columns": [{"name": name, "label": labels[name]} for name in table.columns],
        "rows": [{name: row.get(name) for name in table.columns} for row in table.rows],
        "held_but_not_copied": [labels[name] for name in table.withheld],
    }


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _ORDINARY_FILE
            archive.writestr(entry, content)
    return buffer.getvalue()
