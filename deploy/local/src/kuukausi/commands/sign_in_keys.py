"""`kuukausi sign-in-keys`: the keys of a company for a provider of sign-ins that wants private_key_jwt."""

import json
import os
from pathlib import Path

import click

from kuukausi.errors import KuukausiError


@click.command("sign-in-keys")
@click.argument("file", type=click.Path(path_type=Path))
def sign_in_keys(file: Path) -> None:
    """Make new keys in FILE, which must not be there yet, for you alone to read; print their public part.

    FILE is COMPANY.jwks beside the client secrets (docs/user/sign-in.md). The provider gets the public part only.
    """
    from dsr_intake.adapters.client_keys import new_client_keys, read_client_keys

    text = new_client_keys()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        what, remedy = "there is a file already, and keys are never replaced", "name another, or move that one away"
        raise KuukausiError(what, where=str(file), remedy=remedy) from None
    except OSError as error:
        what, remedy = f"the file cannot be written: {error.strerror}", "make its directory, or name another"
        raise KuukausiError(what, where=str(file), remedy=remedy) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
    click.echo(json.dumps(read_client_keys(text.encode()).public, indent=2))
