"""Options that several commands share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

_Function = TypeVar("_Function", bound=Callable[..., Any])


def name_option(function: _Function) -> _Function:
    """`--name`: which stack of this user."""
    return click.option(
        "--name",
        default="main",
        show_default=True,
        envvar="KUUKAUSI_NAME",
        help="Which stack: several run side by side under different names.",
    )(function)


def json_option(function: _Function) -> _Function:
    """`--json`: for scripts."""
    return click.option(
        "--json", "as_json", is_flag=True, help="Print JSON for a script instead of text for a person."
    )(function)
