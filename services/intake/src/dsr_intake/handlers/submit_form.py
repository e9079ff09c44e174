"""Posted forms: arrivals, their cases and their events are committed together, or nothing is.

Any number of forms of one controller take the same four statements, so that a group of them costs the database and
the way there little more than one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dsr_intake.domain.decide import Message, Situation, decide_request
from dsr_intake.domain.request_form import FormState
from dsr_intake.handlers.form_files import FormFiles
from dsr_intake.handlers.posted_form import PostedForm, key_for, raw_hash, raw_of
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.requests import AttachmentV1
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Draft, Outbox
from dsr_shared.postgres import Connection, Database, database_now, load_queries
from dsr_shared.sealing import hash_token
from dsr_shared.telemetry import continue_trace


class SubmitForms:
    """Stores and announces checked forms of one controller in the transaction that it is given."""

    def __init__(
        self, keys: CaseKeys, ring: KeyRing, outbox: Outbox, files: FormFiles | None = None, *, requests_a_day: int
    ) -> None:
        self._keys = keys
        self._ring = ring
        self._outbox = outbox
        self._files = files
        self._requests_a_day = requests_a_day
        self._sql = load_queries("dsr_intake")

    async def __call__(self, connection: Connection, states: Sequence[FormState]) -> None:
        """A form that lies here already changes nothing: the first one counts. Raises FilesGone for lost files."""
        once = {state.arrival_id: state for state in reversed(states)}
        in_one_order = [once[arrival_id] for arrival_id in sorted(once)]  # whoever stores some of the same waits
        posted = await self._decided(connection, in_one_order)
        stored = await self._store(connection, posted)
        new = [one for one in posted if one.state.arrival_id in stored]
        await self._open_cases(connection, [one for one in new if one.opens_case])
        for one in new:
            if not one.opens_case:
                await self._add_to_case(connection, one)

    async def _decided(self, connection: Connection, states: Sequence[FormState]) -> list[PostedForm]:
        senders = [self._ring.mac("address", state.answers.email) for state in states]
        rows = await connection.fetch(self._sql["requests_of_day"], states[0].controller_id, senders, None)
        counted = {row["sender_hash"]: row for row in rows}
        now = await database_now(connection)
        return [
            self._posted(state, sender, counted.get(sender), now) for state, sender in zip(states, senders, strict=True)
        ]

    def _posted(self, state: FormState, sender: str, counted: Any | None, now: datetime) -> PostedForm:
        situation = Situation(
            arrival_id=state.arrival_id,
            known_case_id=None,
            requests_today=counted["requests"] if counted else 0,
            flood_case_id=counted["flood_case_id"] if counted else None,
            daily_limit=self._requests_a_day,
        )
        raw, key = raw_of(state), key_for(state)
        return PostedForm(
            state=state,
            decision=decide_request(situation),
            sender=sender,
            now=now,
            raw=raw,
            raw_sha256=raw_hash(raw),
            key=key,
            keys=self._keys.wrap_for_readers(key),
        )

    async def _store(self, connection: Connection, posted: Sequence[PostedForm]) -> set[UUID]:
        """Returns which of them are new."""
        controller_id, now = posted[0].state.controller_id, posted[0].now
        columns = (list(column) for column in zip(*map(_row, posted), strict=True))
        due_on = due_dates(now).due
        rows = await connection.fetch(self._sql["store_form_requests"], controller_id, now, due_on, *columns)
        return {row["arrival_id"] for row in rows}

    async def _open_cases(self, connection: Connection, posted: Sequence[PostedForm]) -> None:
        if not posted:
            return
        keys = [(one.case_id, one.keys) for one in posted]
        await self._keys.store_each(connection, posted[0].state.controller_id, keys)
        drafts = [await self._draft(connection, one) for one in posted]
        await self._outbox.append_first(connection, drafts)

    async def _add_to_case(self, connection: Connection, posted: PostedForm) -> None:
        """The surplus of an address goes to the case that collects it; raises KeyDestroyed where that is gone."""
        await self._keys.new(connection, posted.state.controller_id, posted.case_id, "arrival", key=posted.key)
        await self._outbox.append(connection, await self._draft(connection, posted))

    async def _draft(self, connection: Connection, posted: PostedForm) -> Draft:
        with continue_trace("form posted", controller_id=posted.state.controller_id):
            return posted.draft(await self._claimed(connection, posted))

    async def _claimed(self, connection: Connection, posted: PostedForm) -> tuple[AttachmentV1, ...]:
        state = posted.state
        if self._files is None or state.tray is None or not state.tray.files:
            return ()
        return await self._files.claim(connection, state.controller_id, state.tray, posted.case_id)


class SubmitWithFiles:
    """Takes a form with files in a transaction of its own, so that lost files fail no other form."""

    def __init__(self, database: Database, submit: SubmitForms) -> None:
        self._database = database
        self._submit = submit

    async def __call__(self, state: FormState) -> None:
        """Return once the form is committed; a repeated post changes nothing. Raises FilesGone."""
        async with self._database.transaction(state.controller_id) as connection:
            await self._submit(connection, [state])


def _row(posted: PostedForm) -> tuple[object, ...]:
    """The columns of `store_form_requests`."""
    state = posted.state
    return (
        state.arrival_id,
        posted.case_id,
        state.channel,
        posted.raw_sha256,
        posted.key.key_id,
        posted.sealed().model_dump_json(),
        state.language,
        posted.sender,
        isinstance(posted.decision, Message),
        hash_token(state.status_token),
        " ".join(state.answers.rights),
        state.answers.whose,
        state.answers.first_letter,
    )
