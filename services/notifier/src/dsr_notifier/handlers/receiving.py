"""Takes in events. Each method runs in the transaction that also remembers the event."""

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from dsr_notifier.domain.addresses import InvalidAddress, parse_address
from dsr_notifier.domain.delivery import FailureReason
from dsr_notifier.domain.letters import DAILY_LIMIT, UnfitContent, check_content
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.base import Event
from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.deliveries import LetterFailedV1, NotifierKeyDestroyedV1
from dsr_shared.contracts.letters import LetterRequestedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.inbox import Handler, Received, Rejected
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Draft, Outbox
from dsr_shared.postgres import Connection, database_now, hint_after_commit, load_queries
from dsr_shared.sealing import SealContext, open_model
from dsr_shared.telemetry import current_traceparent

LETTERS_CHANNEL = "notifier_letters"
_log = logging.getLogger(__name__)


def content_context(event_id: UUID, case_id: UUID) -> SealContext:
    """Where a letter's content was sealed: in its event."""
    return SealContext(record_id=event_id, kind=LetterRequestedV1.TYPE, case_id=case_id, field="content")


class Receiving:
    """The notifier's side of `letters.v1`, `controllers.v1` and `cases.v1`."""

    def __init__(self, keys: CaseKeys, outbox: Outbox, new_id: Callable[[], UUID]) -> None:
        self._keys = keys
        self._outbox = outbox
        self._new_id = new_id
        self._sql = load_queries("dsr_notifier")

    def handlers(self) -> dict[type[Event], Handler]:
        return {
            ControllerPublishedV1: self.publish_controller,
            LetterRequestedV1: self.request_letter,
            CaseKeyDestroyedV1: self.destroy_case,
        }

    async def publish_controller(self, conn: Connection, received: Received) -> None:
        assert isinstance(received.event, ControllerPublishedV1)
        event = received.event
        await conn.execute(
            self._sql["publish_controller"],
            received.envelope.controller_id,
            event.register_version,
            event.model_dump_json(),
        )
        await hint_after_commit(conn, LETTERS_CHANNEL)

    async def request_letter(self, conn: Connection, received: Received) -> None:
        """Store the letter, due now; or tell at once why it will not be sent. The inbox has kept its key already."""
        assert isinstance(received.event, LetterRequestedV1)
        event = received.event
        if await conn.fetchval(self._sql["is_known"], event.letter_id):
            return
        content = await self._open(conn, received, event)
        if problem := await self._problem(conn, event, content):
            await self._turn_away(conn, received, event, problem)
            return
        await conn.execute(
            self._sql["request_letter"], *_letter_values(received, event), event.content.model_dump_json()
        )
        await hint_after_commit(conn, LETTERS_CHANNEL)

    async def destroy_case(self, conn: Connection, received: Received) -> None:
        """Forget the case's letters and keys, and confirm."""
        envelope = received.envelope
        await conn.execute(self._sql["delete_letters"], envelope.case_id, envelope.controller_id)
        destroyed = await self._keys.destroy(conn, envelope.controller_id, envelope.case_id)
        now = await database_now(conn)
        await self._tell(conn, received, NotifierKeyDestroyedV1(destroyed_at=now, keys_destroyed=destroyed))

    async def _open(self, conn: Connection, received: Received, event: LetterRequestedV1) -> LetterContentV1:
        key = await self._keys.get(conn, event.content.key_id)
        context = content_context(received.envelope.event_id, received.envelope.case_id)
        content = open_model(key, event.content, context, LetterContentV1)
        try:
            check_content(event.kind, content)
        except UnfitContent as error:
            raise Rejected(str(error)) from error
        return content

    async def _problem(
        self, conn: Connection, event: LetterRequestedV1, content: LetterContentV1
    ) -> FailureReason | None:
        try:
            parse_address(content.recipient_email)
        except InvalidAddress:
            return "invalid_address"
        if event.is_automatic and not await self._is_within_limit(conn, event.address_hash):
            return "daily_limit"
        return None

    async def _is_within_limit(self, conn: Connection, address_hash: str) -> bool:
        day = helsinki_date(await database_now(conn))
        return await conn.fetchval(self._sql["count_daily"], address_hash, day, DAILY_LIMIT) is not None

    async def _turn_away(
        self, conn: Connection, received: Received, event: LetterRequestedV1, reason: FailureReason
    ) -> None:
        now: datetime = await database_now(conn)
        await conn.execute(self._sql["turn_letter_away"], *_letter_values(received, event), reason)
        await self._tell(conn, received, LetterFailedV1(letter_id=event.letter_id, reason=reason, failed_at=now))
        _log.warning("letter turned away", extra={"letter_id": event.letter_id, "reason": reason})

    async def _tell(self, conn: Connection, received: Received, event: Event) -> None:
        envelope = received.envelope
        draft = Draft(
            event_id=self._new_id(),
            controller_id=envelope.controller_id,
            case_id=envelope.case_id,
            event=event,
            causation_id=envelope.event_id,
            correlation_id=envelope.correlation_id,
        )
        await self._outbox.append(conn, draft)


def _letter_values(received: Received, event: LetterRequestedV1) -> tuple[object, ...]:
    envelope = received.envelope
    return (
        event.letter_id,
        envelope.controller_id,
        envelope.case_id,
        envelope.event_id,
        envelope.correlation_id,
        current_traceparent() or envelope.traceparent,
        event.kind,
        event.language,
        event.is_automatic,
    )
