"""The project's own code as syntax trees, each file read once."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = {
    "dsr_shared": ROOT / "shared",
    "dsr_intake": ROOT / "services" / "intake",
    "dsr_fulfilment": ROOT / "services" / "fulfilment",
    "dsr_notifier": ROOT / "services" / "notifier",
    "kuukausi": ROOT / "deploy" / "local",
}
SERVICES: Final = ("dsr_intake", "dsr_fulfilment", "dsr_notifier")
IN_PRODUCTION: Final = ("dsr_shared", *SERVICES)


@dataclass(frozen=True)
class Source:
    """One Python file; `name` is its path below the root."""

    name: str
    tree: ast.Module


def sources(*packages: str) -> Iterator[Source]:
    """All modules of the packages."""
    for package in packages:
        for path in sorted((PACKAGES[package] / "src" / package).rglob("*.py")):
            yield read(path)


def modules_with_tests() -> Iterator[Source]:
    """All modules with tests."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        yield read(path)


@cache
def read(path: Path) -> Source:
    return Source(str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"), str(path)))
