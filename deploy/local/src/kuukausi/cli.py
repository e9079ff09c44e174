"""The `kuukausi` command: every click command at the top of a module in `commands/` belongs to it.

Exit codes: 0 done, 1 the answer is no, 2 wrong use. An error says what, where and what to do next, never a traceback.
"""

import json
import sys
import tempfile
import traceback
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import click

from kuukausi import commands
from kuukausi.errors import KuukausiError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="kuukausi", prog_name="kuukausi")
def kuukausi() -> None:
    """Data-subject requests and personal-data breaches, from arrival to a proven answer inside the statutory time."""


def _commands() -> Iterator[click.Command]:
    """The commands of each module that are not below another of its commands."""
    for module in iter_modules(commands.__path__, f"{commands.__name__}."):
        found = [value for value in vars(import_module(module.name)).values() if isinstance(value, click.Command)]
        below = {id(child) for one in found if isinstance(one, click.Group) for child in one.commands.values()}
        yield from (one for one in found if id(one) not in below)


def main() -> None:
    """Run the command line; the entry point of the package."""
    for command in _commands():
        kuukausi.add_command(command)
    try:
        sys.exit(kuukausi(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except KuukausiError as error:
        _show(error)
        sys.exit(error.exit_code)
    except Exception as error:  # noqa: BLE001 - the edge: a person gets a message, the maintainers the traceback
        _show(_unexpected(error))
        sys.exit(1)


def _unexpected(error: Exception) -> KuukausiError:
    """Keep the traceback in a file that only its owner reads: its text may name persons."""
    with tempfile.NamedTemporaryFile("w", prefix="kuukausi-error-", suffix=".txt", delete=False) as file:
        traceback.print_exception(error, file=file)
    what = f"Kuukausi made a mistake of its own: {type(error).__name__}"
    return KuukausiError(what, where=file.name, remedy="report it with that file, after taking out what is personal")


def _show(error: KuukausiError) -> None:
    if "--json" in sys.argv:
        click.echo(json.dumps(error.facts(), ensure_ascii=False))
    else:
        click.echo(f"Error: {error}", err=True)
