"""Every event takes effect once, in order; none is skipped, and none blocks another case."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.connected.bus.bus_stage import TOPIC, Bus, an_event, stream

from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.dead_letters import DeadLetteredV1
from dsr_shared.contracts.requests import IntakeKeyDestroyedV1
from dsr_shared.inbox import (
    DeadLettered,
    Handled,
    Received,
    Record,
    Rejected,
    ReplayFailedError,
    TryLater,
    Unread,
    Waiting,
    blocked_cases,
)
from dsr_shared.keyring import PublicKeys
from dsr_shared.postgres import Connection
from dsr_shared.sealing import new_data_key
from dsr_shared.testing import an_envelope, record_of

pytestmark = pytest.mark.connected
TAKEN = Handled(had_handler=True)


async def test_an_event_that_comes_again_takes_effect_once(bus: Bus) -> None:
    records = stream(uuid4(), 3)
    assert await bus.give(*records) == [TAKEN] * 3
    assert await bus.give(*records, *reversed(records)) == [Unread("duplicate")] * 6
    assert await bus.sequences() == [1, 2, 3]


async def test_two_processes_that_get_the_same_event_do_it_once(bus: Bus) -> None:
    (record,) = stream(uuid4(), 1)
    answers = await asyncio.gather(*(bus.inbox.consume(record) for _ in range(6)))
    assert sorted(map(str, answers)) == sorted(map(str, [TAKEN] + [Unread("duplicate")] * 5))
    assert await bus.sequences() == [1]


async def test_an_effect_that_fails_leaves_nothing_behind_and_is_tried_again(bus: Bus) -> None:
    bus.effects.failures = [TryLater("the printer is off")]
    assert await bus.give(*stream(uuid4(), 1)) == [TAKEN]
    assert await bus.sequences() == [1]


async def test_events_behind_a_hole_wait_and_then_come_in_order(bus: Bus) -> None:
    first, second, third = stream(uuid4(), 3)
    assert await bus.give(third, second) == [Waiting("gap")] * 2
    assert await bus.give(third) == [Unread("already_waiting")]
    assert await bus.parked.work_once() == 0
    assert await bus.give(first) == [TAKEN]
    assert [await bus.parked.work_once() for _ in range(3)] == [1, 1, 0]
    assert await bus.sequences() == [1, 2, 3]
    assert await bus.rows("select * from parked_events") == []


async def test_what_is_away_for_longer_parks_the_event_and_those_behind_it_but_no_other_case(bus: Bus) -> None:
    first, second = stream(uuid4(), 2)
    bus.effects.failures = [TryLater("away")] * 2
    assert await bus.give(first, second) == [Waiting("transient"), Waiting("gap")]
    assert await bus.give(*stream(uuid4(), 2)) == [TAKEN, TAKEN]
    assert await bus.parked.work_once() == 0  # its time has not come
    await bus.run("update parked_events set next_attempt_at = now()")
    assert [await bus.parked.work_once() for _ in range(3)] == [1, 1, 0]
    assert await bus.sequences() == [1, 2, 1, 2]


async def test_a_parked_event_that_fails_again_waits_longer(bus: Bus) -> None:
    bus.effects.failures = [TryLater("away")] * 4
    await bus.give(*stream(uuid4(), 1))
    await bus.run("update parked_events set next_attempt_at = now()")
    assert await bus.parked.work_once() == 1
    ((attempts, is_later, token),) = await bus.rows(
        "select attempts, next_attempt_at > now() + interval '4 seconds', lease_token from parked_events"
    )
    assert (attempts, is_later, token) == (2, True, None)


async def test_poison_is_set_aside_sealed_and_told_and_blocks_its_own_stream_alone(bus: Bus) -> None:
    case_id = uuid4()
    first, second = stream(case_id, 2)
    poison = replace(first, value=b"Maija Meikalainen 010190-123A")
    (answer,) = await bus.give(poison)
    assert isinstance(answer, DeadLettered)
    assert answer.because == "undecodable"
    assert await bus.give(second, *stream(uuid4(), 1)) == [Waiting("gap"), TAKEN]
    ((raw, payload),) = await bus.rows("select raw_sealed, convert_from(payload, 'utf8') from dead_letters, outbox")
    assert "Maija" not in str(raw)
    assert "Maija" not in str(payload)
    assert DeadLetteredV1.TYPE in str(payload)
    async with bus.db.across_controllers() as connection:
        assert ("unassigned", case_id) in await blocked_cases(connection)


async def test_the_same_poison_is_set_aside_once(bus: Bus) -> None:
    poison = Record(topic=TOPIC, partition=0, offset=1, key=None, value=b"\xff")
    await bus.give(poison, poison, replace(poison, offset=7))
    assert await bus.rows("select count(*) from dead_letters") == [(1,)]
    assert await bus.rows("select count(*) from outbox") == [(1,)]


async def test_a_handlers_refusal_becomes_a_dead_letter_and_its_effect_is_undone(bus: Bus) -> None:
    first, second = stream(uuid4(), 2)
    bus.effects.failures = [Rejected("no such case")]
    assert await bus.give(first, second) == [DeadLettered("rejected", "no such case"), Waiting("gap")]
    assert await bus.sequences() == []
    assert await bus.give(first) == [Unread("already_waiting")]


async def test_an_unexpected_error_becomes_a_dead_letter_that_repeats_no_text_of_it(bus: Bus) -> None:
    bus.effects.failures = [KeyError("Maija Meikäläinen")]
    (answer,) = await bus.give(*stream(uuid4(), 1))
    assert isinstance(answer, DeadLettered)
    assert answer.detail.startswith("KeyError at bus_stage.py:")


async def test_a_dead_letter_replayed_takes_effect_and_frees_those_behind_it(bus: Bus) -> None:
    first, second = stream(uuid4(), 2)
    bus.effects.failures = [Rejected("too early")]
    await bus.give(first, second)
    (letter,) = await bus.dead_letters.list()
    assert (await bus.dead_letters.show(letter.dead_letter_id))[1] == first.value
    assert await bus.dead_letters.replay(bus.inbox, letter.dead_letter_id, because="repaired") == TAKEN
    assert await bus.parked.work_once() == 1
    assert await bus.sequences() == [1, 2]
    assert await bus.dead_letters.list() == ()
    assert await bus.give(first, second) == [Unread("duplicate")] * 2


async def test_a_replay_that_fails_leaves_the_dead_letter_open(bus: Bus) -> None:
    bus.effects.failures = [Rejected("too early"), Rejected("still too early")]
    await bus.give(*stream(uuid4(), 1))
    (letter,) = await bus.dead_letters.list()
    with pytest.raises(ReplayFailedError, match="still too early"):
        await bus.dead_letters.replay(bus.inbox, letter.dead_letter_id, because="try")
    assert len(await bus.dead_letters.list()) == 1


async def test_a_dead_letter_discarded_never_takes_effect_and_frees_those_behind_it(bus: Bus) -> None:
    first, second = stream(uuid4(), 2)
    bus.effects.failures = [Rejected("never")]
    await bus.give(first, second)
    (letter,) = await bus.dead_letters.list()
    await bus.dead_letters.discard(letter.dead_letter_id, because="not ours")
    assert await bus.parked.work_once() == 1
    assert await bus.sequences() == [2]
    assert await bus.give(first) == [Unread("duplicate")]


async def test_unreadable_bytes_discarded_free_what_waits_behind_their_hole(bus: Bus) -> None:
    case_id = uuid4()
    first, second, third = stream(case_id, 3)
    await bus.give(first, replace(second, value=b"\xff"), third)
    (letter,) = await bus.dead_letters.list()
    assert letter.controller_id == "acme"  # known from the case's earlier events
    await bus.dead_letters.discard(letter.dead_letter_id, because="garbage")
    assert await bus.parked.work_once() == 1
    assert await bus.sequences() == [1, 3]


async def test_events_of_a_destroyed_case_stay_unread_also_those_that_waited(bus: Bus) -> None:
    case_id = uuid4()
    first, second, third = stream(case_id, 3)
    await bus.give(first, third)
    async with bus.db.transaction("acme") as connection:
        await bus.keys.destroy(connection, "acme", case_id)
    assert await bus.give(second) == [Unread("destroyed_case")]
    assert await bus.parked.work_once() == 1
    assert await bus.rows("select * from parked_events") == []
    assert await bus.sequences() == [1]


async def test_the_confirmation_of_a_destruction_is_heard_after_it(bus: Bus) -> None:
    case_id, heard = uuid4(), list[Received]()

    async def hear(_: Connection, received: Received) -> None:
        heard.append(received)

    bus.handlers[IntakeKeyDestroyedV1] = hear
    async with bus.db.transaction("acme") as connection:
        await bus.keys.destroy(connection, "acme", case_id)
    event = IntakeKeyDestroyedV1(destroyed_at=datetime.now(UTC), keys_destroyed=2)
    record = record_of(an_envelope(event, case_id=case_id, sequence=5), TOPIC)
    assert await bus.give(record, record) == [TAKEN, Unread("duplicate")]
    assert [received.event for received in heard] == [event]


async def test_an_event_older_than_the_inbox_remembers_is_set_aside(bus: Bus) -> None:
    old = an_envelope(an_event(), case_id=uuid4(), occurred_at=datetime.now(UTC) - timedelta(days=91))
    (answer,) = await bus.give(record_of(old, TOPIC))
    assert isinstance(answer, DeadLettered)
    assert answer.because == "too_old"


async def test_another_services_event_on_a_topic_is_set_aside_without_touching_the_stream(bus: Bus) -> None:
    case_id = uuid4()
    forged = an_envelope(an_event(), case_id=case_id, producer="notifier")
    (answer,) = await bus.give(record_of(forged, TOPIC))
    assert isinstance(answer, DeadLettered)
    assert answer.because == "wrong_producer"
    honest = forged.model_copy(update={"producer": "intake"})
    assert await bus.give(record_of(honest, TOPIC)) == [TAKEN]


async def test_an_event_that_claims_a_case_for_another_controller_stays_in_that_controllers_rows(bus: Bus) -> None:
    case_id = uuid4()
    assert await bus.give(*stream(case_id, 2), *stream(case_id, 1, controller_id="other")) == [TAKEN] * 3
    async with bus.db.transaction("other") as connection:
        assert await connection.fetchval("select count(*) from inbox") == 1


async def test_the_keys_of_an_envelope_are_there_before_the_handler(bus: Bus) -> None:
    key, case_id, seen = new_data_key("arrival"), uuid4(), list[bytes]()

    async def look(connection: Connection, _: Received) -> None:
        seen.append((await bus.keys.get(connection, key.key_id)).secret)

    bus.handlers[type(an_event())] = look
    wrapped = PublicKeys.load(bus.rings.public_path).wrap(key, "fulfilment")
    await bus.give(record_of(an_envelope(an_event(), case_id=case_id, keys=(wrapped,)), TOPIC))
    assert seen == [key.secret]


async def test_a_compacted_topic_takes_newer_states_only_and_knows_no_holes(bus: Bus) -> None:
    taken = list[int]()

    async def take(_: Connection, received: Received) -> None:
        taken.append(received.envelope.sequence)

    bus.handlers[ControllerPublishedV1] = take
    case_id = uuid4()
    records = [record_of(a_state(case_id, n), ControllerPublishedV1.TOPIC) for n in (2, 7, 5, 7)]
    answers = await bus.give(*records, Record(ControllerPublishedV1.TOPIC, 0, 9, case_id.bytes, None))
    assert answers == [TAKEN, TAKEN, Unread("superseded"), Unread("superseded"), Unread("tombstone")]
    assert taken == [2, 7]


async def test_a_time_that_the_database_cannot_hold_is_set_aside_not_retried_for_ever(bus: Bus) -> None:
    envelope = an_envelope(an_event(), case_id=uuid4()).model_dump_json()
    broken = envelope.replace(envelope.split('"occurred_at":"')[1].split('"')[0], "0001-01-01T00:00:00+14:00")
    (answer,) = await bus.give(Record(TOPIC, 0, 1, None, broken.encode()))
    assert isinstance(answer, DeadLettered)


def a_state(case_id, sequence: int):  # type: ignore[no-untyped-def]
    event = ControllerPublishedV1(
        register_version=sequence,
        name="Acme Oy",
        languages=("fi",),
        brand_colour="#123456",
        contact_email="tietosuoja@acme.example",
        postal_address="Katu 1",
        sender_name="Acme",
        public_url="https://acme.example",
        authority={
            "name": {"fi": "Tietosuojavaltuutetun toimisto"},
            "postal_address": "PL 800",
            "phone": "029 566 6700",
            "email": "tietosuoja@om.fi",
            "website": "https://tietosuoja.fi",
            "checked_on": "2026-11-01",
        },
    )
    old = datetime.now(UTC) - timedelta(days=400)
    return an_envelope(event, case_id=case_id, sequence=sequence, occurred_at=old)
