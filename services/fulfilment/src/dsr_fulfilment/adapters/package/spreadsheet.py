"""CSV that a spreadsheet shows and never runs."""

import csv
import re
from collections.abc import Mapping
from io import StringIO
from typing import Final

from pydantic import JsonValue

from dsr_fulfilment.domain.items import ExportedTable

_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)?")


def csv_bytes(table: ExportedTable, labels: Mapping[str, str]) -> bytes:
    """Write RFC 4180 in UTF-8 with a byte order mark, which spreadsheets need to read å and ä."""
    buffer = StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([harmless(labels[name]) for name in table.columns])
    for row in table.rows:
        writer.writerow([harmless(_text(row.get(name))) for name in table.columns])
    return buffer.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would take for a formula; a number stays a number."""
    if text.lstrip().startswith(_RUNS) or text.startswith(_RUNS):
        return text if _NUMBER.fullmatch(text) else f"'{text}"
    return text


def _text(value: JsonValue) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
