"""Fulfilment beside two databases of a small company, and a second company on the same installation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.connected.breach.desk import BreachDesk
from tests.connected.breach.people import CRM, PORTAL, make
from tests.connected.console.conftest import accounts, app, signed_in, visitor
from tests.connected.fulfilment.company import a_database, settings_of
from tests.connected.fulfilment.conftest import desk, fulfilment, others

from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.config import FulfilmentSettings
from dsr_shared.keyring import PublicKeys

__all__ = ["accounts", "app", "desk", "fulfilment", "others", "signed_in", "visitor"]

OTHER_COMPANY = "toinen"


@pytest.fixture
async def databases(postgres_server) -> AsyncIterator[dict[str, str]]:
    """Addresses of the customer register and the portal."""
    admin_url = postgres_server.admin_url
    async with (
        a_database(admin_url, "crm", lambda url: make(url, CRM)) as crm,
        a_database(admin_url, "portal", lambda url: make(url, PORTAL)) as portal,
    ):
        yield {"crm": crm, "portal": portal}


@pytest.fixture
async def settings(service_database, databases: dict[str, str], tmp_path: Path) -> FulfilmentSettings:
    register = Path(__file__).with_name("esimerkki.yaml").read_text()
    registers = {
        company: register.replace("id: esimerkki", f"id: {company}", 1).replace(
            "Esimerkki Oy", f"{company.title()} Oy", 1
        )
        for company in ("esimerkki", OTHER_COMPANY)
    }
    return settings_of(tmp_path, (await service_database("fulfilment")).app_url, registers, databases)


@pytest.fixture
def breach_desk(fulfilment: Fulfilment, settings: FulfilmentSettings, desk) -> BreachDesk:
    """The desk, and the notifier's own key ring to read letters with."""
    return BreachDesk(
        fulfilment,
        desk,
        settings.keyring_path.with_name("notifier.keyring.json"),
        PublicKeys.load(settings.public_keys_path),
    )
