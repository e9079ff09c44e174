"""Key rings on the first start: each service's volume gets its own private ring and the public keys, nothing else.

Never replaces a ring, and never completes a set of which a part is missing: what the lost ring wrapped would stay shut.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from dsr_shared.contracts.words import SERVICES
from dsr_shared.keyring import create_key_rings
from dsr_shared.keyring_files import PUBLIC_KEYS_NAME
from kuukausi.compose.step import run_step
from kuukausi.errors import StackError

ROOT: Final = Path("/keys")
"""One volume below it for each service, by name."""


def deliver_key_rings(root: Path) -> bool:
    """Make the rings unless they are there; whether they were made. Raises StackError where some are gone."""
    wanted = [path for service in SERVICES for path in _files_of(root, service)]
    present = [path for path in wanted if path.exists()]
    if len(present) == len(wanted):
        return False
    if present:
        missing = ", ".join(str(path) for path in wanted if path not in present)
        raise StackError(
            f"a part of the key rings is gone: {missing}",
            where=str(root),
            remedy="restore the key volumes from your backup; a new ring cannot open what the lost one wrapped",
        )
    with tempfile.TemporaryDirectory() as made:
        create_key_rings(Path(made) / "rings")
        for path in wanted:
            _copy(Path(made) / "rings" / path.name, path)
    return True


def _files_of(root: Path, service: str) -> tuple[Path, Path]:
    return root / service / f"{service}.keyring.json", root / service / PUBLIC_KEYS_NAME


def _copy(source: Path, target: Path) -> None:
    """With its mode, and safely on disk before it has its name."""
    arriving = target.with_name(f".{target.name}")
    shutil.copy(source, arriving)
    with arriving.open("rb") as file:
        os.fsync(file.fileno())
    arriving.replace(target)


def main() -> None:
    deliver_key_rings(ROOT)


if __name__ == "__main__":
    run_step("key rings", main)
