"""Takes posted forms and answers each after its commit; forms that come at the same time share a transaction.

A commit waits for the disk and a statement for its way there and back. While one transaction is under way the next
forms gather, and then go together: as soon as it is done, or beside it once enough of them wait. Where a group cannot
be stored, its forms are taken one by one.
"""

import asyncio
from collections import deque
from typing import Final, cast

from dsr_intake.domain.request_form import FormState
from dsr_intake.handlers.submit_form import SubmitForms
from dsr_shared.postgres import Database

MOST_TOGETHER: Final = 16
GROUPS_AT_ONCE: Final = 2
WORTH_A_SECOND: Final = 4
"""So many must wait for a group to start beside another of the same controller; small groups save too little."""


class NotTogetherError(Exception):
    """One of several forms kept all of them from being stored."""


class FormDesk:
    """One for the process."""

    def __init__(self, database: Database, submit: SubmitForms) -> None:
        self._database = database
        self._submit = submit
        self._waiting: deque[tuple[FormState, asyncio.Future[None]]] = deque()
        self._groups: dict[asyncio.Task[None], str] = {}

    async def __call__(self, state: FormState) -> None:
        """Return once the form is committed; a repeated post of the same form changes nothing."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((state, done))
        self._begin()
        await done

    def _begin(self) -> None:
        """Start a group: the first of a controller at once, one beside it when that is worth a transaction."""
        while self._waiting and len(self._groups) < GROUPS_AT_ONCE:
            controller_id = self._waiting[0][0].controller_id
            if controller_id in self._groups.values() and len(self._waiting) < WORTH_A_SECOND:
                return
            task = asyncio.create_task(self._work(self._next_group(controller_id)), name="form desk")
            self._groups[task] = controller_id

    async def _work(self, group: list[tuple[FormState, asyncio.Future[None]]]) -> None:
        try:
            await self._take(group)
        finally:
            del self._groups[cast("asyncio.Task[None]", asyncio.current_task())]
        self._begin()

    async def _take(self, group: list[tuple[FormState, asyncio.Future[None]]]) -> None:
        try:
            await self._store([state for state, _ in group])
        except NotTogetherError:
            for one in group:
                await self._take([one])
        except Exception as error:  # noqa: BLE001 - every waiting post must hear of it
            _tell(group, error)
        else:
            _tell(group, None)

    def _next_group(self, controller_id: str) -> list[tuple[FormState, asyncio.Future[None]]]:
        """The oldest forms of one controller; a transaction belongs to one controller."""
        group: list[tuple[FormState, asyncio.Future[None]]] = []
        while self._waiting and len(group) < MOST_TOGETHER and self._waiting[0][0].controller_id == controller_id:
            group.append(self._waiting.popleft())
        return group

    async def _store(self, states: list[FormState]) -> None:
        async with self._database.transaction(states[0].controller_id) as connection:
            try:
                await self._submit(connection, states)
            except Exception as error:
                if len(states) > 1:
                    raise NotTogetherError from error
                raise


def _tell(group: list[tuple[FormState, "asyncio.Future[None]"]], error: Exception | None) -> None:
    for _, done in group:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
