"""From raw bytes to the event that follows."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from tests.connected.intake.builders import received, stage_changed

from dsr_intake.bootstrap import Intake
from dsr_intake.domain.mail import MailPosition, MailReading, Unreadable
from dsr_intake.entrypoints.arrivals import ArrivalWorker, NoiseCleaner
from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.cases import CaseKeyDestroyedV1, CaseStageChangedV1
from dsr_shared.contracts.requests import IntakeKeyDestroyedV1, MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import MessageV1
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import KeyDestroyed
from dsr_shared.sealing import SealContext, open_model

pytestmark = pytest.mark.connected
NOON = datetime(2026, 11, 25, 10, tzinfo=UTC)
REQUEST = MailReading(
    kind="request",
    rights=("access",),
    language="fi",
    subject_email="aino@posti.example",
    subject_name="Aino Esimerkki",
    sender_email="aino@posti.example",
    sender_name="Aino Esimerkki",
    is_on_behalf=False,
    confidence=0.9,
    needs_person=False,
    subject_line="Tietopyyntö",
    text="Haluan nähdä tietoni.",
    message_id="<1@posti.example>",
)


class ScriptedReader:
    """Reads mails as it was told to, by their bytes."""

    def __init__(self, readings: dict[bytes, MailReading | Unreadable]) -> None:
        self.readings = readings

    async def __call__(
        self, raw: bytes, own_addresses: Sequence[str], own_hosts: Sequence[str]
    ) -> MailReading | Unreadable:
        return self.readings[raw]


def a_worker(intake: Intake, readings: dict[bytes, MailReading | Unreadable]) -> ArrivalWorker:
    return ArrivalWorker(
        database=intake.database,
        store=intake.store,
        keys=intake.keys,
        book=intake.book,
        handler=intake.read_arrival,
        reader=ScriptedReader(readings),
    )


async def arrive(intake: Intake, readings: dict[bytes, MailReading | Unreadable]) -> list[UUID]:
    ids = [(await intake.store.store_raw("esimerkki", "mail", raw, NOON, None)).id for raw in readings]
    await a_worker(intake, readings).read_batch()
    return ids


async def envelopes(intake: Intake) -> list[Envelope]:
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch("select payload from outbox order by created_at, sequence")
    return [Envelope.model_validate_json(row["payload"]) for row in rows]


async def test_the_same_bytes_are_one_arrival_with_the_earliest_receipt(intake: Intake) -> None:
    first = await intake.store.store_raw("esimerkki", "mail", b"mail", NOON, MailPosition(1, 7, "ab", "box"))
    again = await intake.store.store_raw("esimerkki", "mail", b"mail", NOON - timedelta(days=1), None)
    later = await intake.store.store_raw("esimerkki", "mail", b"mail", NOON + timedelta(days=1), None)
    other = await intake.store.store_raw("toinen", "mail", b"mail", NOON, None)
    assert first.is_new
    assert (again.id, again.is_new) == (later.id, later.is_new) == (first.id, False)
    assert other.is_new
    async with intake.database.transaction("esimerkki") as connection:
        assert await connection.fetchval("select received_at from arrivals") == NOON - timedelta(days=1)


async def test_a_large_mail_lies_sealed_in_the_blob_store(intake: Intake, fulfilment_keys: KeyRing) -> None:
    raw = b"Subject: large\r\n\r\n" + b"canary-large " * 40_000
    (arrival_id,) = await arrive(intake, {raw: REQUEST})
    event = RequestReceivedV1.model_validate((await envelopes(intake))[0].data)
    assert event.raw is not None
    assert b"canary" not in await intake.blobs.get(event.raw)
    assert event.arrival_id == arrival_id


@pytest.mark.promise("P05")
async def test_a_mailed_request_becomes_an_event_on_the_clock_of_its_receipt(
    intake: Intake, fulfilment_keys: KeyRing
) -> None:
    (arrival_id,) = await arrive(intake, {b"a request": REQUEST})
    (envelope,) = await envelopes(intake)
    event = RequestReceivedV1.model_validate(envelope.data)
    assert (event.rights, event.received_at, envelope.case_id) == (("access",), NOON, arrival_id)
    (wrapped,) = [key for key in envelope.keys if key.reader == "fulfilment"]
    context = SealContext(envelope.event_id, "request_received", envelope.case_id, "message")
    assert open_model(fulfilment_keys.unwrap(wrapped), event.message, context, MessageV1).text == REQUEST.text


async def test_what_cannot_be_read_becomes_a_case_for_a_person_with_its_bytes(
    intake: Intake, fulfilment_keys: KeyRing
) -> None:
    await arrive(intake, {b"\x00broken words": Unreadable("malformed")})
    (envelope,) = await envelopes(intake)
    event = MessageReceivedV1.model_validate(envelope.data)
    assert (event.is_readable, event.problem) == (False, "malformed")
    (wrapped,) = [key for key in envelope.keys if key.reader == "fulfilment"]
    context = SealContext(envelope.event_id, "message_received", envelope.case_id, "message")
    assert "broken words" in open_model(fulfilment_keys.unwrap(wrapped), event.message, context, MessageV1).text


async def test_the_header_alone_of_an_oversize_mail_goes_to_a_person(intake: Intake) -> None:
    position = MailPosition(1, 7, "ab", "box", problem="oversize")
    await intake.store.store_raw("esimerkki", "mail", b"Subject: huge\r\n\r\n", NOON, position)
    await a_worker(intake, {}).read_batch()
    (envelope,) = await envelopes(intake)
    assert envelope.data["problem"] == "oversize"


async def test_an_answer_joins_its_case_only_from_an_address_that_wrote_in_it(intake: Intake) -> None:
    (case_id,) = await arrive(intake, {b"first": REQUEST})
    answer = replace(
        REQUEST, kind="follow_up", rights=(), message_id="<2@posti.example>", in_reply_to="<1@posti.example>"
    )
    stranger = replace(answer, sender_email="mallory@elsewhere.example", message_id="<3@elsewhere.example>")
    await arrive(intake, {b"second": answer})
    (foreign,) = await arrive(intake, {b"third": stranger})
    cases = [envelope.case_id for envelope in await envelopes(intake)]
    assert cases == [case_id, case_id, foreign]


async def test_an_answer_is_found_by_the_reference_in_its_subject(intake: Intake) -> None:
    (case_id,) = await arrive(intake, {b"first": REQUEST})
    stage = stage_changed(
        "identifying",
        "K-2026-0001",
        language="fi",
        received_at=NOON,
        due_on=NOON.date() + timedelta(days=33),
        changed_at=NOON,
    )
    async with intake.database.transaction("esimerkki") as connection:
        await intake.events.handlers()[CaseStageChangedV1](connection, received("esimerkki", stage, case_id))
    answer = replace(
        REQUEST, kind="follow_up", rights=(), message_id=None, subject_line="Vs: [K-2026-0001] Avaa linkki"
    )
    await arrive(intake, {b"second": answer})
    assert (await envelopes(intake))[-1].case_id == case_id


async def test_a_flood_of_mail_collects_in_one_case(intake: Intake) -> None:
    await arrive(intake, {f"request {number}".encode(): REQUEST for number in range(6)})
    told = await envelopes(intake)
    surplus = {envelope.case_id for envelope in told if envelope.data.get("problem") == "flood"}
    assert [envelope.type for envelope in told].count("request_received") == 3
    assert len(told) == 6
    assert len(surplus) == 1


async def test_noise_makes_no_event_and_goes_after_its_days(intake: Intake) -> None:
    noise = replace(REQUEST, kind="auto_reply", rights=())
    await arrive(intake, {b"out of office": noise})
    assert await envelopes(intake) == []
    cleaner = NoiseCleaner(intake.database, intake.keys, intake.blobs)
    assert await cleaner.clean() == 0
    async with intake.database.across_controllers() as connection:
        key_id = await connection.fetchval("update arrivals set keep_until = now() - interval '1 day' returning key_id")
    assert await cleaner.clean() == 1
    with pytest.raises(KeyDestroyed):
        async with intake.database.across_controllers() as connection:
            await intake.keys.get(connection, key_id)


async def test_two_workers_read_each_arrival_once(intake: Intake) -> None:
    readings: dict[bytes, MailReading | Unreadable] = {
        f"mail {number}".encode(): replace(REQUEST, sender_email=f"{number}@posti.example") for number in range(12)
    }
    for raw in readings:
        await intake.store.store_raw("esimerkki", "mail", raw, NOON, None)
    workers = [a_worker(intake, readings) for _ in range(2)]
    await asyncio.gather(*(worker.read_batch() for worker in workers))
    await asyncio.gather(*(worker.read_batch() for worker in workers))
    assert len({envelope.case_id for envelope in await envelopes(intake)}) == 12


async def test_destroyed_keys_leave_nothing_to_read_and_a_page_that_says_so(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    (case_id,) = await arrive(intake, {b"first": REQUEST})
    answer = replace(REQUEST, kind="follow_up", rights=(), in_reply_to="<1@posti.example>", message_id=None)
    await arrive(intake, {b"second": answer})
    async with intake.database.transaction("esimerkki") as connection:
        await connection.execute("insert into status_links values ($1, 'esimerkki', $2)", "0" * 64, case_id)
        event = CaseKeyDestroyedV1(destroyed_at=NOON)
        await intake.events.handlers()[CaseKeyDestroyedV1](connection, received("esimerkki", event, case_id))
        assert await connection.fetchval("select count(*) from case_keys") == 0
        assert await connection.fetchval("select count(*) from arrivals where raw_sealed is not null") == 0
        assert await connection.fetchval("select stage from cases where case_id = $1", case_id) == "destroyed"
    confirmed = IntakeKeyDestroyedV1.model_validate((await envelopes(intake))[-1].data)
    assert confirmed.keys_destroyed == 3
