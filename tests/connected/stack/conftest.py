"""A state directory of its own for each stack under test, and the end of whatever a failed test leaves."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from kuukausi.stack.layout import Layout
from kuukausi.stack.running import processes_of


@pytest.fixture
def state_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Below a directory closed to others, as root's home is: PostgreSQL's own user must get in all the same."""
    directory = Path(tempfile.mkdtemp(prefix="kuukausi-state-"))
    monkeypatch.setenv("XDG_STATE_HOME", str(directory))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def new_layout(state_home: Path) -> Iterator[Callable[[], Layout]]:
    made: list[Layout] = []

    def make() -> Layout:
        made.append(Layout.of(f"t-{secrets.token_hex(4)}"))
        return made[-1]

    yield make
    left = [process for layout in made for process in processes_of(layout)]
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)
