"""Writes a letter's new state, and tells fulfilment once its fate is known, in one transaction."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from dsr_notifier.domain.delivery import Step
from dsr_notifier.handlers.mail_server import MailServerState
from dsr_shared.contracts.base import Event
from dsr_shared.contracts.deliveries import LetterAcceptedV1, LetterFailedV1
from dsr_shared.outbox import Draft, Outbox
from dsr_shared.postgres import Connection, load_queries


class Settling:
    """The one place where a letter ends."""

    def __init__(self, outbox: Outbox, server: MailServerState, new_id: Callable[[], UUID]) -> None:
        self._outbox = outbox
        self._server = server
        self._new_id = new_id
        self._sql = load_queries("dsr_notifier")

    async def settle(self, conn: Connection, row: Any, step: Step, *, is_waiting_for_server: bool = False) -> None:
        """`row` is the letter as it was locked in this transaction."""
        await conn.execute(
            self._sql["settle"],
            row["letter_id"],
            step.state,
            step.next_attempt_at,
            step.failure,
            step.smtp_code,
            is_waiting_for_server,
        )
        if (event := await self._event(conn, row, step)) is not None:
            await self._outbox.append(conn, self._draft(row, event))
            self._server.count_end(step.state)

    async def _event(self, conn: Connection, row: Any, step: Step) -> Event | None:
        letter_id, now = row["letter_id"], row["now"]
        if step.failure is not None:
            return LetterFailedV1(letter_id=letter_id, reason=step.failure, smtp_code=step.smtp_code, failed_at=now)
        if step.state != "accepted":
            return None
        message_id = await conn.fetchval(self._sql["message_id"], letter_id)
        is_repeat = row["state"] == "repeating"
        return LetterAcceptedV1(letter_id=letter_id, message_id=message_id, accepted_at=now, is_repeat=is_repeat)

    def _draft(self, row: Any, event: Event) -> Draft:
        return Draft(
            event_id=self._new_id(),
            controller_id=row["controller_id"],
            case_id=row["case_id"],
            event=event,
            causation_id=row["event_id"],
            correlation_id=row["correlation_id"],
        )
