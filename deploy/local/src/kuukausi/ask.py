"""How `up` comes by its configuration: a file, options and environment, what was remembered, or questions."""

import os
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click
from pydantic import ValidationError

from kuukausi.errors import KuukausiError, WrongUse
from kuukausi.stack.configuration import Configuration
from kuukausi.stack.layout import Layout
from kuukausi.stack.mail_check import check_mailbox, check_smtp

_SIMPLE: Final = ("web_port", "console_port", "public_url")
_PORTS: Final = {"imap": {"tls": 993, "starttls": 143, "none": 143}, "smtp": {"tls": 465, "starttls": 587, "none": 25}}


def configuration_for(layout: Layout, given: Mapping[str, Any], warn: Callable[[str], None]) -> Configuration:
    """Put the configuration together and try it out by connecting.

    A mail server that was remembered and does not answer now is a warning: after a power cut the stack must come up
    before the mail server does. One that was just given is an error.
    """
    remembered = _remembered(layout)
    is_new = remembered is None or any(value is not None for value in given.values())
    values = _values(remembered, given)
    configuration = _parse(values, given.get("config_path") or layout.configuration)
    check_registers(configuration.registers_directory)
    try:
        _check_mail(configuration)
    except KuukausiError as error:
        if is_new:
            raise
        warn(str(error))
    return configuration


def _remembered(layout: Layout) -> Configuration | None:
    if not layout.configuration.exists():
        return None
    return Configuration.model_validate_json(layout.configuration.read_bytes())


def _values(remembered: Configuration | None, given: Mapping[str, Any]) -> dict[str, Any]:
    if path := given.get("config_path"):
        return _from_file(path)
    values = remembered.model_dump() if remembered else {}
    values.update({name: given[name] for name in _SIMPLE if given.get(name) is not None})
    if given.get("connector_secrets"):
        values["connector_secrets_directory"] = given["connector_secrets"].resolve()
    if given.get("registers") or "registers_directory" not in values:
        values["registers_directory"] = _directory(given.get("registers"))
    check_registers(values["registers_directory"])
    if given.get("imap_host") or not values.get("mailboxes"):
        values["mailboxes"] = [_mailbox(values["registers_directory"], given)]
    if given.get("smtp_host") or not values.get("smtp"):
        values["smtp"] = _host("smtp", given, has_account=False)
    return values


def _from_file(path: Path) -> dict[str, Any]:
    """Relative paths in the file are from where it lies."""
    try:
        values = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(
            f"the configuration cannot be read: {error}", where=str(path), remedy="correct the file"
        ) from error
    for name in ("registers_directory", "connector_secrets_directory", "mailboxes_file"):
        if name in values:
            values[name] = (path.parent / values[name]).resolve()
    return values


def _directory(given: Path | None) -> Path:
    return (given or Path(_asked("Directory with the registers (<controller>.yaml)", "--registers"))).resolve()


def _mailbox(registers: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    controllers = [path.stem for path in sorted(registers.glob("*.yaml"))]
    if len(controllers) > 1:
        raise WrongUse(
            f"there are {len(controllers)} controllers, and each needs a mailbox of its own",
            where=str(registers),
            remedy="write the mailboxes into a TOML file and give it with --config",
        )
    controller = controllers[0] if controllers else ""
    return {"controller_id": controller, **_host("imap", given, has_account=True)}


def _host(protocol: str, given: Mapping[str, Any], *, has_account: bool) -> dict[str, Any]:
    host = given.get(f"{protocol}_host") or _asked(f"{protocol.upper()} server", f"--{protocol}-host")
    security = given.get(f"{protocol}_security") or "tls"
    port = given.get(f"{protocol}_port") or _PORTS[protocol][security]
    user = given.get(f"{protocol}_user")
    if not user and (has_account or sys.stdin.isatty()):
        user = _asked(f"User name at {host}", f"--{protocol}-user")
    account = {"username": user, "password": _password(protocol, user, host)} if user else {}
    return {"host": host, "port": port, "security": security, **account}


def _password(protocol: str, user: str, host: str) -> str:
    variable = f"KUUKAUSI_{protocol.upper()}_PASSWORD"
    return os.environ.get(variable) or _asked(f"Password of {user} at {host}", variable, hidden=True)


def _asked(question: str, how_else: str, *, hidden: bool = False) -> str:
    """Ask a person; without one at a terminal say how else to give it."""
    if not sys.stdin.isatty():
        raise WrongUse(f"missing: {question}", where="kuukausi up", remedy=f"give {how_else}, or a file with --config")
    answer: str = click.prompt(question, hide_input=hidden, err=True)
    return answer


def _parse(values: dict[str, Any], where: Path) -> Configuration:
    try:
        return Configuration.model_validate(values)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors(include_input=False)]
        raise WrongUse(
            "the configuration is not right: " + "; ".join(problems), where=str(where), remedy="correct what is named"
        ) from None


def check_registers(directory: Path) -> None:
    """A stack without a register has nobody to work for."""
    if not directory.is_dir() or not any(directory.glob("*.yaml")):
        raise WrongUse(
            "no register of a controller is there",
            where=str(directory),
            remedy="put <controller>.yaml there (examples are in deploy/controllers), or correct --registers",
        )


def _check_mail(configuration: Configuration) -> None:
    if configuration.demo_mail:
        return
    for mailbox in configuration.mailboxes:
        check_mailbox(mailbox)
    if configuration.smtp:
        check_smtp(configuration.smtp)
