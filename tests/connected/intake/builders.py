"""Made-up controllers, events and forms for the tests of intake."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from uuid import UUID

import httpx
from uuid6 import uuid7

from dsr_shared.contracts.base import Envelope, Event
from dsr_shared.contracts.cases import CaseStageChangedV1
from dsr_shared.contracts.controllers import AuthorityV1, ControllerPublishedV1
from dsr_shared.contracts.words import Right, Stage
from dsr_shared.inbox import Received

PUBLIC_URL = "http://localhost:8080"
_CONTROLLER_STREAM = UUID("00000000-0000-7000-8000-000000000001")


def a_register(name: str = "esimerkki", **changes: object) -> ControllerPublishedV1:
    values: dict[str, object] = {
        "register_version": 1,
        "name": f"{name.capitalize()} Verkkopalvelut Oy",
        "languages": ("fi", "sv", "en"),
        "brand_colour": "#7A2E4D",
        "contact_email": f"tietosuoja@{name}.example",
        "contact_phone": "09 000 0000",
        "phone_hours": {"fi": "arkisin kello 9–16", "sv": "vardagar kl. 9–16", "en": "weekdays 9–16"},
        "postal_address": "Esimerkkikatu 1, 00100 Helsinki",
        "sender_name": "Esimerkki",
        "mail_hosts": (f"mx.{name}.example",),
        "public_url": PUBLIC_URL,
        "authority": AuthorityV1(
            name={
                "fi": "Tietosuojavaltuutetun toimisto",
                "sv": "Dataombudsmannens byrå",
                "en": "Data Protection Ombudsman",
            },
            postal_address="PL 800, 00531 Helsinki",
            phone="029 566 6700",
            email="tietosuoja@om.fi",
            website="https://tietosuoja.fi",
            checked_on=date(2026, 11, 2),
        ),
    }
    return ControllerPublishedV1(**{**values, **changes})


def stage_changed(stage: Stage, reference: str, *rights: Right, **changes: object) -> CaseStageChangedV1:
    """What fulfilment tells of a case that came now; an access request in English, unless the test says otherwise."""
    now = datetime.now(UTC)
    values: dict[str, object] = {
        "reference": reference,
        "stage": stage,
        "rights": rights or ("access",),
        "language": "en",
        "received_at": now,
        "due_on": (now + timedelta(days=30)).date(),
        "changed_at": now,
    }
    return CaseStageChangedV1(**{**values, **changes})


def received(controller_id: str, event: Event, case_id: UUID = _CONTROLLER_STREAM, sequence: int = 1) -> Received:
    event_id = uuid7()
    envelope = Envelope(
        event_id=event_id,
        type=event.TYPE,
        version=event.VERSION,
        controller_id=controller_id,
        case_id=case_id,
        sequence=sequence,
        occurred_at=datetime.now(UTC),
        producer="fulfilment",
        correlation_id=event_id,
        data=event.model_dump(mode="json"),
    )
    return Received(envelope, event)


def hidden_state(page: httpx.Response) -> str:
    match = re.search(r'name="state" value="([^"]+)"', page.text)
    assert match, page.text
    return unescape(match[1])


async def filled_form(browser: httpx.AsyncClient, *, email: str = "aino@posti.example", **changes: object) -> str:
    """Go through the steps as a person would, up to the last one; returns its sealed state."""
    page = await browser.get("/esimerkki/")
    choices = changes.pop("choices", ["access", "erasure"])
    data = {"state": hidden_state(page), "step": "what", "choice": choices}
    page = await browser.post("/esimerkki/", data=data)
    fields = {"name": "Aino Esimerkki", "email": email, "message": "", "whose": "self", **changes}
    page = await browser.post("/esimerkki/", data={"state": hidden_state(page), "step": "who", **fields})
    assert page.status_code == 200, page.text
    return hidden_state(page)
