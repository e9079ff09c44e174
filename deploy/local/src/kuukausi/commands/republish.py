"""`kuukausi republish --since`: send events again from the outboxes, after the broker lost its log."""

import asyncio
import json
from datetime import datetime
from typing import TYPE_CHECKING

import click

from kuukausi.errors import WrongUse
from kuukausi.options import json_option, name_option

if TYPE_CHECKING:
    from kuukausi.stack.layout import Layout


@click.command()
@click.option("--since", required=True, help="ISO 8601 time with offset, such as 2026-11-22T08:00+02:00.")
@click.option("--service", "only", type=click.Choice(["intake", "fulfilment", "notifier"]), help="Of one service only.")
@name_option
@json_option
def republish(since: str, only: str | None, name: str, *, as_json: bool) -> None:
    """Send all events again that were written since then. Receivers that had them take no effect a second time."""
    from kuukausi.stack.layout import Layout

    counts = asyncio.run(_republish(Layout.of(name), _moment(since), only))
    if as_json:
        click.echo(json.dumps(counts))
        return
    for service, count in counts.items():
        click.echo(f"{service}: {count} events go out again")


async def _republish(layout: "Layout", since: datetime, only: str | None) -> dict[str, int]:
    from dsr_shared.outbox import republish as send_again
    from kuukausi.access import service_data, services_of

    counts: dict[str, int] = {}
    for service in services_of(layout):
        if only in (None, service):
            async with service_data(layout, service) as data:
                counts[service] = await send_again(data.database, since)
    return counts


def _moment(text: str) -> datetime:
    try:
        moment: datetime | None = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise WrongUse(
            f"{text!r} is not a time with offset", where="--since", remedy="write it like 2026-11-22T08:00+02:00"
        )
    return moment
