"""A breach from its registration to the letters: the persons through the real connectors, on a real PostgreSQL."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.connected.breach.desk import NOTICE, BreachDesk, new_breach
from tests.connected.breach.people import BEGAN, ENDED, IN_BOTH
from uuid6 import uuid7

from dsr_fulfilment.adapters import breaches
from dsr_fulfilment.domain.breach_case import BreachDetails
from dsr_fulfilment.domain.evidence import Unbroken
from dsr_fulfilment.entrypoints.worker import Worker
from dsr_fulfilment.handlers.breach_letters import approve_letters
from dsr_fulfilment.handlers.breach_reminders import fire_breach_reminders
from dsr_fulfilment.handlers.breach_sealed import open_details, seal_details
from dsr_fulfilment.handlers.breaches import (
    BreachError,
    DelayUnexplained,
    NotYet,
    TextsMissing,
    WrongTime,
    judge_risk,
    note_notified,
    register_breach,
    write_details,
)
from dsr_fulfilment.handlers.jobs import job_handlers
from dsr_shared.contracts.deliveries import LetterFailedV1
from dsr_shared.contracts.requests import LetterBouncedV1

pytestmark = pytest.mark.connected


async def judged(breach_desk: BreachDesk, breach, risk="high"):
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        await judge_risk(tools, conn, breach.breach_id, risk=risk, reason="Tunnuksia vuoti.", user="matti")


async def approved(breach_desk: BreachDesk, breach) -> int:
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        return await approve_letters(tools, conn, breach.breach_id, "matti")


async def told(breach_desk: BreachDesk, breach, **more):
    tools, just_now = breach_desk.fulfilment.tools, datetime.now(UTC) - timedelta(seconds=9)
    how = {"at": just_now, "delay_reason": "", "user": "matti", **more}
    async with tools.database.transaction("esimerkki") as conn:
        return await note_notified(tools, conn, breach.breach_id, **how)


@pytest.mark.promise("P34")
async def test_who_lay_in_the_chosen_systems_in_the_time_span_is_found_once(breach_desk: BreachDesk) -> None:
    """One person in two systems, two persons at one address, a namesake outside the span."""
    breach = await breach_desk.registered_and_searched()
    assert breach.state == "searched"
    assert breach.person_count == IN_BOTH
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        assert await breaches.persons_by_system(conn, breach.breach_id) == {"crm": 5, "portal": 2}
    states = await breach_desk.states(breach.breach_id)
    assert (states.persons, states.with_address, states.without_address) == (6, 5, 1)
    assert set(states.languages) == {"fi", "sv", "en"}


async def test_only_the_chosen_systems_and_the_span_are_searched(breach_desk: BreachDesk) -> None:
    portal = await breach_desk.registered_and_searched(systems=("portal",))
    assert portal.person_count == 2
    before = await breach_desk.registered_and_searched(
        began_at=BEGAN - timedelta(days=9), ended_at=BEGAN - timedelta(1)
    )
    assert before.person_count == 0


@pytest.mark.promise("P34")
async def test_nothing_is_sent_before_a_person_approved(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    await breach_desk.search()
    assert await breach_desk.letters() == []
    assert await approved(breach_desk, breach) == 5
    assert len(await breach_desk.letters()) == 5


@pytest.mark.promise("P34")
async def test_each_person_gets_one_letter_in_their_language(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    await approved(breach_desk, breach)
    letters = await breach_desk.letters()
    assert Counter((language, letter.recipient_email.casefold()) for language, letter in letters) == {
        ("fi", "aino@posti.example"): 1,
        ("sv", "bengt@post.example"): 1,
        ("fi", "koti@posti.example"): 2,
        ("en", "chris@post.example"): 1,
    }
    at_home = {letter.recipient_name for _, letter in letters if letter.recipient_email == "koti@posti.example"}
    assert at_home == {"Liisa Yhteinen", "Pekka Yhteinen"}
    swedish = next(letter for language, letter in letters if language == "sv")
    assert swedish.breach["measures"] == "Lösenordet byttes."
    assert swedish.reference == breach.reference


async def test_a_second_approval_is_refused_and_sends_nothing(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    await approved(breach_desk, breach)
    with pytest.raises(NotYet, match="nobody gets two"):
        await approved(breach_desk, breach)
    assert len(await breach_desk.letters()) == 5


async def test_letters_wait_for_the_search_the_judgement_and_their_words(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.register(details=BreachDetails(NOTICE, {"fi": {"nature": "Vieras luki."}}))
    with pytest.raises(NotYet, match="search"):
        await approved(breach_desk, breach)
    await breach_desk.search()
    with pytest.raises(NotYet, match="how bad"):
        await approved(breach_desk, breach)
    await judged(breach_desk, breach)
    with pytest.raises(TextsMissing) as refused:
        await approved(breach_desk, breach)
    assert "consequences in Finnish" in str(refused.value)
    assert "nature in Swedish" in str(refused.value)
    assert await breach_desk.letters() == []


async def test_who_has_no_address_is_a_task_for_a_person_at_high_risk_only(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched()
    assert await breach_desk.open_tasks(breach.breach_id) == []
    await judged(breach_desk, breach)
    assert await breach_desk.open_tasks(breach.breach_id) == [("no_address", "")]
    await judged(breach_desk, breach, "risk")
    assert await breach_desk.open_tasks(breach.breach_id) == []
    await judged(breach_desk, breach)
    assert await breach_desk.open_tasks(breach.breach_id) == [("no_address", "")]


async def test_a_paper_folder_is_searched_by_a_person(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched(systems=("crm", "folder"))
    assert await breach_desk.open_tasks(breach.breach_id) == [("search_paper", "folder")]


@pytest.mark.promise("P34")
@pytest.mark.parametrize(
    ("aware", "due"),
    [
        ("2027-03-25T10:30+02:00", "2027-03-28T11:30+03:00"),
        ("2026-10-24T09:00+03:00", "2026-10-27T08:00+02:00"),
    ],
)
async def test_seventy_two_hours_run_over_the_change_of_the_clocks(
    breach_desk: BreachDesk, aware: str, due: str
) -> None:
    """Past the desk, which takes no moment of the future: the row that is written is the same."""
    tools, new, breach_id = breach_desk.fulfilment.tools, new_breach(aware_at=datetime.fromisoformat(aware)), uuid7()
    async with tools.database.transaction("esimerkki") as conn:
        key = await tools.keys.new(conn, "esimerkki", breach_id, "gathered", opens_case=True)
        sealed = seal_details(key, breach_id, new.details)
        breach = await breaches.register(conn, "esimerkki", breach_id, new, details=sealed, user="matti")
    assert breach.authority_due_at == datetime.fromisoformat(due)


@pytest.mark.promise("P34")
async def test_a_late_notice_needs_the_reasons_for_the_delay(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched(aware_at=datetime.now(UTC) - timedelta(hours=80))
    with pytest.raises(DelayUnexplained, match="reasons"):
        await told(breach_desk, breach)
    assert (await breach_desk.now(breach.breach_id)).authority_notified_at is None
    await told(breach_desk, breach, delay_reason="Lokit saatiin vasta maanantaina.")
    assert (await breach_desk.said(breach)).delay_reason == "Lokit saatiin vasta maanantaina."


async def test_a_notice_before_the_end_of_the_hours_needs_none(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched(aware_at=datetime.now(UTC) - timedelta(hours=71))
    assert (await told(breach_desk, breach)).authority_notified_at is not None


async def test_a_first_phase_names_what_follows_and_its_moment_stays(breach_desk: BreachDesk) -> None:
    unfinished = replace(NOTICE, consequences="")
    breach = await breach_desk.registered_and_searched(details=BreachDetails(unfinished))
    with pytest.raises(TextsMissing, match="consequences"):
        await told(breach_desk, breach)
    first = await told(breach_desk, breach, rest_follows=True, receipt="D-1")
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        assert (await open_details(tools, conn, breach)).notice.to_follow == {"consequences"}
        await write_details(tools, conn, breach.breach_id, BreachDetails(NOTICE), "matti")
    second = await told(breach_desk, breach, receipt="D-2")
    assert second.authority_notified_at == first.authority_notified_at
    assert (await breach_desk.said(breach)).receipt == "D-1"
    history = await breach_desk.history(breach.breach_id)
    assert history[-3:] == ["authority_notified", "breach_written", "notice_supplemented"]


async def test_impossible_times_and_unknown_places_are_refused(breach_desk: BreachDesk) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for wrong in ({"aware_at": tomorrow}, {"began_at": ENDED, "ended_at": BEGAN}):
        with pytest.raises(WrongTime):
            await breach_desk.register(**wrong)
    for systems in ((), ("payroll",)):
        with pytest.raises(BreachError):
            await breach_desk.register(systems=systems)


async def test_another_company_sees_nothing_of_a_breach(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("toinen") as conn:
        assert await breaches.every(conn) == ()
        assert await breaches.running(conn) == ()
        assert await breaches.count_open(conn) == 0
        for table in ("breaches", "breach_persons", "breach_tasks"):
            assert await conn.fetchval(f"select count(*) from {table}") == 0
        with pytest.raises(breaches.NoSuchBreach):
            await breaches.by_reference(conn, breach.reference)
        with pytest.raises(breaches.NoSuchBreach):
            await approve_letters(tools, conn, breach.breach_id, "toisen väki")
    theirs = await breach_desk.register("toinen")
    assert theirs.reference == breach.reference, "each company counts its own"


async def test_reminders_fire_once_and_the_last_one_is_the_task(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched(aware_at=datetime.now(UTC) - timedelta(hours=67))
    tools = breach_desk.fulfilment.tools
    for _ in range(3):
        await fire_breach_reminders(tools)
    assert (await breach_desk.history(breach.breach_id)).count("breach_reminder") == 2
    assert await breach_desk.open_tasks(breach.breach_id) == [("reminder", "hours_6")]
    await told(breach_desk, breach)
    await fire_breach_reminders(tools)
    assert await breach_desk.open_tasks(breach.breach_id) == []


async def test_a_breach_that_nobody_is_told_of_is_documented_and_its_clock_stands(breach_desk: BreachDesk) -> None:
    breach = await breach_desk.registered_and_searched(aware_at=datetime.now(UTC) - timedelta(hours=80))
    await judged(breach_desk, breach, "none")
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        (kept,) = await breaches.every(conn)
        assert kept.risk == "none"
        assert await breaches.running(conn) == ()
    assert (await breach_desk.said(breach)).risk_reason == "Tunnuksia vuoti."
    await fire_breach_reminders(tools)
    assert "breach_reminder" not in await breach_desk.history(breach.breach_id)


async def test_what_became_of_each_letter_is_on_record(breach_desk: BreachDesk, others) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    await approved(breach_desk, breach)
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        first, *rest = [row["letter_id"] for row in await conn.fetch("select letter_id from letters")]
    failed = LetterFailedV1(letter_id=first, failed_at=datetime.now(UTC), reason="rejected")
    await others.send(breach.breach_id, failed)
    for letter in rest:
        await others.accept_letter(breach.breach_id, letter)
    states = await breach_desk.states(breach.breach_id)
    assert (states.asked, states.accepted, states.failed) == (5, 4, 1)
    assert ("letter_failed", str(first)) in await breach_desk.open_tasks(breach.breach_id)
    assert (await breach_desk.history(breach.breach_id)).count("letter_accepted") == 4
    assert isinstance(await breach_desk.cases.chain(breach.breach_id), Unbroken)


async def test_a_breach_letter_that_came_back_counts_no_longer_and_intake_knows_each(
    breach_desk: BreachDesk, others
) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    await approved(breach_desk, breach)
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        letters = [row["letter_id"] for row in await conn.fetch("select letter_id from letters")]
    for letter in letters:
        await others.accept_letter(breach.breach_id, letter)
    expected = await breach_desk.cases.published("reply_expected")
    assert {UUID(one["letter_id"]) for one in expected} == set(letters)
    bounced = LetterBouncedV1(letter_id=letters[0], bounced_at=datetime.now(UTC), cause="no_such_address")
    await others.send(breach.breach_id, bounced)
    states = await breach_desk.states(breach.breach_id)
    assert (states.asked, states.accepted, states.failed) == (5, 4, 1)
    assert ("letter_failed", str(letters[0])) in await breach_desk.open_tasks(breach.breach_id)


async def test_a_system_that_does_not_answer_ends_as_a_task_and_the_search_goes_on_later(
    breach_desk: BreachDesk, settings
) -> None:
    secret = settings.connector_secrets_directory / "esimerkki" / "portal"
    right = secret.read_text()
    secret.write_text(right.rsplit("/", 1)[0] + "/nowhere")
    breach = await breach_desk.register()
    tools = breach_desk.fulfilment.tools
    for _ in range(4):
        await Worker(tools, job_handlers()).work_once()
        async with tools.database.across_controllers() as conn:
            await conn.execute("update jobs set not_before = now() - interval '1 minute' where done_at is null")
    assert [kind for kind, _ in await breach_desk.open_tasks(breach.breach_id)] == ["search_failed"]
    assert (await breach_desk.now(breach.breach_id)).state == "searching"
    await tools.connectors.close()
    tools.connectors._opened.clear()
    secret.write_text(right)
    await breach_desk.search()
    assert (await breach_desk.now(breach.breach_id)).person_count == IN_BOTH
    assert await breach_desk.open_tasks(breach.breach_id) == []


async def test_nothing_of_a_breach_lies_in_clear_in_the_database(breach_desk: BreachDesk, settings) -> None:
    breach = await breach_desk.registered_and_searched()
    await judged(breach_desk, breach)
    await approved(breach_desk, breach)
    async with breach_desk.fulfilment.tools.database.across_controllers() as conn:
        for table in ("breaches", "breach_persons", "breach_tasks", "letters", "evidence", "outbox", "jobs"):
            text = str(await conn.fetchval(f"select string_agg(t::text, ' ') from {table} t"))
            for word in ("aino@", "Esimerkki", "koti@", "Yhteinen", "Osoitteeton", "support mailbox", "Vieras luki"):
                assert word not in text, f"{word} in {table}"


async def test_registering_is_documented_with_who_and_when(breach_desk: BreachDesk) -> None:
    tools = breach_desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        breach = await register_breach(tools, conn, "esimerkki", new_breach(reported_in="K-2026-0001"), "matti")
    assert await breach_desk.history(breach.breach_id) == ["breach_registered"]
