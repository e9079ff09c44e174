"""The operating-system account that PostgreSQL runs as when the stack is started by root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kuukausi.errors import DidNotStart

_ACCOUNT: Final = "kuukausi"
_OTHERS_MAY_ENTER: Final = 0o001


@dataclass(frozen=True)
class Account:
    """Whom a program runs as: our own user, or another one when we are root."""

    uid: int
    gid: int
    is_ours: bool

    def own(self, directory: Path) -> None:
        """Make a new directory that only this account may enter."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self.is_ours:
            os.chown(directory, self.uid, self.gid)

    def leash_user(self, *needed: Path) -> str | None:
        """As the leash reads it; with the right to reach `needed` when a directory above them is closed to others."""
        if self.is_ours:
            return None
        reach = "" if all(_anyone_may_reach(path) for path in needed) else ":reach"
        return f"{self.uid}:{self.gid}{reach}"


def account_for_postgres() -> Account:
    """Our own, unless we are root, as whom PostgreSQL refuses to run: then the system account `kuukausi`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_ours=True)
    entry = _entry() or _create()
    return Account(entry.pw_uid, entry.pw_gid, is_ours=False)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(_ACCOUNT)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _ACCOUNT]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        if (entry := _entry()) is not None:  # another start made it in the same moment
            return entry
        raise DidNotStart(
            "PostgreSQL refuses to run as root, and the account to run it as could not be made",
            where=" ".join(command),
            remedy="start Kuukausi as an ordinary user, or add a system user named `kuukausi`",
        ) from error
    return pwd.getpwnam(_ACCOUNT)


def _anyone_may_reach(path: Path) -> bool:
    return all(parent.stat().st_mode & _OTHERS_MAY_ENTER for parent in path.resolve().parents)
