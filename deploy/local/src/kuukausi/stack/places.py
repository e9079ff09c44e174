"""Where the stack keeps things, by the XDG base directories."""

import os
import re
from pathlib import Path
from typing import Final

from kuukausi.errors import WrongUse

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def cache_directory() -> Path:
    """Downloads, shared by all stacks of this user; safe to delete while none runs."""
    return _base("XDG_CACHE_HOME", ".cache") / "kuukausi"


def state_directory(name: str) -> Path:
    """All that one stack is: data, keys, secrets, logs. Not created here."""
    if not _NAME.fullmatch(name):
        raise WrongUse(
            f"{name!r} cannot be the name of a stack",
            where="--name",
            remedy="use lower-case letters, digits and hyphens, 31 at most, such as `acme`",
        )
    return _base("XDG_STATE_HOME", ".local/state") / "kuukausi" / name


def all_state_directories() -> list[Path]:
    """Every stack that this user ever started."""
    root = _base("XDG_STATE_HOME", ".local/state") / "kuukausi"
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _base(variable: str, default: str) -> Path:
    value = os.environ.get(variable, "")
    return Path(value) if value.startswith("/") else Path.home() / default
