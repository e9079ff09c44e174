"""The sample companies' databases on a server of their own, and the addresses by which connectors reach them."""

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import quote

from kuukausi.compose.secrets import secret
from kuukausi.compose.step import run_step
from kuukausi.sample import create_sample

CONNECTORS: Final = Path("/connectors")
_MARK: Final = ".complete"


def prepare(admin_url: str, directory: Path) -> bool:
    """Make the sample unless it is there already: a second start must not bring back what was erased."""
    mark = directory / _MARK
    if mark.exists():
        return False
    asyncio.run(create_sample(admin_url)).write_secrets(directory)
    mark.touch()
    return True


def main() -> None:
    password = quote(secret("sample_admin_password"))
    prepare(f"postgresql://postgres:{password}@sample-db:5432/postgres", CONNECTORS)


if __name__ == "__main__":
    run_step("sample companies", main)
