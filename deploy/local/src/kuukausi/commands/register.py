"""`kuukausi register`: whether a controller's register can be used."""

import json
from pathlib import Path

import click

from dsr_fulfilment.register.loader import check_register, remarks_on
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
    """Name every problem of each FILE with its line and what to do; exit 1 if there is any.

    A remark says what the privacy notice and the record of processing lack. It does not change the exit code.
    """
    has_problems = False
    for file in files:
        _, problems = check_register(file)
        has_problems |= bool(problems)
        _print(file, problems or remarks_on(file), as_json=as_json)
    context.exit(1 if has_problems else 0)


@register_group.command("schema")
def schema() -> None:
    """Print the JSON Schema of a register, for editors."""
    click.echo(schema_text(), nl=False)


commands: tuple[click.Command, ...] = (register_group,)


def _print(file: Path, problems: tuple[Problem, ...], *, as_json: bool) -> None:
    """Mistakes, or where there are none remarks: never both, since a register with mistakes makes no notice."""
    for problem in problems:
        if as_json:
            click.echo(json.dumps(problem.as_dict(), ensure_ascii=False))
        else:
            kind = "remark: " if problem.kind == "remark" else ""
            click.echo(f"{problem.file}:{problem.line}: {kind}{problem.what}\n    to do: {problem.remedy}")
    if not as_json:
        click.echo(f"{file}: {_summary(problems)}")


def _summary(problems: tuple[Problem, ...]) -> str:
    mistakes = sum(problem.kind == "mistake" for problem in problems)
    remarks = len(problems) - mistakes
    said = f"{mistakes} problem{'s' if mistakes > 1 else ''}" if mistakes else "no problems"
    return f"{said}, {remarks} remark{'s' if remarks > 1 else ''}" if remarks else said
