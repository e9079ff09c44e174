"""The console over fulfilment's own database, used as a browser would: pages, forms, buttons."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from argon2 import PasswordHasher
from tests.connected.console.browser import Browser
from tests.connected.fulfilment.conftest import customers, desk, fulfilment, others, settings

from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.console.app import console_app
from dsr_fulfilment.handlers.accounts import Accounts

__all__ = ["customers", "desk", "fulfilment", "others", "settings"]

PASSWORD = "oikea hevonen paristo"


@pytest.fixture
def accounts(fulfilment: Fulfilment) -> Accounts:
    """A quick hash: how long one takes is not what these tests are about."""
    tools = fulfilment.tools
    return Accounts(tools.database, tools.ring, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
async def visitor(fulfilment: Fulfilment, settings: FulfilmentSettings) -> AsyncIterator[Callable[[], Browser]]:
    """Open a browser that nobody signed in with."""
    app, opened = console_app(fulfilment.tools, settings), []

    def open_browser() -> Browser:
        opened.append(Browser.on(app, settings.console_url))
        return opened[-1]

    yield open_browser
    for browser in opened:
        await browser.close()


@pytest.fixture
def signed_in(accounts: Accounts, visitor: Callable[[], Browser]) -> Callable[..., Awaitable[Browser]]:
    """Make a user and sign in: `await signed_in("owner", controller="esimerkki", name="matti")`."""

    async def sign_in(role: str = "handler", controller: str = "esimerkki", name: str = "matti") -> Browser:
        await accounts.add(controller, name, PASSWORD, role)
        browser = visitor()
        page = await browser.open("/sign-in")
        page = await browser.submit(page.form("#sign-in"), controller=controller, name=name, password=PASSWORD)
        assert "Sign in" not in page.title, page.text
        return browser

    return sign_in
