"""`kuukausi webhooks list | retry`: what a company's own program was to hear and did not take."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from kuukausi.options import json_option, name_option

if TYPE_CHECKING:
    from dsr_shared.postgres import Connection

_Result = TypeVar("_Result")
_controller_option = click.option("--controller", required=True, help="Id of the company, as its register says.")


@click.group()
def webhooks() -> None:
    """Calls to companies' own programs that wait or were given up."""


@webhooks.command("list")
@name_option
@_controller_option
@json_option
def list_calls(name: str, controller: str, as_json: bool) -> None:
    """Show how many calls wait and how many were given up."""
    from dsr_fulfilment.adapters import webhook_calls

    counts = {state: count for _, state, count in _run(name, controller, webhook_calls.left)}
    facts = {"waiting": counts.get("waiting", 0), "dead": counts.get("dead", 0)}
    click.echo(json.dumps(facts) if as_json else f"waiting: {facts['waiting']}, given up: {facts['dead']}")


@webhooks.command()
@name_option
@_controller_option
def retry(name: str, controller: str) -> None:
    """Try anew what was given up."""
    from dsr_fulfilment.adapters import webhook_calls

    count = _run(name, controller, lambda connection: webhook_calls.again(connection, controller))
    click.echo(f"{count} calls are tried anew.")


def _run(stack: str, controller: str, do: "Callable[[Connection], Awaitable[_Result]]") -> _Result:
    return asyncio.run(_do(stack, controller, do))


async def _do(stack: str, controller: str, do: "Callable[[Connection], Awaitable[_Result]]") -> _Result:
    from kuukausi.access import service_data
    from kuukausi.companies import require_company
    from kuukausi.stack.layout import Layout

    layout = Layout.of(stack)
    async with service_data(layout, "fulfilment") as data:
        require_company(layout, controller)
        async with data.database.transaction(controller) as connection:
            return await do(connection)


commands: tuple[click.Command, ...] = (webhooks,)
