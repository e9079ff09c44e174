"""Takes posted forms and answers each after its commit; forms that come at the same time share a transaction.

A commit waits for the disk and a statement for its way there and back. While one transaction is under way the next
forms gather, and then go together. Whatever goes wrong with a group, its forms are taken one by one.
"""

import asyncio
from collections import deque
from functools import partial
from typing import Final

from dsr_intake.domain.request_form import FormState
from dsr_intake.handlers.submit_form import PostedBefore, SubmitForm
from dsr_intake.ports import NotTogether, RunTogether
from dsr_shared.postgres import Database

MOST_TOGETHER: Final = 16
GROUPS_AT_ONCE: Final = 2


class FormDesk:
    """One for the process."""

    def __init__(self, database: Database, submit: SubmitForm, run_together: RunTogether) -> None:
        self._database = database
        self._submit = submit
        self._run_together = run_together
        self._waiting: deque[tuple[FormState, asyncio.Future[None]]] = deque()
        self._groups: set[asyncio.Task[None]] = set()

    async def __call__(self, state: FormState) -> None:
        """Return once the form is committed; a repeated post of the same form changes nothing."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((state, done))
        if len(self._groups) < GROUPS_AT_ONCE:
            group = asyncio.create_task(self._work(), name="form desk")
            self._groups.add(group)
            group.add_done_callback(self._groups.discard)
        await done

    async def _work(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                await self._together([state for state, _ in group])
            except NotTogether:
                for state, done in group:
                    await self._alone(state, done)
            except Exception as error:  # noqa: BLE001 - every waiting post must hear of it
                _tell(group, error)
            else:
                _tell(group, None)

    def _next_group(self) -> list[tuple[FormState, asyncio.Future[None]]]:
        """The oldest forms of one controller; a transaction belongs to one controller."""
        controller_id = self._waiting[0][0].controller_id
        group: list[tuple[FormState, asyncio.Future[None]]] = []
        while self._waiting and len(group) < MOST_TOGETHER and self._waiting[0][0].controller_id == controller_id:
            group.append(self._waiting.popleft())
        return group

    async def _together(self, states: list[FormState]) -> None:
        if len({state.arrival_id for state in states}) < len(states):
            raise NotTogether
        if len(states) == 1:
            await self._submit_alone(states[0])
            return
        async with self._database.transaction(states[0].controller_id) as connection:
            await self._run_together(connection, [partial(self._submit, state=state) for state in states])

    async def _alone(self, state: FormState, done: "asyncio.Future[None]") -> None:
        try:
            await self._submit_alone(state)
        except Exception as error:  # noqa: BLE001 - the waiting post must hear of it
            _tell([(state, done)], error)
        else:
            _tell([(state, done)], None)

    async def _submit_alone(self, state: FormState) -> None:
        try:
            async with self._database.transaction(state.controller_id) as connection:
                await self._submit(connection, state)
        except PostedBefore:
            return


def _tell(group: list[tuple[FormState, "asyncio.Future[None]"]], error: Exception | None) -> None:
    for _, done in group:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
