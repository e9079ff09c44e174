"""The console over fulfilment's own database, used as a browser would: pages, forms, buttons."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from argon2 import PasswordHasher
from tests.connected.console.browser import Browser
from tests.connected.fulfilment import conftest as case_desk

from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.console.app import console_app
from dsr_fulfilment.entrypoints.console.guard import Guard
from dsr_fulfilment.handlers.accounts import Accounts

PASSWORD = "oikea hevonen paristo"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""How long a hash takes is not what these tests are about."""

customers, fulfilment, others, desk = case_desk.customers, case_desk.fulfilment, case_desk.others, case_desk.desk
one_company = case_desk.settings


@pytest.fixture
async def settings(one_company: FulfilmentSettings) -> FulfilmentSettings:
    """Beside the company of the cases there is another one in the same installation."""
    register = one_company.registers_directory / "esimerkki.yaml"
    text = register.read_text().replace("id: esimerkki\nname: Esimerkki Oy", "id: toinen\nname: Toinen Oy")
    register.with_name("toinen.yaml").write_text(text)
    secrets = one_company.connector_secrets_directory
    shutil.copytree(secrets / "esimerkki", secrets / "toinen")
    return one_company


@pytest.fixture
def accounts(fulfilment: Fulfilment) -> Accounts:
    return Accounts(fulfilment.tools.database, fulfilment.tools.ring, QUICK)


@pytest.fixture
def app(fulfilment: Fulfilment, settings: FulfilmentSettings, accounts: Accounts) -> Guard:
    return console_app(fulfilment.tools, settings, accounts)


@pytest.fixture
async def visitor(app: Guard, settings: FulfilmentSettings) -> AsyncIterator[Callable[[], Browser]]:
    """Open a browser that nobody signed in with."""
    opened: list[Browser] = []

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
        page = await browser.sign_in(controller, name, PASSWORD)
        assert "Sign in" not in page.title, page.text
        return browser

    return sign_in
