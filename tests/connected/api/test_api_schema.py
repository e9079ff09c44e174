"""Schemathesis reads the API's own description and calls the running API with what fits it and with what does not."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.connected.intake.builders import PUBLIC_URL

from dsr_intake.bootstrap import Intake
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.supervise import serve_app
from dsr_shared.testing import wait_until
from kuukausi.stack.ports import free_ports

pytestmark = pytest.mark.connected
EXAMPLES = 25
SEED = 4
MOST_SECONDS = 120
NOT_CHECKED = "positive_data_acceptance"
"""Some fields are needed only beside others (words for a rectification); those rules are in the descriptions."""


@pytest.fixture
def settings(settings: IntakeSettings) -> IntakeSettings:
    """More calls than any program makes."""
    return settings.model_copy(update={"api_calls_an_hour": 1_000_000})


@pytest.fixture
async def address(intake: Intake) -> AsyncIterator[str]:
    """Where the API listens: the same application as in production, on a port of this machine."""
    (port,) = free_ports(1)
    stop = asyncio.Event()
    app = build_app(make_site(intake), public_url=PUBLIC_URL)
    serving = asyncio.create_task(serve_app(app, host="127.0.0.1", port=port)(stop))
    await wait_until(lambda: _listens(port), 10, "the API")
    yield f"http://127.0.0.1:{port}/esimerkki/api/v1"
    stop.set()
    await serving


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


async def test_whatever_is_sent_the_api_keeps_to_its_description(address: str, make_key, tmp_path: Path) -> None:
    key = await make_key(name="schemathesis")
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json", "--url", address),
        *("--header", f"Authorization: Bearer {key.text}", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
        *("--exclude-checks", NOT_CHECKED, "--generation-database", "none", "--no-color"),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            said, _ = await child.communicate()
    finally:
        if child.returncode is None:
            child.kill()
    assert child.returncode == 0, said.decode()[-6000:]
