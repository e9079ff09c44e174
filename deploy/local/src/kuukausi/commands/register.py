"""`kuukausi register`: whether a controller's register can be used."""

import json
from pathlib import Path

import click

from dsr_fulfilment.register.loader import check_register
from dsr_fulfilment.register.problems import Problem
from dsr_fulfilment.register.schema import schema_text


@click.group("register")
def register_group() -> None:
    """Look at the registers of processing."""


@register_group.command("check")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a problem.")
@click.pass_context
def check(context: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Name every problem of each FILE with its line and what to do; exit 1 if there is any."""
    has_problems = False
    for file in files:
        _, problems = check_register(file)
        has_problems |= bool(problems)
        _print(file, problems, as_json=as_json)
    context.exit(1 if has_problems else 0)


@register_group.command("schema")
def schema() -> None:
    """Print the JSON Schema of a register, for editors."""
    click.echo(schema_text(), nl=False)


commands: tuple[click.Command, ...] = (register_group,)


def _print(file: Path, problems: tuple[Problem, ...], *, as_json: bool) -> None:
    if as_json:
        for problem in problems:
            click.echo(json.dumps(problem.as_dict(), ensure_ascii=False))
    elif problems:
        for problem in problems:
            click.echo(f"{problem.file}:{problem.line}: {problem.what}\n    to do: {problem.remedy}")
        click.echo(f"{file}: {len(problems)} problem{'s' if len(problems) > 1 else ''}")
    else:
        click.echo(f"{file}: no problems")
