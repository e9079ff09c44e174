"""Reading the secrets that compose hands to a container as files."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from kuukausi.errors import StackError

DIRECTORY: Final = Path("/run/secrets")


def secret(name: str, directory: Path = DIRECTORY) -> str:
    """The text of a secret; raises StackError where it is missing or empty."""
    path = directory / name
    try:
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _unusable(name, f"cannot be read ({error.strerror})") from None
    if not text:
        raise _unusable(name, "is empty")
    return text


def password_in(url: str, user: str) -> str:
    """The password of a database address, which must be that of `user`."""
    parts = urlsplit(url)
    if unquote(parts.username or "") != user or not parts.password:
        raise StackError(
            f"an address in the secrets is not that of {user} with a password",
            where="secrets",
            remedy="write it like postgresql://user:password@postgres:5432/database, or let make-secrets do it",
        )
    return unquote(parts.password)


def _unusable(name: str, why: str) -> StackError:
    return StackError(f"the secret {name} {why}", where="secrets", remedy="run deploy/compose/make-secrets")
