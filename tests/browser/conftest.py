"""Real pages in a real Chromium: intake's and the console's, each on a database of its own, for the whole run."""

import os
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from playwright.async_api import Browser, BrowserContext, async_playwright
from tests.browser.served import served
from tests.connected.fulfilment.builders import OtherServices, here, make_customers
from tests.connected.fulfilment.desk import Desk
from tests.connected.intake.builders import a_register, received

from dsr_fulfilment.bootstrap import build as build_fulfilment
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.console.app import console_app
from dsr_fulfilment.handlers.accounts import Accounts
from dsr_fulfilment.handlers.events import event_handlers
from dsr_intake.bootstrap import Intake
from dsr_intake.bootstrap import build as build_intake
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.inbox.consume import Inbox
from dsr_shared.keyring import PublicKeys, create_key_rings

NAMES = ("chromium", "chromium-browser", "google-chrome")
PASSWORD = "oikea hevonen paristo"
session = pytest_asyncio.fixture(scope="session", loop_scope="session")


@session
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, steered by Playwright; nothing is downloaded."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        reason = "no Chromium here; install it, on Debian: apt-get install chromium"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    async with async_playwright() as playwright:
        sandbox = [] if os.geteuid() else ["--no-sandbox"]
        local = (
            "--disable-features=LocalNetworkAccessChecks"  # our pages are on this machine, those around them are not
        )
        browser = await playwright.chromium.launch(executable_path=path, args=[*sandbox, "--disable-gpu", local])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(chromium: Browser) -> AsyncIterator[Callable[..., Awaitable[BrowserContext]]]:
    """Open a browser that nobody used before: `await context(java_script_enabled=False)`."""
    opened: list[BrowserContext] = []

    async def open_context(**options: Any) -> BrowserContext:
        opened.append(await chromium.new_context(**options))
        opened[-1].set_default_timeout(15_000)
        return opened[-1]

    yield open_context
    for one in opened:
        await one.close()


@session
async def make_database(postgres_server: Any, _templates: Any) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    from kuukausi.stack.databases import create_database, drop_database
    from kuukausi.stack.databases import service_database as describe_database

    made: list[str] = []

    async def make(service: str) -> Any:
        template = await _templates.of(postgres_server, service, ("dsr_shared", f"dsr_{service}"))
        name = f"{service}_{secrets.token_hex(4)}"
        database = describe_database(postgres_server, service, _templates.passwords, name)
        await create_database(postgres_server, database, template)
        made.append(name)
        return database

    yield make
    for name in made:
        await drop_database(postgres_server, name)


@dataclass
class PublicWeb:
    url: str
    intake: Intake


@session
async def public_web(make_database: Any, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PublicWeb]:
    """Intake's pages for two companies, the second of which lets its own site show the form in a frame."""
    from kuukausi.stack.ports import free_ports

    (port,) = free_ports(1)
    home, url = tmp_path_factory.mktemp("intake"), f"http://127.0.0.1:{port}"
    create_key_rings(home / "keys")
    settings = IntakeSettings(
        database_url=(await make_database("intake")).app_url,
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="intake",
        kafka_password="not used here",
        keyring_path=home / "keys/intake.keyring.json",
        public_keys_path=home / "keys/public-keys.json",
        blob_directory=home / "blobs",
        health_port=0,
        web_port=port,
        public_url=url,
        sign_in_secrets_directory=home / "sign-in",
    )
    intake = await build_intake(settings)
    for controller_id, changes in (
        ("esimerkki", {}),
        ("kehys", {"brand_colour": "#FFF200", "embed_origins": ("https://www.kehys.example",)}),
    ):
        register = a_register(controller_id, public_url=url, **changes)
        async with intake.database.transaction(controller_id) as connection:
            await intake.events.handlers()[type(register)](connection, received(controller_id, register))
    async with served(build_app(make_site(intake), public_url=url), port):
        yield PublicWeb(url, intake)
    await intake.database.close()


@dataclass
class Console:
    url: str
    desk: Desk
    others: OtherServices
    accounts: Accounts


@session
async def console(
    make_database: Any, postgres_server: Any, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Console]:
    """The console with one company and its customer register."""
    import asyncpg

    from kuukausi.stack.ports import free_ports

    (port,) = free_ports(1)
    home, url, crm = tmp_path_factory.mktemp("console"), f"http://127.0.0.1:{port}", f"crm_{secrets.token_hex(4)}"
    admin = await asyncpg.connect(postgres_server.admin_url)
    await admin.execute(f"CREATE DATABASE {crm}")
    customers = postgres_server.admin_url.rsplit("/", 1)[0] + f"/{crm}"
    await make_customers(customers)
    settings = _fulfilment_settings(home, (await make_database("fulfilment")).app_url, url, customers)
    fulfilment = await build_fulfilment(settings)
    tools = fulfilment.tools
    accounts = Accounts(tools.database, tools.ring, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    inbox = Inbox(tools.database, "fulfilment", tools.keys, event_handlers(tools), tools.outbox)
    others = OtherServices(inbox, PublicKeys.load(settings.public_keys_path))
    async with served(console_app(tools, settings, accounts), port):
        yield Console(url, Desk(fulfilment, others), others, accounts)
    await tools.connectors.close()
    await tools.database.close()
    await admin.execute(f"DROP DATABASE {crm} WITH (FORCE)")
    await admin.close()


def _fulfilment_settings(home: Path, database_url: str, console_url: str, customers: str) -> FulfilmentSettings:
    create_key_rings(home / "keys")
    (home / "registers").mkdir()
    shutil.copy(here("esimerkki.yaml"), home / "registers")
    (home / "secrets/esimerkki").mkdir(parents=True)
    (home / "secrets/esimerkki/crm").write_text(customers)
    return FulfilmentSettings(
        database_url=database_url,
        kafka_bootstrap_servers="127.0.0.1:1",
        kafka_username="fulfilment",
        kafka_password="not used here",
        keyring_path=home / "keys/fulfilment.keyring.json",
        public_keys_path=home / "keys/public-keys.json",
        blob_directory=home / "blobs",
        health_port=0,
        console_port=0,
        console_url=console_url,
        intake_url="http://localhost:8080",
        registers_directory=home / "registers",
        connector_secrets_directory=home / "secrets",
    )
