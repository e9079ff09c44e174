"""The layers hold, and each package can be installed and started alone."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from tests.architecture.sources import PACKAGES, ROOT, SERVICES, sources

FOREIGN_IMPORTS = """
import sys, {package}.entrypoints.service
print(*sorted({{name.split(".")[0] for name in sys.modules}} & {{{others}}}))
"""
COMPANIONS = {"pydantic-core": "pydantic", "markupsafe": "jinja2"}
"""Distributions that always come with another one, of the same makers, and are part of its interface."""


def test_the_layers_hold() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    checked = subprocess.run([lint, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_it_declares(package: str) -> None:
    known = packages_distributions()
    declared = declared_by(package)
    undeclared = {
        f"{source.name}: {module}"
        for source in sources(package)
        for module in imported(source.tree) - set(sys.stdlib_module_names) - {package}
        if not {distribution(name) for name in known.get(module, [module])} & declared
    }
    assert undeclared == set()


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_without_the_code_of_the_others(service: str) -> None:
    others = ", ".join(repr(package) for package in PACKAGES if package not in {service, "dsr_shared"})
    code = FOREIGN_IMPORTS.format(package=service, others=others)
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def declared_by(package: str) -> set[str]:
    """The distributions that come with an installation of the package: its own and those of our packages in it."""
    project = tomllib.loads((PACKAGES[package] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {normal(re.split(r"[\[<>=~! ;]", line, maxsplit=1)[0]) for line in project["dependencies"]}
    ours = {name.replace("-", "_") for name in names} & set(PACKAGES)
    return names.union(*(declared_by(name) for name in ours))


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").split(".")[0])
    return found


def distribution(name: str) -> str:
    return COMPANIONS.get(normal(name), normal(name))


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
