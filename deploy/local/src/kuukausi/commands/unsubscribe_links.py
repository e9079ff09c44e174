"""`kuukausi unsubscribe-link`: what a newsletter tool puts into the headers of each mail (RFC 8058)."""

import csv
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TextIO

import click

from kuukausi.errors import WrongUse
from kuukausi.options import name_option

if TYPE_CHECKING:
    from dsr_intake.adapters.unsubscribe_token import UnsubscribeTokens

LINK_COLUMN: Final = "list_unsubscribe"
POST_COLUMN: Final = "list_unsubscribe_post"


@click.command("unsubscribe-link")
@name_option
@click.option("--controller", required=True, help="Id of the company, as its register says.")
@click.option("--column", default="email", show_default=True, help="Column with the addresses.")
@click.option("--url", help="Where people reach the public web, if not where this stack says.")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def unsubscribe_link(name: str, controller: str, column: str, url: str | None, file: TextIO) -> None:
    """Read a CSV file of addresses (- for standard input); write it with two columns more.

    They hold the values of the headers List-Unsubscribe and List-Unsubscribe-Post. The addresses can't be read from
    the links.
    """
    tokens, base = _tools(name, controller, url)
    reader = csv.DictReader(file)
    names = [*(reader.fieldnames or ())]
    if column not in names:
        remedy = f"give --column with one of {', '.join(names) or 'none: the file is empty'}"
        raise WrongUse(f"there is no column {column}", where=_place(file), remedy=remedy)
    writer = csv.DictWriter(sys.stdout, [*names, LINK_COLUMN, POST_COLUMN], lineterminator="\n")
    writer.writeheader()
    for row in _checked(reader, column, file):
        token = tokens.make(controller, row[column])
        link = f"<{base}/{controller}/unsubscribe/{token}>"
        writer.writerow({**row, LINK_COLUMN: link, POST_COLUMN: "List-Unsubscribe=One-Click"})


def _tools(name: str, controller: str, url: str | None) -> "tuple[UnsubscribeTokens, str]":
    from dsr_intake.adapters.unsubscribe_token import UnsubscribeTokens
    from dsr_shared.keyring import KeyRing
    from kuukausi.companies import require_company
    from kuukausi.stack.layout import Layout
    from kuukausi.stack.running import running

    layout = Layout.of(name)
    base = (url or running(layout).form_url).rstrip("/")
    require_company(layout, controller)
    if not base.startswith("https://"):
        click.echo("RFC 8058 asks for https://; mail programs will not use a link like this.", err=True)
    return UnsubscribeTokens(KeyRing.load(layout.keys / "intake.keyring.json")), base


def _checked(reader: "csv.DictReader[str]", column: str, file: TextIO) -> Iterator[dict[str, str]]:
    from dsr_intake.domain.request_form import is_address

    for row in reader:
        row[column] = (row.get(column) or "").strip()
        if None in row or not is_address(row[column]):
            what, remedy = "this line has no address we could answer", "correct or remove it"
            raise WrongUse(what, where=f"{_place(file)}, line {reader.line_num}", remedy=remedy)
        yield row


def _place(file: TextIO) -> str:
    return str(getattr(file, "name", "standard input"))


commands: tuple[click.Command, ...] = (unsubscribe_link,)
