"""Intake's API on a real PostgreSQL, called as a program calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL
from tests.connected.intake.conftest import (  # noqa: F401 - fixtures of the same service
    browser,
    case_keys,
    fulfilment_keys,
    intake,
    rings,
    settings,
)

from dsr_intake.bootstrap import Intake
from dsr_intake.domain.api_key import ApiKeyText
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site

MakeKey = Callable[..., Awaitable[ApiKeyText]]


@pytest.fixture
def make_key(intake: Intake) -> MakeKey:  # noqa: F811
    async def make(controller: str = "esimerkki", name: str = "asiakaspalvelu", days: int = 30) -> ApiKeyText:
        key, _ = await intake.api_keys.add(controller, name, days)
        return key

    return make


@pytest.fixture
async def api(intake: Intake, make_key: MakeKey) -> AsyncIterator[httpx.AsyncClient]:  # noqa: F811
    """A program with a key of esimerkki, somewhere on the network behind a proxy of ours."""
    app = build_app(make_site(intake), public_url=PUBLIC_URL)
    transport = httpx.ASGITransport(app, client=("10.1.2.3", 50000))
    headers = {"authorization": f"Bearer {(await make_key()).text}"}
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=headers) as client:
        yield client
