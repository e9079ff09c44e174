"""From a letter's event to its outcome, with a mail server that does what the test says."""

import asyncio
from uuid import UUID

import pytest
from tests.connected.notifier.builders import (
    Fulfilment,
    dispatch_all,
    end_leases,
    make_due,
    state_of,
    told,
)
from tests.connected.notifier.conftest import MakeNotifier
from uuid6 import uuid7

from dsr_notifier.adapters.writing import REPEAT_HEADER
from dsr_notifier.bootstrap import Notifier
from dsr_notifier.domain.delivery import Refused, SendOutcome, TryLater, Unknown
from dsr_notifier.entrypoints.dispatcher import dispatcher_of
from dsr_notifier.ports import OutgoingMail
from dsr_notifier.testing import CrashingMailSender, FakeMailSender
from dsr_shared.inbox import DeadLettered, Unread

pytestmark = pytest.mark.connected


def is_marked_repeat(message: bytes) -> bool:
    return f"\r\n{REPEAT_HEADER}: yes\r\n".encode() in message


async def test_an_accepted_letter_is_told_once_with_its_message_id_and_its_content_goes(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    letter_id, case_id, _ = await fulfilment.ask_for_letter()
    await dispatch_all(notifier)
    await dispatch_all(notifier)
    (mail,) = sender.sent
    (envelope,) = await told(notifier)
    assert envelope.type == "letter_accepted"
    assert envelope.case_id == case_id
    assert envelope.data["letter_id"] == str(letter_id)
    assert envelope.data["message_id"] == mail.message_id == f"<{letter_id.hex}@esimerkki.example>"
    assert envelope.data["is_repeat"] is False
    async with notifier.database.across_controllers() as conn:
        row = await conn.fetchrow("select * from letters")
        attempt = await conn.fetchrow("select * from letter_attempts")
    assert (row["state"], row["content_sealed"], row["smtp_code"]) == ("accepted", None, 250)
    assert (attempt["outcome"], attempt["message_id"]) == ("accepted", mail.message_id)


async def test_a_full_replay_sends_nothing_and_tells_nothing(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    for kind in ("challenge", "refusal"):
        await fulfilment.ask_for_letter(kind)
    await dispatch_all(notifier)
    before = await told(notifier)
    assert all(isinstance(disposition, Unread) for disposition in await fulfilment.replay())
    await dispatch_all(notifier)
    assert len(sender.tried) == 2
    assert await told(notifier) == before


async def test_the_same_letter_asked_for_in_another_event_is_sent_once(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    letter_id, case_id, _ = await fulfilment.ask_for_letter()
    await fulfilment.ask_for_letter(letter_id=letter_id, case_id=case_id)
    await dispatch_all(notifier)
    assert len(sender.sent) == 1


async def test_a_crash_between_intent_and_outcome_repeats_the_letter_once_marked_with_the_same_message_id(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    letter_id, _, _ = await fulfilment.ask_for_letter()
    crashing = CrashingMailSender()
    doomed = await make_notifier(crashing)
    with pytest.raises(asyncio.CancelledError):
        await doomed.dispatching.dispatch_next()
    assert await state_of(notifier, letter_id) == "intended"
    assert not await notifier.dispatching.reconcile_next(), "its lease still runs"

    await end_leases(notifier)
    assert await notifier.dispatching.reconcile_next()
    await dispatch_all(notifier)
    (first,), (repeat,) = crashing.sent, sender.sent
    assert repeat.message_id == first.message_id
    assert not is_marked_repeat(first.message)
    assert is_marked_repeat(repeat.message)
    (envelope,) = await told(notifier)
    assert (envelope.type, envelope.data["is_repeat"]) == ("letter_accepted", True)


async def test_a_second_crash_leaves_the_letter_to_a_person(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    letter_id, _, _ = await fulfilment.ask_for_letter()
    for _ in range(2):
        doomed = await make_notifier(CrashingMailSender())
        with pytest.raises(asyncio.CancelledError):
            await doomed.dispatching.dispatch_next()
        await end_leases(notifier)
        assert await notifier.dispatching.reconcile_next()
    await dispatch_all(notifier)
    assert sender.tried == []
    (envelope,) = await told(notifier)
    assert (envelope.type, envelope.data["reason"]) == ("letter_failed", "unknown_twice")
    assert await state_of(notifier, letter_id) == "failed"


async def test_a_connection_lost_after_the_content_is_repeated_once(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    sender.outcomes.append(Unknown())
    await fulfilment.ask_for_letter()
    await dispatch_all(notifier)
    assert len(sender.tried) == 1, "the repeat waits"
    await make_due(notifier)
    await dispatch_all(notifier)
    assert [is_marked_repeat(mail.message) for mail in sender.sent] == [False, True]
    assert [envelope.data["is_repeat"] for envelope in await told(notifier)] == [True]


async def test_an_outcome_that_comes_after_the_lease_was_taken_over_changes_nothing(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment
) -> None:
    class Slow(FakeMailSender):
        async def send(self, mail: OutgoingMail) -> SendOutcome:
            await end_leases(notifier)
            assert await notifier.dispatching.reconcile_next()
            return await super().send(mail)

    letter_id, _, _ = await fulfilment.ask_for_letter()
    slow = await make_notifier(Slow())
    await slow.dispatching.dispatch_next()
    assert await told(notifier) == []
    assert await state_of(notifier, letter_id) == "unknown"


async def test_a_worker_never_reconciles_a_letter_that_it_holds_itself(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment
) -> None:
    class SelfReconciling(FakeMailSender):
        async def send(self, mail: OutgoingMail) -> SendOutcome:
            await end_leases(notifier)
            assert not await owner.dispatching.reconcile_next()
            return await super().send(mail)

    letter_id, _, _ = await fulfilment.ask_for_letter()
    owner = await make_notifier(SelfReconciling())
    await owner.dispatching.dispatch_next()
    assert await state_of(notifier, letter_id) == "accepted"


async def test_an_outcome_is_written_down_though_the_database_went_away_meanwhile(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment
) -> None:
    class CuttingConnections(FakeMailSender):
        async def send(self, mail: OutgoingMail) -> SendOutcome:
            async with notifier.database.across_controllers() as conn:
                await conn.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where datname = current_database() and usename = current_user and pid <> pg_backend_pid()"
                )
            return await super().send(mail)

    letter_id, _, _ = await fulfilment.ask_for_letter()
    cutting = CuttingConnections()
    unlucky = await make_notifier(cutting)
    await unlucky.dispatching.dispatch_next()
    assert await state_of(notifier, letter_id) == "accepted"
    assert len(cutting.sent) == 1


async def test_two_instances_never_send_the_same_letter_twice(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    letters = {(await fulfilment.ask_for_letter())[0] for _ in range(20)}
    other = await make_notifier(sender)
    await asyncio.gather(*(dispatch_all(instance) for instance in (notifier, other, notifier, other)))
    assert sorted(mail.message_id for mail in sender.sent) == sorted(
        f"<{letter.hex}@esimerkki.example>" for letter in letters
    )


async def test_a_temporary_refusal_waits_and_a_permanent_one_ends_the_letter(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    sender.outcomes.extend([TryLater(451), TryLater(), Refused(550)])
    letter_id, _, _ = await fulfilment.ask_for_letter()
    for tries in (1, 2):
        await dispatch_all(notifier)
        assert len(sender.tried) == tries
        assert await state_of(notifier, letter_id) == "requested"
        assert await told(notifier) == []
        await make_due(notifier)
    await dispatch_all(notifier)
    (envelope,) = await told(notifier)
    assert (envelope.data["reason"], envelope.data["smtp_code"]) == ("rejected", 550)


async def test_a_letter_is_given_up_only_after_its_patience_is_over(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    sender.outcomes.extend([TryLater(451), TryLater(451)])
    await fulfilment.ask_for_letter()
    await dispatch_all(notifier)
    async with notifier.database.across_controllers() as conn:
        await conn.execute("update letters set first_attempt_at = now() - interval '3 days', next_attempt_at = now()")
    await dispatch_all(notifier)
    (envelope,) = await told(notifier)
    assert (envelope.data["reason"], envelope.data["smtp_code"]) == ("gave_up", 451)


async def test_letters_wait_for_a_mail_server_that_is_down_and_leave_once_it_is_back(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    sender.is_down = True
    await fulfilment.ask_for_letter()
    dispatcher = dispatcher_of(notifier)
    assert not await dispatcher.check()
    await dispatch_all(notifier)
    assert not notifier.server.is_up
    assert notifier.registry.get_sample_value("notifier_letters_waiting", {"state": "requested"}) == 1

    sender.is_down = False
    assert await dispatcher.check()
    await dispatch_all(notifier)
    assert notifier.server.is_up
    assert [envelope.type for envelope in await told(notifier)] == ["letter_accepted"]


async def test_a_fourth_automatic_letter_of_the_day_goes_to_a_person_and_the_others_are_not_counted(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    for _ in range(4):
        await fulfilment.ask_for_letter("challenge", is_automatic=True)
    await fulfilment.ask_for_letter("refusal", is_automatic=False)
    await fulfilment.ask_for_letter("challenge", is_automatic=True, address_hash="cd" * 32)
    await dispatch_all(notifier)
    assert len(sender.sent) == 5
    failed = [envelope for envelope in await told(notifier) if envelope.type == "letter_failed"]
    assert [envelope.data["reason"] for envelope in failed] == ["daily_limit"]


async def test_the_daily_limit_holds_across_controllers_and_a_new_day_starts_anew(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    await fulfilment.publish("toinen")
    for controller_id in ("esimerkki", "toinen", "esimerkki", "toinen"):
        await fulfilment.ask_for_letter("challenge", is_automatic=True, controller_id=controller_id)
    async with notifier.database.across_controllers() as conn:
        await conn.execute("update daily_letters set day = day - 1")
    await fulfilment.ask_for_letter("challenge", is_automatic=True)
    await dispatch_all(notifier)
    assert len(sender.sent) == 4


@pytest.mark.parametrize("address", ["", "liisa", "liisa@posti.example\r\nBcc: x@y.example", "Liisa <a@b.example>"])
async def test_an_address_that_cannot_be_written_to_is_told_at_once(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender, address: str
) -> None:
    letter_id, _, _ = await fulfilment.ask_for_letter(to=address)
    (envelope,) = await told(notifier)
    assert (envelope.data["letter_id"], envelope.data["reason"]) == (str(letter_id), "invalid_address")
    await dispatch_all(notifier)
    assert sender.tried == []


async def test_a_letter_that_could_not_say_what_it_must_becomes_a_dead_letter(fulfilment: Fulfilment) -> None:
    _, _, disposition = await fulfilment.ask_for_letter("refusal", reason=None)
    assert isinstance(disposition, DeadLettered)
    assert "reason" in disposition.detail


async def test_a_letter_before_its_controller_waits_for_the_register(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    await fulfilment.ask_for_letter(controller_id="toinen")
    await dispatch_all(notifier)
    assert sender.tried == []
    await fulfilment.publish("toinen")
    await make_due(notifier)
    await dispatch_all(notifier)
    assert [str(mail.sender) for mail in sender.sent] == ["tietosuoja@toinen.example"]


async def test_a_letter_whose_controller_never_comes_ends_as_unknown_controller(
    notifier: Notifier, fulfilment: Fulfilment
) -> None:
    await fulfilment.ask_for_letter(controller_id="toinen")
    await dispatch_all(notifier)
    async with notifier.database.across_controllers() as conn:
        await conn.execute("update letters set first_attempt_at = now() - interval '3 days', next_attempt_at = now()")
    await dispatch_all(notifier)
    assert [envelope.data["reason"] for envelope in await told(notifier)] == ["unknown_controller"]


async def test_an_older_register_never_replaces_a_newer_one(notifier: Notifier, fulfilment: Fulfilment) -> None:
    await fulfilment.publish(version=5)
    await fulfilment.publish(version=4)
    async with notifier.database.across_controllers() as conn:
        assert await conn.fetchval("select register_version from controllers") == 5


async def test_a_letter_that_cannot_be_opened_does_not_hold_up_the_others(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    broken, _, _ = await fulfilment.ask_for_letter()
    async with notifier.database.across_controllers() as conn:
        await conn.execute("update letters set event_id = $1", uuid7())
    await fulfilment.ask_for_letter()
    await dispatch_all(notifier)
    assert len(sender.sent) == 1
    assert await state_of(notifier, broken) == "requested"


async def test_destroying_a_case_removes_its_letters_and_keys_confirms_and_leaves_its_neighbour(
    notifier: Notifier, fulfilment: Fulfilment, sender: FakeMailSender
) -> None:
    gone, case_id, _ = await fulfilment.ask_for_letter()
    kept, neighbour, _ = await fulfilment.ask_for_letter()
    await fulfilment.destroy_keys(case_id)
    (envelope,) = await told(notifier)
    assert (envelope.type, envelope.data["keys_destroyed"]) == ("notifier_key_destroyed", 1)
    assert await state_of(notifier, gone) is None
    assert await state_of(notifier, kept) == "requested"
    await fulfilment.ask_for_letter(case_id=case_id)
    await dispatch_all(notifier)
    assert [mail.message_id for mail in sender.sent] == [f"<{kept.hex}@esimerkki.example>"]
    assert await _cases_with_keys(notifier) == {neighbour}


async def _cases_with_keys(notifier: Notifier) -> set[UUID]:
    async with notifier.database.across_controllers() as conn:
        return {row["case_id"] for row in await conn.fetch("select case_id from case_keys where purpose = 'letter'")}


async def test_a_case_destroyed_while_its_letter_is_under_way_stays_destroyed(
    make_notifier: MakeNotifier, notifier: Notifier, fulfilment: Fulfilment
) -> None:
    class Destroying(FakeMailSender):
        async def send(self, mail: OutgoingMail) -> SendOutcome:
            await fulfilment.destroy_keys(case_id)
            return await super().send(mail)

    _, case_id, _ = await fulfilment.ask_for_letter()
    await (await make_notifier(Destroying())).dispatching.dispatch_next()
    assert [envelope.type for envelope in await told(notifier)] == ["notifier_key_destroyed"]


async def test_no_name_address_or_link_lies_in_clear_in_a_row(notifier: Notifier, fulfilment: Fulfilment) -> None:
    await fulfilment.ask_for_letter("challenge", to="canary@posti.example", recipient_name="Kanarialintu")
    async with notifier.database.across_controllers() as conn:
        tables = await conn.fetch("select tablename from pg_tables where schemaname = 'public'")
        for table in tables:
            for row in await conn.fetch(f'select t::text as line from "{table["tablename"]}" t'):
                assert not any(word in row["line"] for word in ("canary", "Kanarialintu", "/l/Zm9y"))
