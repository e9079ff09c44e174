"""Forms that come at the same time share a transaction, and each is still one request."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest
from uuid6 import uuid7

from dsr_intake.bootstrap import Intake
from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_intake.handlers import form_desk
from dsr_shared.postgres import Connection
from dsr_shared.sealing import new_token

pytestmark = pytest.mark.connected
ANSWERS = FormAnswers(choices=("access",), name="Aino Esimerkki")


def a_state(number: int, controller_id: str = "esimerkki") -> FormState:
    answers = replace(ANSWERS, email=f"{number}@posti.example")
    return FormState(uuid7(), new_token(), int(time.time()), controller_id, "fi", answers)


async def counted(intake: Intake) -> tuple[int, int, int, int]:
    async with intake.database.across_controllers() as connection:
        row = await connection.fetchrow(
            "select (select count(*) from outbox) as events, (select count(distinct case_id) from outbox) as cases, "
            "(select count(*) from arrivals) as arrivals, (select count(*) from case_keys) as keys"
        )
    return tuple(row)


async def test_many_forms_at_once_are_as_many_requests(intake: Intake) -> None:
    states = [a_state(number, ("esimerkki", "toinen")[number % 7 == 0]) for number in range(60)]
    await asyncio.gather(*(intake.submit(state) for state in states))
    assert await counted(intake) == (60, 60, 60, 60)


async def test_a_form_that_comes_twice_at_once_is_one_request_and_holds_up_no_other(intake: Intake) -> None:
    states = [a_state(number) for number in range(10)]
    await asyncio.gather(*(intake.submit(state) for state in (*states, *states[:5], *states[:5])))
    await asyncio.gather(*(intake.submit(state) for state in states))
    assert await counted(intake) == (10, 10, 10, 10)


async def test_one_form_that_cannot_be_stored_fails_alone(intake: Intake) -> None:
    """A zero byte is what PostgreSQL takes in no text; such a state cannot come out of our own seal."""
    broken = replace(a_state(0), language="\x00")  # type: ignore[arg-type]
    states = [a_state(1), broken, a_state(2), a_state(3)]
    results = await asyncio.gather(*(intake.submit(state) for state in states), return_exceptions=True)
    assert [result is None for result in results] == [True, False, True, True]
    assert await counted(intake) == (3, 3, 3, 3)


async def test_every_waiting_form_hears_that_the_database_is_gone(intake: Intake) -> None:
    await intake.database.close()
    posts = (intake.submit(a_state(number)) for number in range(5))
    results = await asyncio.gather(*posts, return_exceptions=True)
    assert all(isinstance(result, Exception) for result in results)


class HeldStore:
    """Notes which forms go together, and stores none until it is told to."""

    def __init__(self, store: Callable[..., Awaitable[None]]) -> None:
        self._store = store
        self._groups: asyncio.Queue[list[str]] = asyncio.Queue()
        self.go_on = asyncio.Event()

    async def __call__(self, connection: Connection, states: Sequence[FormState]) -> None:
        self._groups.put_nowait([f"{state.controller_id} {state.answers.email.split('@')[0]}" for state in states])
        await self.go_on.wait()
        await self._store(connection, states)

    async def next_group(self) -> list[str]:
        async with asyncio.timeout(20):
            return await self._groups.get()


@pytest.fixture
def held(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> HeldStore:
    store = HeldStore(intake.submit._submit)
    monkeypatch.setattr(intake.submit, "_submit", store)
    return store


async def test_a_few_forms_wait_for_the_group_before_them_and_four_go_beside_it(
    intake: Intake, held: HeldStore
) -> None:
    posts = [asyncio.create_task(intake.submit(a_state(number))) for number in range(4)]
    assert await held.next_group() == ["esimerkki 0"]
    posts.append(asyncio.create_task(intake.submit(a_state(4))))
    assert await held.next_group() == [f"esimerkki {number}" for number in range(1, 5)]
    posts += [asyncio.create_task(intake.submit(a_state(number))) for number in range(5, 12)]
    held.go_on.set()
    async with asyncio.timeout(20):
        await asyncio.gather(*posts)
    assert await counted(intake) == (12, 12, 12, 12)


async def test_a_form_of_another_controller_does_not_wait_for_a_slow_group(intake: Intake, held: HeldStore) -> None:
    posts = [asyncio.create_task(intake.submit(a_state(1))), asyncio.create_task(intake.submit(a_state(2, "toinen")))]
    assert [await held.next_group(), await held.next_group()] == [["esimerkki 1"], ["toinen 2"]]
    held.go_on.set()
    await asyncio.gather(*posts)


async def test_a_form_that_comes_the_moment_another_is_answered_is_taken_at_once(
    intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The group before it has just ended, and no later form comes to wake anybody."""
    monkeypatch.setattr(form_desk, "GROUPS_AT_ONCE", 1)
    async with asyncio.timeout(20):
        for number in range(3):
            await intake.submit(a_state(number))
    assert await counted(intake) == (3, 3, 3, 3)
