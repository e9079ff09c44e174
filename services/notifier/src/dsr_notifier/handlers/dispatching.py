"""Sends what is due: commits the intent, speaks to the mail server, commits the outcome.

Any number of workers in any number of processes may do so at once. Whoever holds the row's lease token may write the
outcome; when the lease ran out without one, the letter is reconciled as unknown.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import stamina

from dsr_notifier.domain.addresses import InvalidAddress
from dsr_notifier.domain.delivery import (
    Delivery,
    SendOutcome,
    Step,
    TryLater,
    Unknown,
    after_outcome,
    lost,
    move,
    postponed,
    refused,
)
from dsr_notifier.domain.letters import LETTERS
from dsr_notifier.handlers.mail_server import OUTCOME_WORDS, MailServerState
from dsr_notifier.handlers.receiving import LETTERS_CHANNEL, content_context
from dsr_notifier.handlers.settling import Settling
from dsr_notifier.ports import Letter, LetterWriter, MailSender, OutgoingMail
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.inbox.failures import DATABASE_AWAY
from dsr_shared.keys import CaseKeys
from dsr_shared.postgres import Connection, Database, hint_after_commit, load_queries
from dsr_shared.sealing import open_model
from dsr_shared.telemetry import continue_trace

_AWAY = (
    *DATABASE_AWAY,
    asyncpg.InternalClientError,  # what asyncpg may say of a connection that broke under it
    asyncpg.TransactionRollbackError,
)
_log = logging.getLogger(__name__)


class UnknownController(Exception):
    """No register of the letter's controller has reached us."""


@dataclass(frozen=True)
class Intent:
    """A committed intent: this mail is about to be handed over under this lease."""

    letter_id: UUID
    controller_id: str
    kind: str
    traceparent: str | None
    lease_token: UUID
    mail: OutgoingMail


@dataclass(frozen=True)
class Lease:
    """How long a letter is ours. The send must end before the lease does."""

    send_timeout_seconds: float
    lease_seconds: float


class Dispatching:
    """One call, one letter."""

    def __init__(
        self,
        *,
        db: Database,
        keys: CaseKeys,
        settling: Settling,
        writer: LetterWriter,
        sender: MailSender,
        server: MailServerState,
        lease: Lease,
        new_token: Callable[[], UUID] = uuid4,
    ) -> None:
        self._db = db
        self._keys = keys
        self._settling = settling
        self._writer = writer
        self._sender = sender
        self._server = server
        self._lease = lease
        self._new_token = new_token
        self._sql = load_queries("dsr_notifier")
        self._in_hand: set[UUID] = set()

    async def dispatch_next(self) -> bool:
        """Take the letter that is due longest as far as it goes; False when none is due."""
        found = await self._take_next()
        if isinstance(found, Intent):
            await self._carry_out(found)
        return found is not None

    async def reconcile_next(self) -> bool:
        """Settle one intent whose worker is gone; False when there is none."""
        async with self._db.across_controllers() as conn:
            row = await conn.fetchrow(self._sql["next_expired"], list(self._in_hand))
            if row is None:
                return False
            step = lost(delivery_of(row), again_at=row["now"])
            await conn.execute(self._sql["record_outcome"], row["letter_id"], row["attempts"], "unknown", None)
            await self._settling.settle(conn, row, step)
            await hint_after_commit(conn, LETTERS_CHANNEL)
        _log.warning("an attempt ended unknown", extra={"letter_id": row["letter_id"], "state": step.state})
        return True

    async def _take_next(self) -> Intent | Step | None:
        async with self._db.across_controllers() as conn:
            row = await conn.fetchrow(self._sql["next_due"])
            if row is None:
                return None
            prepared = await self._prepare(conn, row)
            if isinstance(prepared, Step):
                await self._settling.settle(conn, row, prepared)
                return prepared
            intent = await self._intend(conn, row, prepared)
        self._in_hand.add(intent.letter_id)
        return intent

    async def _prepare(self, conn: Connection, row: Any) -> OutgoingMail | Step:
        try:
            return await self._write(conn, row)
        except InvalidAddress:
            return refused(delivery_of(row), "invalid_address")
        except UnknownController:
            return postponed(delivery_of(row), row["now"], reason="unknown_controller")
        except Exception:  # noqa: BLE001 - the worker's edge: a letter that cannot be written must not hold up the others
            _log.exception("a letter cannot be written", extra={"letter_id": row["letter_id"]})
            return postponed(delivery_of(row), row["now"])

    async def _write(self, conn: Connection, row: Any) -> OutgoingMail:
        published = await conn.fetchval(self._sql["controller"], row["controller_id"])
        if published is None:
            raise UnknownController
        controller = ControllerPublishedV1.model_validate_json(published)
        is_repeat = delivery_of(row).is_repeat
        letter = await self._open(conn, row)
        return self._writer.write(letter, controller, written_at=row["now"], is_repeat=is_repeat)

    async def _open(self, conn: Connection, row: Any) -> Letter:
        sealed = SealedV1.model_validate_json(row["content_sealed"])
        key = await self._keys.get(conn, sealed.key_id)
        content = open_model(key, sealed, content_context(row["event_id"], row["case_id"]), LetterContentV1)
        return Letter(
            letter_id=row["letter_id"],
            case_id=row["case_id"],
            kind=row["kind"],
            language=row["language"],
            is_automatic=row["is_automatic"],
            content=content,
        )

    async def _intend(self, conn: Connection, row: Any, mail: OutgoingMail) -> Intent:
        letter_id, token = row["letter_id"], self._new_token()
        state = move(row["state"], "intend")
        await conn.execute(self._sql["intend"], letter_id, state, token, self._lease.lease_seconds)
        await conn.execute(
            self._sql["record_intent"],
            letter_id,
            row["attempts"] + 1,
            row["controller_id"],
            mail.message_id,
            state == "repeating",
        )
        return Intent(letter_id, row["controller_id"], row["kind"], row["traceparent"], token, mail)

    async def _carry_out(self, intent: Intent) -> None:
        try:
            with continue_trace("send letter", intent.traceparent, **{"letter.kind": intent.kind}) as span:
                outcome = await self._send(intent.mail)
                span.set_attribute("outcome", OUTCOME_WORDS[type(outcome)])
                await self._record(intent, outcome)
        finally:
            self._in_hand.discard(intent.letter_id)

    async def _send(self, mail: OutgoingMail) -> SendOutcome:
        try:
            async with asyncio.timeout(self._lease.send_timeout_seconds):
                outcome = await self._sender.send(mail)
        except TimeoutError:
            outcome = Unknown()
        self._server.count_attempt(outcome)
        self._server.note(is_up=not (isinstance(outcome, TryLater) and outcome.is_unreachable))
        return outcome

    async def _record(self, intent: Intent, outcome: SendOutcome) -> None:
        """Write the outcome down, however long the database is away: we alone know it."""
        async for attempt in stamina.retry_context(on=_AWAY, attempts=None, timeout=None, wait_max=2.0):
            with attempt:
                await self._record_once(intent, outcome)

    async def _record_once(self, intent: Intent, outcome: SendOutcome) -> None:
        async with self._db.transaction(intent.controller_id) as conn:
            row = await conn.fetchrow(self._sql["lock_leased"], intent.letter_id, intent.lease_token)
            if row is None:  # the case was destroyed meanwhile, or another process reconciled it after our lease
                _log.warning("an outcome came too late", extra={"letter_id": intent.letter_id})
                return
            step = after_outcome(delivery_of(row), outcome, row["now"])
            word = OUTCOME_WORDS[type(outcome)]
            await conn.execute(self._sql["record_outcome"], intent.letter_id, row["attempts"], word, step.smtp_code)
            is_waiting = isinstance(outcome, TryLater) and outcome.is_unreachable
            await self._settling.settle(conn, row, step, is_waiting_for_server=is_waiting)
        _log.info("attempt ended", extra={"letter_id": intent.letter_id, "outcome": word, "state": step.state})


def delivery_of(row: Any) -> Delivery:
    """How far the letter of this row has come."""
    patience: timedelta = LETTERS[row["kind"]].patience
    return Delivery(row["state"], row["attempts"], row["first_attempt_at"], patience)
