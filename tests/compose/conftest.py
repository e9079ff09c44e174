"""The compose stack, built and brought up once for all tests of this folder.

KUUKAUSI_KEEP_COMPOSE=1 leaves its containers running afterwards, to look into them.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.compose.compose_stack import ROOT, ComposeStack, engine_is_there


@pytest.fixture(scope="session")
def secrets_directory() -> Iterator[Path]:
    """Not pytest's own directory, which other runs on this machine tidy up while containers still read from it."""
    with tempfile.TemporaryDirectory(prefix="kuukausi-compose-") as directory:
        subprocess.run([ROOT / "deploy/compose/make-secrets", "--demo", directory], check=True, capture_output=True)
        yield Path(directory)


@pytest.fixture(scope="session")
def stack(secrets_directory: Path) -> Iterator[ComposeStack]:
    if not engine_is_there():
        assert not os.environ.get("CI"), "there is no Docker engine with compose; .ci/run starts one"
        pytest.skip("there is no Docker engine with compose here; install Docker to run these tests")
    stack = ComposeStack(secrets_directory)
    try:
        stack.run("build")
        _up(stack)
        yield stack
    finally:
        if os.environ.get("KUUKAUSI_KEEP_COMPOSE") is None:
            stack.down()


def _up(stack: ComposeStack) -> None:
    try:
        stack.up()
    except AssertionError:
        print(_said(stack))
        raise


def _said(stack: ComposeStack) -> str:
    return stack.run("logs", "--no-color", "--tail", "30", check=False).stdout[-12_000:]


@pytest.fixture(autouse=True)
def _logs_of_failures(request: pytest.FixtureRequest) -> Iterator[None]:
    """A failure here is mostly explained by what the containers said."""
    yield
    report = getattr(request.node, "report_call", None)
    if report is not None and report.failed and "stack" in request.fixturenames:
        stack: ComposeStack = request.getfixturevalue("stack")
        print(_said(stack))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    setattr(item, f"report_{report.when}", report)
    return report
