"""`kuukausi audit verify`: whether the evidence is as it was written."""

import asyncio
import json
from typing import TYPE_CHECKING

import click

from kuukausi.errors import WrongUse
from kuukausi.options import json_option, name_option

if TYPE_CHECKING:
    from dsr_fulfilment.domain.audit import Audit
    from dsr_fulfilment.domain.evidence import Head
    from kuukausi.stack.layout import Layout


@click.group()
def audit() -> None:
    """Check the proof of what was done."""


@audit.command()
@click.option(
    "--anchor",
    "anchors",
    metavar="HEAD",
    multiple=True,
    help="A head that you noted before, as this command printed it. It shows that no end was cut off since.",
)
@click.option("--ends", is_flag=True, help="Print the end of every case's chain too: each can be an anchor.")
@name_option
@json_option
@click.pass_context
def verify(context: click.Context, anchors: tuple[str, ...], name: str, *, ends: bool, as_json: bool) -> None:
    """Check every chain of evidence and the chain of their daily heads; exit 1 with each place where one is broken."""
    from kuukausi.stack.layout import Layout

    found = asyncio.run(_audit(Layout.of(name), tuple(_head(anchor) for anchor in anchors)))
    if as_json:
        click.echo(json.dumps(_facts(found, ends=ends)))
    else:
        _print(found, ends=ends)
    context.exit(0 if found.holds else 1)


async def _audit(layout: "Layout", anchors: "tuple[Head, ...]") -> "Audit":
    from dsr_fulfilment.handlers.heads import audit as check_all
    from kuukausi.access import service_data

    async with service_data(layout, "fulfilment") as data, data.database.across_controllers() as connection:
        return await check_all(connection, data.ring, anchors)


def _head(text: str) -> "Head":
    from dsr_fulfilment.domain.audit import NoHeadError, parse_head

    try:
        return parse_head(text)
    except NoHeadError as error:
        remedy = "copy it whole, such as heads/company:12:3f0c…, from what `kuukausi audit verify` printed"
        raise WrongUse(f"{text!r} is no head", where="--anchor", remedy=remedy) from error


def _facts(found: "Audit", *, ends: bool) -> dict[str, object]:
    from dsr_fulfilment.domain.audit import head_text

    broken = [
        {"chain": one.chain, "name": one.name, "position": one.broken.position, "why": one.broken.why}
        for one in found.faults
    ]
    facts: dict[str, object] = {
        "unbroken": found.holds,
        "chains": len(found.ends) + len(found.heads),
        "entries": found.entries,
        "broken": broken,
        "heads": [head_text(head) for head in found.heads],
    }
    return {**facts, "ends": [head_text(head) for head in found.ends]} if ends else facts


def _print(found: "Audit", *, ends: bool) -> None:
    from dsr_fulfilment.domain.audit import head_text

    for fault in found.faults:
        click.echo(f"BROKEN  {fault}")
    chains = len(found.ends) + len(found.heads)
    if found.holds:
        click.echo(f"{chains} chains with {found.entries} entries are as they were written.")
    else:
        click.echo(f"{len(found.faults)} chains do not hold, {chains} do. See docs/runbook/audit.md.")
    for head in (*found.heads, *(found.ends if ends else ())):
        click.echo(f"  head  {head_text(head)}")
    if found.heads and found.holds:
        click.echo("Note the heads where nobody who runs this machine can change them; next time give --anchor HEAD.")
