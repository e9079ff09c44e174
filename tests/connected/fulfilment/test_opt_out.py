"""An opt-out and a withdrawn consent: written where the register says how, answered and closed without a person."""

import json
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from dsr_fulfilment.adapters import cases, opt_outs
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.domain.evidence import Unbroken
from dsr_fulfilment.handlers import staff
from dsr_fulfilment.handlers.opt_out import ADDRESS_DOMAIN

pytestmark = pytest.mark.connected
NEWSLETTER = """
CREATE TABLE newsletter (email text, list text, given_at timestamptz, withdrawn_at timestamptz, active boolean,
                         PRIMARY KEY (email, list));
INSERT INTO newsletter VALUES ('Aino@Posti.example', 'uutiset', '2024-01-02', null, true),
    ('aino@posti.example', 'tarjoukset', '2024-01-02', '2025-05-05', false),
    ('toinen@posti.example', 'uutiset', '2024-01-02', null, true);
"""
TABLE = """
      - name: newsletter
        label: {fi: Uutiskirje, sv: Nyhetsbrev, en: Newsletter}
        category: newsletter
        primary_key: [email, list]
        columns:
          email: {label: {fi: Sähköposti, sv: E-post, en: E-mail}}
          list: {label: {fi: Lista, sv: Lista, en: List}}
          given_at: {label: {fi: Annettu, sv: Given, en: Given}}
          withdrawn_at: {label: {fi: Peruttu, sv: Återkallad, en: Withdrawn}}
          active: {label: {fi: Voimassa, sv: Gäller, en: Active}}
        identifiers: [{name: email, column: email, normalise: email}]
        on_file_email: email
"""
WRITTEN = '    opt_out: [{table: newsletter, set: {withdrawn_at: "{now}", active: false}}]\n'


@pytest.fixture
def says_how() -> bool:
    """Whether the register tells the program what to do in each system."""
    return True


@pytest.fixture
async def settings(settings: FulfilmentSettings, customers: str, says_how: bool) -> FulfilmentSettings:
    """The register with a newsletter in the customer register's database."""
    connection = await asyncpg.connect(customers)
    await connection.execute(NEWSLETTER)
    await connection.close()
    file = settings.registers_directory / "esimerkki.yaml"
    text = file.read_text()
    for old, new in (
        ("    secret: crm\n", "    secret: crm\n" + WRITTEN),
        ("    tables:\n", "    tables:" + TABLE),
        ("    kind: paper\n", "    kind: paper\n" + ("    opt_out: []\n" if says_how else "")),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file.write_text(text)
    return settings


async def subscriptions(url: str) -> dict[tuple[str, str], tuple[datetime | None, bool]]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("select email, list, withdrawn_at, active from newsletter")
    finally:
        await connection.close()
    return {(row["email"].lower(), row["list"]): (row["withdrawn_at"], row["active"]) for row in rows}


@pytest.mark.promise("P08")
@pytest.mark.promise("P09")
@pytest.mark.parametrize("right", ["marketing_opt_out", "consent_withdrawal"])
async def test_it_is_written_confirmed_and_closed_without_a_person_within_a_minute(desk, others, customers, right):
    before, asked_at = await subscriptions(customers), datetime.now(UTC)
    case_id = await others.request(right)
    await desk.work()
    after = await subscriptions(customers)
    withdrawn_at, is_active = after["aino@posti.example", "uutiset"]
    assert withdrawn_at - asked_at < timedelta(minutes=1)
    assert not is_active
    assert after["aino@posti.example", "tarjoukset"] == before["aino@posti.example", "tarjoukset"], (
        "the first day counts"
    )
    assert after["toinen@posti.example", "uutiset"] == before["toinen@posti.example", "uutiset"]
    assert await desk.letters(case_id) == ["confirmation"]
    assert (await desk.case(case_id)).state == "closed"
    assert await desk.outcomes(case_id) == {"crm": "found", "folder": "not_searched"}
    assert isinstance(await desk.chain(case_id), Unbroken)


@pytest.mark.promise("P09")
async def test_a_keyed_hash_outlives_the_case_and_belongs_to_its_controller(desk, others, fulfilment):
    await others.request("marketing_opt_out", email="Aino@posti.example ")
    await desk.work()
    hashes = [fulfilment.tools.ring.mac(ADDRESS_DOMAIN, one) for one in ("aino@POSTI.example", "toinen@posti.example")]
    for controller, expected in (("esimerkki", {hashes[0]}), ("toinen", set())):
        async with fulfilment.tools.database.transaction(controller) as conn:
            assert await opt_outs.suppressed(conn, "esimerkki", hashes) == expected
            for table in ("suppressions", "opt_outs"):
                assert bool(await conn.fetchval(f"select count(*) from {table}")) == (controller == "esimerkki"), table


async def test_somebody_on_no_list_gets_the_same_letter_and_the_same_end(desk, others, customers):
    before = await subscriptions(customers)
    case_id = await others.request("marketing_opt_out", email="kukaan@muualla.example")
    await desk.work()
    assert await subscriptions(customers) == before
    assert await desk.letters(case_id) == ["confirmation"]
    assert (await desk.case(case_id)).state == "closed"
    assert await desk.outcomes(case_id) == {"crm": "nothing_found", "folder": "not_searched"}


@pytest.mark.parametrize("says_how", [False])
async def test_where_a_system_does_not_say_how_a_person_does_it_there_and_only_there(
    desk, others, customers, fulfilment, says_how
):
    case_id = await others.request("marketing_opt_out")
    await desk.work()
    assert not (await subscriptions(customers))["aino@posti.example", "uutiset"][1], "the machine does not wait"
    assert (await desk.case(case_id)).state == "awaiting_decision"
    assert await desk.letters(case_id) == ["acknowledgement"]
    async with fulfilment.tools.database.transaction("esimerkki") as conn:
        await staff.decide_by_hand(fulfilment.tools, conn, case_id, "Poistin kortin kansiosta.", "matti")
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    assert await desk.outcomes(case_id) == {"crm": "found", "folder": "not_searched"}
    async with fulfilment.tools.database.transaction("esimerkki") as conn:
        reasons = {one.system: one.reason for one in await cases.systems(conn, case_id)}
    assert reasons == {"crm": None, "folder": "done_by_hand"}


@pytest.fixture
async def one_list(settings: FulfilmentSettings, customers: str) -> None:
    """Two rows of one table are two people for the look-up that comes before the proof."""
    connection = await asyncpg.connect(customers)
    await connection.execute("delete from newsletter where list = 'tarjoukset'")
    await connection.close()


async def test_beside_another_right_it_does_not_wait_for_the_proof(one_list, desk, others, customers):
    case_id = await others.request("access", "marketing_opt_out")
    await desk.work()
    assert not (await subscriptions(customers))["aino@posti.example", "uutiset"][1]
    assert (await desk.case(case_id)).state == "identifying"
    assert sorted(await desk.letters(case_id)) == ["challenge", "confirmation"]
    await desk.answer_challenge(case_id)
    await desk.work()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert sorted(await desk.letters(case_id)) == ["access_reply", "challenge", "confirmation"]
    assert (await desk.case(case_id)).state == "closed"


async def test_an_answer_that_was_not_taken_yet_holds_the_case_though_the_opt_out_was_confirmed(one_list, desk, others):
    case_id = await others.request("access", "marketing_opt_out")
    await desk.work_without_mail()
    await desk.answer_challenge(case_id)
    await desk.work_without_mail()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work_without_mail()
    assert (await desk.case(case_id)).state == "answering"
    await desk.fail_letter(case_id, "access_reply")
    await desk.work()
    assert (await desk.case(case_id)).needs_person == "letter_failed:access_reply"
    assert (await desk.case(case_id)).state != "closed"


async def test_after_a_crash_between_intent_and_outcome_it_is_written_once_and_recorded(
    desk, others, customers, fulfilment
):
    tools = fulfilment.tools
    case_id = await others.request("marketing_opt_out")
    async with tools.database.transaction("esimerkki") as conn:
        await opt_outs.intend(conn, await cases.load(conn, case_id), "crm")
    connection = await asyncpg.connect(customers)
    await connection.execute(
        "update newsletter set withdrawn_at = '2026-01-01', active = false where email ilike 'aino%'"
    )
    await connection.close()
    written = await subscriptions(customers)
    await desk.work()
    assert await subscriptions(customers) == written
    assert await desk.outcomes(case_id) == {"crm": "found", "folder": "not_searched"}
    assert (await desk.case(case_id)).state == "closed"


async def test_a_system_that_undoes_what_was_written_closes_nothing(desk, others, customers, fulfilment):
    connection = await asyncpg.connect(customers)
    await connection.execute(
        "create function undo() returns trigger language plpgsql as 'begin new.active := true; return new; end';"
        "create trigger undo before update on newsletter for each row execute function undo()"
    )
    await connection.close()
    case_id = await others.request("marketing_opt_out")
    await desk.work()
    assert (await desk.case(case_id)).state == "received"
    assert await desk.letters(case_id) == []
    async with fulfilment.tools.database.transaction("esimerkki") as conn:
        states = {one.system: one.outcome for one in await opt_outs.of_case(conn, await cases.load(conn, case_id))}
        error = await conn.fetchval("select last_error from jobs where case_id = $1 and kind = 'opt_out'", case_id)
    assert (states, error) == ({"crm": "failed"}, "OptOutIncomplete")


async def test_what_the_public_pages_learn_does_not_tell_whether_the_address_was_known(desk, others):
    told = []
    for email in ("aino@posti.example", "kukaan@muualla.example"):
        case_id = await others.request("marketing_opt_out", email=email)
        await desk.work()
        stages = [stage for stage in await desk.published("case_stage_changed") if str(case_id) not in json.dumps(told)]
        told.append([stage["stage"] for stage in stages if stage["reference"] == (await desk.case(case_id)).reference])
    assert told[0] == told[1]
