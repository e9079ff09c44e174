"""`kuukausi suppressions check`: which addresses of a list want no marketing, before the list is imported anywhere."""

import asyncio
import csv
import sys
from collections.abc import Sequence
from typing import TextIO

import click

from kuukausi.errors import WrongUse
from kuukausi.options import name_option


@click.group()
def suppressions() -> None:
    """Addresses that want no marketing. Only keyed hashes of them are kept, so they can be compared, not listed."""


@suppressions.command()
@name_option
@click.option("--controller", required=True, help="Id of the company, as its register says.")
@click.option("--column", default="email", show_default=True, help="Column with the addresses.")
@click.argument("file", type=click.File("r", encoding="utf-8-sig"))
def check(name: str, controller: str, column: str, file: TextIO) -> None:
    """Read a CSV file (- for standard input); write it without the lines whose address wants no marketing."""
    reader = csv.DictReader(file)
    names = [*(reader.fieldnames or ())]
    if column not in names:
        remedy = f"give --column with one of {', '.join(names) or 'none: the file is empty'}"
        raise WrongUse(f"there is no column {column}", where="--column", remedy=remedy)
    rows = list(reader)
    wants_none = asyncio.run(_suppressed(name, controller, [row[column] or "" for row in rows]))
    writer = csv.DictWriter(sys.stdout, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row for row, is_left_out in zip(rows, wants_none, strict=True) if not is_left_out)
    click.echo(f"{sum(wants_none)} of {len(rows)} lines are left out.", err=True)


async def _suppressed(name: str, controller: str, addresses: Sequence[str]) -> list[bool]:
    from dsr_fulfilment.adapters import opt_outs
    from dsr_fulfilment.handlers.opt_out import ADDRESS_DOMAIN
    from kuukausi.access import service_data
    from kuukausi.companies import require_company
    from kuukausi.stack.layout import Layout

    layout = Layout.of(name)
    async with service_data(layout, "fulfilment") as data:
        require_company(layout, controller)
        hashes = [data.ring.mac(ADDRESS_DOMAIN, address) for address in addresses]
        async with data.database.transaction(controller) as connection:
            found = await opt_outs.suppressed(connection, controller, hashes)
    return [one in found for one in hashes]


commands: tuple[click.Command, ...] = (suppressions,)
