"""`kuukausi user add | disable | reset`: who may sign in to the console. A password is never an argument."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from kuukausi.errors import KuukausiError, WrongUse

if TYPE_CHECKING:
    from dsr_fulfilment.adapters.accounts import Role
    from dsr_fulfilment.handlers.accounts import Accounts

_Function = TypeVar("_Function", bound=Callable[..., Any])
PASSWORD_FILE_MAX_BYTES: Final = 4096

_stack_option = click.option(
    "--stack",
    default="main",
    show_default=True,
    envvar="KUUKAUSI_NAME",
    help="Which stack: several run side by side under different names.",
)
_controller_option = click.option("--controller", required=True, help="Id of the company, as its register says.")
_name_option = click.option("--name", required=True, help="Name of the user.")
_password_option = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the password. Without it the password is asked for, or read from standard input.",
)


def _account_options(function: _Function) -> _Function:
    return _stack_option(_controller_option(_name_option(function)))


@click.group()
def user() -> None:
    """Give people an account for the staff console, and take it away."""


@user.command()
@_account_options
@click.option("--role", type=click.Choice(["owner", "handler", "reader"]), required=True, help="What the user may do.")
@_password_option
def add(stack: str, controller: str, name: str, role: "Role", password_file: Path | None) -> None:
    """Add a user. A reader sees cases, a handler decides them, an owner sees users too."""
    password = _password(password_file)
    _run(stack, controller, lambda accounts: accounts.add(controller, _checked(name), password, role))
    click.echo(f"{_checked(name)} can sign in to {controller} as {role}.")


@user.command()
@_account_options
def disable(stack: str, controller: str, name: str) -> None:
    """Let a user in no more; what they did stays in the history under their name."""
    _run(stack, controller, lambda accounts: accounts.disable(controller, _checked(name)))
    click.echo(f"{_checked(name)} of {controller} can’t sign in any more and is signed out.")


@user.command()
@_account_options
@_password_option
def reset(stack: str, controller: str, name: str, password_file: Path | None) -> None:
    """Give a user a new password, end a lock, and let a disabled user in again."""
    password = _password(password_file)
    _run(stack, controller, lambda accounts: accounts.reset(controller, _checked(name), password))
    click.echo(f"{_checked(name)} of {controller} has a new password and was signed out everywhere.")


def _run(stack: str, controller: str, do: "Callable[[Accounts], Awaitable[None]]") -> None:
    """Reach the accounts of a running stack as fulfilment itself does."""
    from dsr_fulfilment.handlers.accounts import AccountError

    try:
        asyncio.run(_do(stack, controller, do))
    except AccountError as error:
        raise KuukausiError(str(error), where=f"company `{controller}` of stack `{stack}`") from error


async def _do(stack: str, controller: str, do: "Callable[[Accounts], Awaitable[None]]") -> None:
    from dsr_fulfilment.handlers.accounts import Accounts
    from kuukausi.access import service_data
    from kuukausi.companies import require_company
    from kuukausi.stack.layout import Layout

    layout = Layout.of(stack)
    async with service_data(layout, "fulfilment") as data:
        require_company(layout, controller)
        await do(Accounts(data.database, data.ring))


def _checked(name: str) -> str:
    """A name that people can type and that the history shows as one line."""
    from dsr_fulfilment.handlers.accounts import MAX_NAME_CHARACTERS

    name = name.strip()
    if not name or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
        raise WrongUse(f"{name!r} is no user name", where="--name", remedy=f"1 to {MAX_NAME_CHARACTERS} characters")
    return name


def _password(file: Path | None) -> str:
    """From the file, else from a person who types it twice, else the first line of standard input."""
    if file is not None:
        return _first_line(file.read_text(encoding="utf-8")[:PASSWORD_FILE_MAX_BYTES], str(file))
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
    return _first_line(sys.stdin.readline(PASSWORD_FILE_MAX_BYTES), "standard input")


def _first_line(text: str, where: str) -> str:
    password = text.splitlines()[0] if text else ""
    if not password:
        raise WrongUse("there is no password", where=where, remedy="write it as the first line")
    return password


commands: tuple[click.Command, ...] = (user,)
