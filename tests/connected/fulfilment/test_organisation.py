"""A request for an organisation: a person decides who may ask, and all of its contact persons are searched."""

import secrets
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from uuid6 import uuid7

from dsr_fulfilment.handlers import staff
from dsr_fulfilment.handlers.requests import verify
from dsr_shared.contracts.requests import RequestReceivedV1
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1, PersonV1
from dsr_shared.contracts.words import READERS, Right
from dsr_shared.sealing import SealContext, new_data_key, seal_model

pytestmark = pytest.mark.connected
CONTACTS = """
CREATE TABLE contacts (id int PRIMARY KEY, company text, company_id text, name text NOT NULL, email text);
CREATE TABLE calls (contact_id int NOT NULL REFERENCES contacts, line int, body text, PRIMARY KEY (contact_id, line));
INSERT INTO contacts VALUES
    (1, 'Tuotanto Oy', '0112038-9', 'Kaarina Myyjä', 'kaarina@tuotanto.example'),
    (2, 'TUOTANTO OY', '01120389', 'Pekka Ostaja', NULL),
    (3, 'Muu Oy', '1572860-0', 'Maija Muu', 'maija@muu.example');
INSERT INTO calls VALUES (1, 1, 'Soitti'), (2, 1, 'Kysyi hintaa'), (3, 1, 'Tilasi');
"""
TABLES = """
      - name: contacts
        label: {fi: Yhteyshenkilöt, sv: Kontaktpersoner, en: Contact persons}
        category: contact
        primary_key: [id]
        columns:
          id: {label: {fi: Numero, sv: Nummer, en: Number}}
          company: {label: {fi: Yritys, sv: Företag, en: Company}}
          company_id: {label: {fi: Y-tunnus, sv: FO-nummer, en: Business ID}}
          name: {label: {fi: Nimi, sv: Namn, en: Name}}
          email: {label: {fi: Sähköposti, sv: E-post, en: E-mail}}
        identifiers:
          - {name: email, column: email, normalise: email}
          - {name: business_id, column: company_id, normalise: digits}
          - {name: organisation_name, column: company, normalise: upper}
        on_file_email: email
        person_name: [name]
      - name: calls
        label: {fi: Puhelut, sv: Samtal, en: Calls}
        category: notes
        primary_key: [contact_id, line]
        columns:
          contact_id: {label: {fi: Yhteyshenkilö, sv: Kontaktperson, en: Contact}}
          line: {label: {fi: Rivi, sv: Rad, en: Line}}
          body: {label: {fi: Teksti, sv: Text, en: Text}}
        belongs_to: {table: contacts, columns: {contact_id: id}}
  - id: folder
"""


@pytest.fixture
async def customers(customers: str) -> str:
    connection = await asyncpg.connect(customers)
    await connection.execute(CONTACTS)
    await connection.close()
    return customers


@pytest.fixture
async def settings(settings):
    path = settings.registers_directory / "esimerkki.yaml"
    path.write_text(path.read_text().replace("  - id: folder\n", TABLES.lstrip("\n"), 1))
    return settings


async def ask(others, *rights: Right, **who: str) -> UUID:
    """As the form of intake tells it."""
    case_id, event_id, key = uuid7(), uuid7(), new_data_key("arrival")
    person = PersonV1(sender_email="johtaja@tuotanto.example", sender_name="Jaana Johtaja", **who)
    message = MessageV1(text="Lopetamme.", evidence=(EvidenceV1(words="whose: organisation"),))
    context = {name: SealContext(event_id, "request_received", case_id, name) for name in ("person", "message")}
    event = RequestReceivedV1(
        arrival_id=case_id,
        channel="form",
        received_at=datetime.now(UTC),
        language="fi",
        rights=rights,
        is_on_behalf=True,
        needs_person=True,
        confidence=1.0,
        person=seal_model(key, person, context["person"]),
        message=seal_model(key, message, context["message"]),
        raw_sha256=secrets.token_hex(32),
        whose="organisation",
    )
    keys = tuple(others.public.wrap(key, reader) for reader in READERS["arrival"])
    await others.send(case_id, event, event_id=event_id, keys=keys)
    return case_id


async def contacts(url: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        query = (
            "select c.id, count(n.line) from contacts c left join calls n on n.contact_id = c.id group by 1 order by 1"
        )
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


async def let_in(desk, case_id: UUID, *rights: Right) -> None:
    """Staff confirm what is asked, and then that the writer may ask it."""
    tools = desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        await staff.confirm_rights(tools, conn, case_id, rights, "matti")
    await desk.work()
    case = await desk.case(case_id)
    assert (case.state, case.needs_person) == ("awaiting_identity", "organisation")
    async with tools.database.transaction("esimerkki") as conn:
        await verify(tools, conn, await desk.case(case_id), "staff:matti")
    await desk.work()


@pytest.mark.promise("P17")
async def test_every_contact_person_of_the_organisation_is_erased_after_a_person_let_the_writer_ask(
    desk, others, customers
) -> None:
    case_id = await ask(others, "erasure", organisation_name="Tuotanto Oy", business_id="0112038-9")
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_rights"
    assert await desk.letters(case_id) == ["acknowledgement"]
    await let_in(desk, case_id, "erasure")
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert await contacts(customers) == [(1, 1), (2, 1), (3, 1)], "nothing before approval"
    await desk.approve(case_id)
    await desk.work()
    assert await contacts(customers) == [(3, 1)]
    assert (await desk.case(case_id)).state == "closed"
    letters = await desk.letters(case_id)
    assert "challenge" not in letters
    assert letters[-1] == "erasure_reply"


@pytest.mark.promise("P17")
async def test_an_association_without_a_business_id_is_searched_by_its_name(desk, others, customers) -> None:
    case_id = await ask(others, "erasure", organisation_name="Tuotanto oy")
    await desk.work()
    await let_in(desk, case_id, "erasure")
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    await desk.approve(case_id)
    await desk.work()
    assert await contacts(customers) == [(3, 1)]


async def test_an_organisation_that_nobody_knows_gets_no_link_either(desk, others) -> None:
    case_id = await ask(others, "access", organisation_name="Tuntematon Oy", business_id="2331972-7")
    await desk.work()
    tools = desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        await staff.confirm_rights(tools, conn, case_id, ("access",), "matti")
    await desk.work()
    assert (await desk.case(case_id)).needs_person == "organisation"
    assert await desk.letters(case_id) == ["acknowledgement"]
