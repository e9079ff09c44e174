"""`kuukausi api-key add | list | revoke`: which programs may hand in requests for a company."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kuukausi.errors import KuukausiError, WrongUse
from kuukausi.options import json_option, name_option

if TYPE_CHECKING:
    from dsr_intake.adapters.api_keys import ApiKeys, KnownKey

_Result = TypeVar("_Result")
MAX_NAME_CHARACTERS: Final = 60
MOST_DAYS: Final = 730

_controller_option = click.option("--controller", required=True, help="Id of the company, as its register says.")


@click.group("api-key")
def api_key() -> None:
    """Keys with which a company's own programs hand in requests."""


@api_key.command()
@name_option
@_controller_option
@click.option("--for", "purpose", required=True, help="Which program gets it; shown in the list.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), default=365, show_default=True, help="How long it lives.")
@json_option
def add(name: str, controller: str, purpose: str, days: int, as_json: bool) -> None:
    """Make a key. It is shown once; only its hash is kept."""
    from dsr_intake.adapters.api_keys import NameTaken

    purpose = _checked(purpose)
    try:
        key, ends = _run(name, controller, lambda keys: keys.add(controller, purpose, days))
    except NameTaken:
        what = f"{controller} has a living key for {purpose}"
        raise KuukausiError(
            what, where="--for", remedy="revoke that one first, or give this one another name"
        ) from None
    if as_json:
        click.echo(json.dumps({"key": key.text, "prefix": key.prefix, "expires_at": ends.isoformat()}))
    else:
        click.echo(f"{key.text}\n\nCopy it now: it is not shown again. It ends on {ends:%Y-%m-%d}.")


@api_key.command("list")
@name_option
@_controller_option
@json_option
def list_keys(name: str, controller: str, as_json: bool) -> None:
    """Show the keys of a company by their prefixes."""
    for key in _run(name, controller, lambda keys: keys.list(controller)):
        click.echo(json.dumps(_facts(key)) if as_json else _line(key))


@api_key.command()
@name_option
@_controller_option
@click.argument("prefix")
def revoke(name: str, controller: str, prefix: str) -> None:
    """End a key at once. PREFIX: the eight signs after kk_."""
    ended = _run(name, controller, lambda keys: keys.revoke(controller, prefix))
    if ended is None:
        what, remedy = f"{controller} has no living key {prefix}", "see `kuukausi api-key list`"
        raise KuukausiError(what, where="PREFIX", remedy=remedy)
    click.echo(f"The key for {ended} is taken no more.")


def _run(stack: str, controller: str, do: "Callable[[ApiKeys], Awaitable[_Result]]") -> _Result:
    return asyncio.run(_do(stack, controller, do))


async def _do(stack: str, controller: str, do: "Callable[[ApiKeys], Awaitable[_Result]]") -> _Result:
    from dsr_intake.adapters.api_keys import ApiKeys
    from kuukausi.access import service_data
    from kuukausi.companies import require_company
    from kuukausi.stack.layout import Layout

    layout = Layout.of(stack)
    async with service_data(layout, "intake") as data:
        require_company(layout, controller)
        return await do(ApiKeys(data.database))


def _checked(purpose: str) -> str:
    purpose = purpose.strip()
    if not purpose or len(purpose) > MAX_NAME_CHARACTERS or not purpose.isprintable():
        remedy = f"1 to {MAX_NAME_CHARACTERS} characters"
        raise WrongUse(f"{purpose!r} is no name of a program", where="--for", remedy=remedy)
    return purpose


def _facts(key: "KnownKey") -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "for": key.name,
        "created_at": key.created_at.isoformat(),
        "expires_at": key.expires_at.isoformat(),
        "revoked_at": _text(key.revoked_at),
        "last_used_at": _text(key.last_used_at),
    }


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _line(key: "KnownKey") -> str:
    used = f"last used {key.last_used_at:%Y-%m-%d}" if key.last_used_at else "never used"
    ends = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else f"ends {key.expires_at:%Y-%m-%d}"
    return f"kk_{key.prefix}_…  {ends}  {used}  {key.name}"


commands: tuple[click.Command, ...] = (api_key,)
