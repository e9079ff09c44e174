"""A writer whose domain imitates the one on file is marked for whoever decides."""

from datetime import UTC, datetime

import pytest
from tests.connected.fulfilment import conftest as company
from uuid6 import uuid7

from dsr_fulfilment.config import FulfilmentSettings
from dsr_shared.contracts.requests import RequestReceivedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.contracts.words import READERS
from dsr_shared.sealing import SealContext, new_data_key, seal_model

pytestmark = pytest.mark.connected
BY_EMAIL = "- {name: email, column: email, normalise: email}"
BY_NUMBER = BY_EMAIL + "\n          - {name: customer_number, column: id}"
plain_settings = company.settings


@pytest.fixture
async def settings(plain_settings: FulfilmentSettings) -> FulfilmentSettings:
    """The company also knows its customers by number."""
    register = plain_settings.registers_directory / "esimerkki.yaml"
    text = register.read_text(encoding="utf-8")
    assert BY_EMAIL in text
    register.write_text(text.replace(BY_EMAIL, BY_NUMBER), encoding="utf-8")
    return plain_settings


@pytest.mark.parametrize(("email", "is_marked"), [("aino@p0sti.example", True), ("aino@muualla.example", False)])
async def test_an_address_that_imitates_the_one_on_file_is_marked(others, desk, email, is_marked):
    case_id, event_id, key = uuid7(), uuid7(), new_data_key("arrival")
    context = {name: SealContext(event_id, "request_received", case_id, name) for name in ("person", "message")}
    event = RequestReceivedV1(
        arrival_id=case_id,
        channel="mail",
        received_at=datetime.now(UTC),
        language="fi",
        rights=("access",),
        is_on_behalf=False,
        needs_person=False,
        confidence=0.9,
        person=seal_model(key, PersonV1(email=email, identifiers={"customer_number": "1"}), context["person"]),
        message=seal_model(key, MessageV1(text="Haluan tietoni."), context["message"]),
        raw_sha256="0" * 64,
    )
    keys = tuple(others.public.wrap(key, reader) for reader in READERS["arrival"])
    await others.send(case_id, event, event_id=event_id, keys=keys)
    await desk.work_without_mail()
    evidence = (await desk.case(case_id)).sender_evidence
    assert (evidence is not None and evidence.is_look_alike) is is_marked
