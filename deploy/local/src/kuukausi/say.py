"""Tells a person, or a script, how a start goes."""

import json
import sys
from typing import Any

import click


class Narrator:
    """Prints steps: one line each, or one JSON object each."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def downloads(self, at_hand: int, total: int, name: str) -> None:
        """Progress of the first start's downloads: one line that is written over on a terminal."""
        if self._as_json:
            click.echo(json.dumps({"step": "download", "state": "arrived", "jar": name, "done": at_hand, "of": total}))
        elif sys.stderr.isatty():
            click.echo(f"\r\x1b[KDownloading programs, first start only: {at_hand}/{total} {name}", err=True, nl=False)
            if at_hand == total:
                click.echo("", err=True)
        elif at_hand == total or at_hand % 10 == 0:
            click.echo(f"Downloading programs, first start only: {at_hand}/{total}", err=True)

    def step(self, line: dict[str, Any]) -> None:
        if self._as_json:
            click.echo(json.dumps(line))
        elif line["state"] == "ready" and line["step"] != "stack":
            click.echo(f"  {line['step']} ready")
        elif line["state"] == "waits":
            click.echo(f"  {line['step']} runs, but waits for: {line['missing']}")

    def warn(self, text: str) -> None:
        click.echo(f"Warning: {text}", err=True)
