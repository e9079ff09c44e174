"""Notice and record as Markdown, HTML and CSV, for people who keep or send them as files."""

import csv
from collections.abc import Iterator
from html import escape
from io import StringIO
from typing import Final

from dsr_fulfilment.register.notice.record import ProcessingRecord
from dsr_shared.contracts.notices import NoticeTextV1
from dsr_shared.contracts.words import Language

_STYLE: Final = """
:root { color-scheme: light dark }
body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 17px/1.5 system-ui, sans-serif }
body.wide { max-width: none }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
table { border-collapse: collapse; font-size: 14px }
th, td { border: 1px solid; padding: 6px; text-align: left; vertical-align: top }
tr { break-inside: avoid }
@page { size: landscape }
"""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def notice_markdown(name: str, text: NoticeTextV1) -> str:
    lines = [f"# {_mark(text.title)}: {_mark(name)}"]
    for part in text.parts:
        lines += ["", f"## {_mark(part.heading)}"]
        for entry in part.entries:
            lines += ["", f"### {_mark(entry.heading)}", ""] if entry.heading else [""]
            lines += [
                f"- **{_mark(i.label)}:** {_mark(i.text)}" if i.label else f"{_mark(i.text)}" for i in entry.items
            ]
    return "\n".join(lines) + "\n"


def notice_html(name: str, language: Language, text: NoticeTextV1) -> str:
    """A page that needs nothing else."""
    return _page(language, f"{text.title}: {name}", _notice_body(text))


def record_markdown(record: ProcessingRecord) -> str:
    lines = [f"# {_mark(record.title)}", "", f"{_mark(record.article)}", ""]
    lines += [_item(label, text) for label, text in record.head]
    for row in record.rows:
        lines += ["", f"## {_mark(row[0])}", ""]
        pairs = zip(record.columns[1:], row[1:], strict=True)
        lines += [_item(column, cell) for column, cell in pairs]
    return "\n".join(lines) + "\n"


def record_html(record: ProcessingRecord) -> str:
    """A page that needs nothing else, laid out for a wide sheet."""
    head = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in record.head)
    columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in record.columns)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in record.rows)
    table = f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    return _page(record.language, record.title, f"<p>{escape(record.article)}</p><dl>{head}</dl>{table}", css="wide")


def record_csv(record: ProcessingRecord) -> str:
    """A row an activity, with the head repeated in it, so that the file stands by itself in any spreadsheet."""
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_cell(cell) for cell in (*(label for label, _ in record.head), *record.columns))
    for row in record.rows:
        writer.writerow(_cell(cell) for cell in (*(text for _, text in record.head), *row))
    return file.getvalue()


def _cell(text: str) -> str:
    """What a spreadsheet would take for a formula is written as text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _page(language: str, title: str, body: str, css: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f'<style>{_STYLE}</style>\n</head>\n<body class="{css}">\n<h1>{escape(title)}</h1>\n{body}\n</body>\n</html>\n'
    )


def _notice_body(text: NoticeTextV1) -> str:
    return "\n".join(_parts(text))


def _parts(text: NoticeTextV1) -> Iterator[str]:
    for part in text.parts:
        yield f"<h2>{escape(part.heading)}</h2>"
        for entry in part.entries:
            if entry.heading:
                yield f"<h3>{escape(entry.heading)}</h3>"
            yield from (f"<p>{escape(item.text)}</p>" for item in entry.items if not item.label)
            labelled = [item for item in entry.items if item.label]
            pairs = "".join(f"<dt>{escape(item.label)}</dt><dd>{escape(item.text)}</dd>" for item in labelled)
            yield f"<dl>{pairs}</dl>" if pairs else ""


def _item(label: str, text: str) -> str:
    return f"- **{_mark(label)}:** {_mark(text)}" if label else f"{_mark(text)}\n"


def _mark(text: str) -> str:
    """The words as Markdown shows them unchanged, on one line."""
    plain = " ".join(text.split())
    return "".join(f"\\{sign}" if sign in "\\`*[]<>|" else sign for sign in plain)
