"""From the click in a newsletter to the sample company's newsletter list: both services, nobody in between."""

import json
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.connected.fulfilment.builders import OtherServices
from tests.connected.fulfilment.desk import Desk

from dsr_fulfilment.bootstrap import build
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.handlers.events import event_handlers
from dsr_intake.bootstrap import Intake
from dsr_shared.contracts.base import Envelope
from dsr_shared.inbox import Handled, Record
from dsr_shared.inbox.consume import Inbox
from dsr_shared.keyring import PublicKeys
from kuukausi.sample import ASKS_BY_MAIL, SampleAccess, create_sample, example_registers

pytestmark = pytest.mark.connected


@pytest.fixture
async def sample(postgres_server) -> SampleAccess:
    return await create_sample(postgres_server.admin_url, prefix=f"click_{secrets.token_hex(3)}")


@pytest.fixture
async def desk(service_database, sample: SampleAccess, rings: Path, tmp_path: Path) -> AsyncIterator[Desk]:
    """Fulfilment with the example registers, beside the intake of these tests."""
    for (controller, secret), url in sample.secrets.items():
        (tmp_path / "secrets" / controller).mkdir(parents=True, exist_ok=True)
        (tmp_path / "secrets" / controller / secret).write_text(url)
    fulfilment = await build(
        FulfilmentSettings(
            database_url=(await service_database("fulfilment")).app_url,
            kafka_bootstrap_servers="127.0.0.1:1",
            kafka_username="fulfilment",
            kafka_password="not used here",
            keyring_path=rings / "fulfilment.keyring.json",
            public_keys_path=rings / "public-keys.json",
            blob_directory=tmp_path / "blobs",
            health_port=0,
            console_port=0,
            console_url="http://localhost:8081",
            intake_url="http://localhost:8080",
            registers_directory=example_registers(),
            connector_secrets_directory=tmp_path / "secrets",
        )
    )
    tools = fulfilment.tools
    inbox = Inbox(tools.database, "fulfilment", tools.keys, event_handlers(tools), tools.outbox)
    yield Desk(fulfilment, OtherServices(inbox, PublicKeys.load(rings / "public-keys.json")))
    await tools.connectors.close()
    await tools.database.close()


async def carry(intake: Intake, desk: Desk) -> list[Envelope]:
    """Bring what intake told to fulfilment, byte by byte as Kafka would."""
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch("select payload from outbox order by created_at, sequence")
    envelopes = [Envelope.model_validate(json.loads(row["payload"])) for row in rows]
    for offset, envelope in enumerate(envelopes):
        record = Record("requests.v1", 0, offset, None, envelope.model_dump_json().encode())
        assert await desk.others.inbox.consume(record) == Handled(had_handler=True)
    return envelopes


async def consents(sample: SampleAccess) -> dict[str, list[datetime | None]]:
    connection = await asyncpg.connect(sample.admin_urls["portal"])
    try:
        rows = await connection.fetch("select email, withdrawn_at from newsletter_consents order by email, list")
    finally:
        await connection.close()
    found: dict[str, list[datetime | None]] = {}
    for row in rows:
        found.setdefault(row["email"], []).append(row["withdrawn_at"])
    return found


@pytest.mark.promise("P08")
@pytest.mark.promise("P09")
async def test_one_click_ends_the_newsletter_within_a_minute_and_the_case_closes_by_itself(
    browser: httpx.AsyncClient, intake: Intake, desk: Desk, sample: SampleAccess
) -> None:
    before, clicked_at = await consents(sample), datetime.now(UTC)
    assert None in before[ASKS_BY_MAIL.email]
    link = f"/esimerkki/unsubscribe/{intake.tokens.make('esimerkki', ASKS_BY_MAIL.email)}"
    assert (await browser.post(link, data={"List-Unsubscribe": "One-Click"})).status_code == 200
    (envelope,) = await carry(intake, desk)
    await desk.work()
    after = await consents(sample)
    assert all(day is not None and day - clicked_at < timedelta(minutes=1) for day in after.pop(ASKS_BY_MAIL.email))
    before.pop(ASKS_BY_MAIL.email)
    assert after == before, "nobody else's"
    case = await desk.case(envelope.case_id)
    assert (case.state, case.needs_person) == ("closed", None)
    assert await desk.letters(case.case_id) == ["confirmation"]
    assert await desk.outcomes(case.case_id) == {"archive": "not_searched", "crm": "not_searched", "portal": "found"}


@pytest.mark.promise("P08")
async def test_a_consent_withdrawn_on_the_api_ends_the_newsletter_too(
    api: httpx.AsyncClient, intake: Intake, desk: Desk, sample: SampleAccess
) -> None:
    body = {"rights": ["consent_withdrawal"], "name": "Aino Esimerkki", "email": ASKS_BY_MAIL.email}
    assert (await api.post("/esimerkki/api/v1/requests", json=body)).status_code == 201
    (envelope,) = await carry(intake, desk)
    await desk.work()
    assert None not in (await consents(sample))[ASKS_BY_MAIL.email]
    assert (await desk.case(envelope.case_id)).state == "closed"
