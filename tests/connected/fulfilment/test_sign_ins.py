"""A sign-in at the company's provider: whom it verifies, what goes to a person, and what the outside never learns."""

import json
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from tests.connected.fulfilment import conftest as company
from tests.connected.fulfilment.builders import OtherServices
from tests.connected.fulfilment.desk import Desk

from dsr_fulfilment.adapters import evidence, work
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.domain.evidence import Unbroken
from dsr_fulfilment.handlers import keys, staff
from dsr_fulfilment.handlers.sealed import choose_letter_address, open_letter_address
from dsr_shared.contracts.sealed import PersonV1

pytestmark = pytest.mark.connected
BY_EMAIL = "- {name: email, column: email, normalise: email}"
BY_NUMBER = BY_EMAIL + "\n          - {name: customer_number, column: id}"
AINO, OTHER = (PersonV1(name="Aino Esimerkki", identifiers={"customer_number": number}) for number in ("1", "2"))
NOBODY = PersonV1(name="Aino Esimerkki", identifiers={"customer_number": "99"})
plain_settings = company.settings


@pytest.fixture
async def settings(plain_settings: FulfilmentSettings) -> FulfilmentSettings:
    """The company also knows its customers by number."""
    register = plain_settings.registers_directory / "esimerkki.yaml"
    register.write_text(register.read_text(encoding="utf-8").replace(BY_EMAIL, BY_NUMBER), encoding="utf-8")
    return plain_settings


async def open_tasks(desk: Desk, case_id: UUID) -> list[str]:
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        return [task.kind for task in await work.tasks(conn, case_id) if task.is_open]


async def matched(desk: Desk, case_id: UUID) -> list[dict[str, object]]:
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        chain = await evidence.entries(conn, case_id)
    return [dict(entry.facts) for entry in chain if entry.kind == "sign_in_matched"]


async def letters_go_to(desk: Desk, case_id: UUID) -> str | None:
    tools = desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        return await open_letter_address(tools, conn, await desk.case(case_id))


async def test_the_person_of_the_case_is_verified_by_signing_in(others: OtherServices, desk: Desk) -> None:
    case_id = await others.request("access")
    await desk.work()
    assert (await desk.case(case_id)).state == "identifying"
    await others.sign_in(case_id, AINO)
    await desk.work()
    case = await desk.case(case_id)
    assert (case.is_verified, case.state) == (True, "awaiting_paper")
    [facts] = await matched(desk, case_id)
    assert (facts["asked"], facts["known_in"], facts["outcome"]) == (["crm"], ["crm"], "verified")
    assert "identify" not in await open_tasks(desk, case_id)


async def test_the_answer_goes_to_the_address_on_file_whatever_letters_went_to_before(
    others: OtherServices, desk: Desk
) -> None:
    """Who only made the person sign in must not get the answer."""
    case_id, tools = await others.request("access"), desk.fulfilment.tools
    await desk.work()
    async with tools.database.transaction("esimerkki") as conn:
        await choose_letter_address(tools, conn, await desk.case(case_id), "muu@muualla.example")
    await others.sign_in(case_id, AINO)
    await desk.work()
    assert (await desk.case(case_id)).is_verified
    assert await letters_go_to(desk, case_id) == "aino@posti.example"


async def test_a_request_that_names_another_address_than_the_one_on_file_goes_to_a_person(
    others: OtherServices, desk: Desk
) -> None:
    case_id = await others.request("access", email="muu@muualla.example", identifiers={"customer_number": "1"})
    await desk.work()
    await others.sign_in(case_id, AINO)
    await desk.work()
    case = await desk.case(case_id)
    assert (case.is_verified, case.state, case.needs_person) == (False, "awaiting_identity", "sign_in_doubt")
    assert [facts["outcome"] for facts in await matched(desk, case_id)] == ["other_address"]
    assert await open_tasks(desk, case_id) == ["identify"]


@pytest.mark.parametrize(
    ("email", "who", "why"),
    [
        ("aino@posti.example", OTHER, "sign_in_differs"),
        ("aino@posti.example", NOBODY, "sign_in_unknown"),
        ("aino@posti.example", PersonV1(name="Aino Esimerkki"), "sign_in_unknown"),
        ("aino@posti.example", PersonV1(identifiers={"not_declared": "1"}), "sign_in_unknown"),
        ("aino@posti.example", AINO.model_copy(update={"email": "toinen@posti.example"}), "sign_in_differs"),
        ("kuka@posti.example", AINO, "sign_in_differs"),
        ("kuka@posti.example", NOBODY, "sign_in_unknown"),
    ],
)
async def test_anybody_else_goes_to_a_person_and_the_link_stays_open(
    others: OtherServices, desk: Desk, email: str, who: PersonV1, why: str
) -> None:
    case_id = await others.request("access", email=email)
    await desk.work()
    letters, before = await desk.letters(case_id), await desk.published("case_stage_changed")
    await others.sign_in(case_id, who)
    await desk.work()
    case = await desk.case(case_id)
    assert (case.is_verified, case.state, case.needs_person) == (False, "awaiting_identity", why)
    assert await open_tasks(desk, case_id) == ["identify"]
    assert await desk.letters(case_id) == letters
    after = await desk.published("case_stage_changed")
    assert {event["stage"] for event in after[len(before) :]} <= {"identifying"}
    await desk.answer_challenge(case_id)
    await desk.work()
    assert (await desk.case(case_id)).is_verified


async def test_two_people_under_one_address_are_not_told_apart_by_the_machine(
    others: OtherServices, desk: Desk, customers: str
) -> None:
    connection = await asyncpg.connect(customers)
    await connection.execute("update customers set email = 'aino@posti.example'")
    await connection.close()
    case_id = await others.request("access")
    await desk.work()
    await others.sign_in(case_id, AINO)
    await desk.work()
    case = await desk.case(case_id)
    assert (case.is_verified, case.state, case.needs_person) == (False, "awaiting_identity", "sign_in_doubt")
    assert [facts["outcome"] for facts in await matched(desk, case_id)] == ["several_persons"]
    assert await open_tasks(desk, case_id) == ["identify"]


async def test_without_an_address_on_file_a_person_decides_where_the_answer_goes(
    others: OtherServices, desk: Desk, customers: str
) -> None:
    connection = await asyncpg.connect(customers)
    await connection.execute("update customers set email = null where id = 1")
    await connection.close()
    case_id = await others.request("access")
    await desk.work()
    await others.sign_in(case_id, AINO)
    await desk.work()
    assert not (await desk.case(case_id)).is_verified


async def test_after_the_person_is_known_no_system_is_asked_again(others: OtherServices, desk: Desk) -> None:
    case_id = await others.request("access")
    await desk.work()
    await desk.answer_challenge(case_id)
    await desk.work()
    state = (await desk.case(case_id)).state
    await others.sign_in(case_id, OTHER)
    await desk.work()
    assert (await desk.case(case_id)).state == state
    [facts] = await matched(desk, case_id)
    assert (facts["asked"], facts["outcome"]) == ([], "not_needed")


async def test_a_sign_in_after_a_person_decided_otherwise_changes_nothing(others: OtherServices, desk: Desk) -> None:
    case_id, tools = await others.request("access"), desk.fulfilment.tools
    await desk.work()
    async with tools.database.transaction("esimerkki") as conn:
        await staff.refuse(tools, conn, case_id, "Emme voi.", "matti")
    await others.sign_in(case_id, OTHER)
    await desk.work_without_mail()
    assert (await desk.case(case_id)).state == "refusing"
    assert await open_tasks(desk, case_id) == []


async def test_the_record_names_provider_level_and_time_and_nobody(others: OtherServices, desk: Desk) -> None:
    case_id = await others.request("access")
    await desk.work()
    await others.sign_in(case_id, AINO)
    await desk.work()
    async with desk.fulfilment.tools.database.transaction("esimerkki") as conn:
        chain = await evidence.entries(conn, case_id)
    [proved] = [entry.facts for entry in chain if entry.kind == "identity_proved"]
    assert (proved["issuer"], proved["acr"]) == ("https://tunnistus.example", "loa2")
    assert datetime.fromisoformat(proved["at"]) <= datetime.now(UTC)
    assert "Aino" not in json.dumps([dict(entry.facts) for entry in chain])
    assert isinstance(await desk.chain(case_id), Unbroken)


async def test_who_signed_in_is_forgotten_with_the_case(others: OtherServices, desk: Desk) -> None:
    case_id, tools = await others.request("access"), desk.fulfilment.tools
    await desk.work()
    await others.sign_in(case_id, NOBODY)
    await desk.work()
    async with tools.database.across_controllers() as conn:
        assert await conn.fetchval("select count(*) from sign_ins") == 1
        assert "Aino" not in str([dict(row) for row in await conn.fetch("select * from sign_ins")])
    async with tools.database.transaction("toinen") as conn:
        assert await conn.fetchval("select count(*) from sign_ins") == 0
    async with tools.database.transaction("esimerkki") as conn:
        await staff.refuse(tools, conn, case_id, "Emme voi.", "matti")
    await desk.work()
    async with tools.database.transaction("esimerkki") as conn:
        await keys.destroy_case_key(tools, conn, case_id, "test", "matti")
        assert await conn.fetchval("select count(*) from sign_ins") == 0
