"""A posted form: the arrival, its case and its event are committed together, or nothing is."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from dsr_intake.domain.decide import Message, OpenCase, Situation, decide_request
from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_intake.handlers.drafts import SealedParts
from dsr_intake.handlers.form_files import FormFiles, key_of
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.requests import AttachmentV1, MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1, PersonV1
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys, KeyDestroyed
from dsr_shared.outbox import Draft, Outbox
from dsr_shared.postgres import Connection, Database, load_queries
from dsr_shared.sealing import DataKey, SealContext, hash_token, seal
from dsr_shared.telemetry import continue_trace


class PostedBefore(Exception):
    """The same form came a second time; the first one counts."""


@dataclass(frozen=True, slots=True)
class _Posted:
    """A form on its way into the database."""

    state: FormState
    decision: OpenCase | Message
    key: DataKey
    sender: str
    now: datetime
    raw: bytes = field(repr=False)
    raw_sha256: str
    attachments: tuple[AttachmentV1, ...] = ()


class SubmitForm:
    """Stores and announces one checked form in the transaction that it is given."""

    def __init__(self, keys: CaseKeys, ring: KeyRing, outbox: Outbox, *, requests_a_day: int) -> None:
        self._keys = keys
        self._ring = ring
        self._outbox = outbox
        self._requests_a_day = requests_a_day
        self._sql = load_queries("dsr_intake")

    async def __call__(self, connection: Connection, state: FormState, files: FormFiles | None = None) -> None:
        """Raises PostedBefore for a form that lies here already (the first one counts), FilesGone for lost files."""
        with continue_trace("form posted", controller_id=state.controller_id):
            await self._submit(connection, state, files)

    async def _submit(self, connection: Connection, state: FormState, files: FormFiles | None) -> None:
        sender = self._ring.mac("address", state.answers.email)
        counted = await connection.fetchrow(self._sql["requests_of_day"], state.controller_id, sender, None)
        decision = self._decide(state.arrival_id, counted)
        is_own = decision.case_id == state.arrival_id
        key = await self._keys.new(
            connection, state.controller_id, decision.case_id, "arrival", opens_case=is_own, key=_key_of(state)
        )
        attachments = await _claim(connection, state, decision.case_id, files)
        raw = _raw(state)
        digest = hashlib.sha256(raw).hexdigest()
        posted = _Posted(state, decision, key, sender, counted["now"], raw, digest, attachments)
        await self._store(connection, posted)
        await self._outbox.append(connection, self._draft(posted), opens_stream=is_own)

    def _decide(self, arrival_id: UUID, counted: Any) -> OpenCase | Message:
        situation = Situation(
            arrival_id=arrival_id,
            known_case_id=None,
            requests_today=counted["requests"],
            flood_case_id=counted["flood_case_id"],
            daily_limit=self._requests_a_day,
        )
        return decide_request(situation)

    async def _store(self, connection: Connection, posted: "_Posted") -> None:
        state = posted.state
        context = SealContext(state.arrival_id, "arrivals", state.arrival_id, "raw")
        stored = await connection.fetchval(
            self._sql["store_form_request"],
            state.arrival_id,
            state.controller_id,
            posted.decision.case_id,
            posted.now,
            posted.raw_sha256,
            posted.key.key_id,
            seal(posted.key, posted.raw, context).model_dump_json(),
            state.language,
            posted.sender,
            isinstance(posted.decision, Message),
            hash_token(state.status_token),
            list(state.answers.rights),
            due_dates(posted.now).due,
            state.answers.whose,
            state.answers.first_letter,
            state.channel,
        )
        if stored is None:
            raise PostedBefore

    def _draft(self, posted: "_Posted") -> Draft:
        state, answers, key = posted.state, posted.state.answers, posted.key
        is_request = isinstance(posted.decision, OpenCase)
        parts = SealedParts(RequestReceivedV1 if is_request else MessageReceivedV1, posted.decision.case_id, key)
        common: dict[str, Any] = {
            "arrival_id": state.arrival_id,
            "channel": state.channel,
            "received_at": posted.now,
            "language": state.language,
            "person": parts.person(person_of(answers)),
            "message": parts.message(
                MessageV1(
                    text=answers.message,
                    evidence=_evidence(answers),
                    attachment_names=_names(state),
                    status_token=state.status_token,
                )
            ),
            "raw_sha256": posted.raw_sha256,
            "attachments": posted.attachments,
        }
        event = _request(state, common) if is_request else _flood(common)
        return parts.draft(state.controller_id, event, self._keys.wrap_for_readers(key))


class SubmitWithFiles:
    """Takes a form with files in a transaction of its own; the quick path of the others stays as it is."""

    def __init__(self, database: Database, submit: SubmitForm, files: FormFiles) -> None:
        self._database = database
        self._submit = submit
        self._files = files
        self._sql = load_queries("dsr_intake", "form.sql")

    async def __call__(self, state: FormState) -> None:
        """Return once the form is committed; a repeated post changes nothing. Raises FilesGone."""
        try:
            async with self._database.transaction(state.controller_id) as connection:
                if not await self._was_posted(connection, state):
                    await self._submit(connection, state, self._files)
        except PostedBefore:
            return
        except KeyDestroyed:
            async with self._database.transaction(state.controller_id) as connection:
                if not await self._was_posted(connection, state):
                    raise

    async def _was_posted(self, connection: Connection, state: FormState) -> bool:
        return bool(await connection.fetchval(self._sql["has_arrival"], state.controller_id, state.arrival_id))


async def _claim(
    connection: Connection, state: FormState, case_id: UUID, files: FormFiles | None
) -> tuple[AttachmentV1, ...]:
    if files is None or state.tray is None or not state.tray.files:
        return ()
    return await files.claim(connection, state.controller_id, state.tray, case_id)


def person_of(answers: FormAnswers) -> PersonV1:
    """Whom the request is about, and who wrote where that is somebody else."""
    match answers.whose:
        case "self":
            return PersonV1(name=answers.name or None, email=answers.email)
        case "other":
            return PersonV1(
                name=answers.subject_name,
                email=answers.subject_email or None,
                sender_email=answers.email,
                sender_name=answers.name,
            )
        case "organisation":
            return PersonV1(
                sender_email=answers.email,
                sender_name=answers.name,
                organisation_name=answers.organisation_name,
                business_id=answers.business_id or None,
            )


def _key_of(state: FormState) -> DataKey | None:
    return key_of(state.tray) if state.tray is not None and state.tray.files else None


def _raw(state: FormState) -> bytes:
    """What was posted, as bytes that are hashed and kept."""
    document: dict[str, Any] = {**asdict(state.answers), "form": str(state.arrival_id)}
    if state.tray is not None and state.tray.files:
        document["files"] = [[file.name, file.media_type, file.blob_sha256] for file in state.tray.files]
    return json.dumps(document, ensure_ascii=False).encode()


def _names(state: FormState) -> tuple[str, ...]:
    return tuple(file.name for file in state.tray.files) if state.tray is not None else ()


def _request(state: FormState, common: dict[str, Any]) -> RequestReceivedV1:
    answers = state.answers
    return RequestReceivedV1(
        **common,
        rights=answers.rights,
        is_on_behalf=answers.whose != "self",
        needs_person=answers.needs_person,
        confidence=1.0,
        status_token_hash=hash_token(state.status_token),
        whose=answers.whose,
    )


def _flood(common: dict[str, Any]) -> MessageReceivedV1:
    return MessageReceivedV1(**common, kind="request", is_readable=True, problem="flood")


def _evidence(answers: FormAnswers) -> tuple[EvidenceV1, ...]:
    """Whose data it is about, where it is not the writer's own: a person must ask for an authority."""
    if answers.whose == "self":
        return ()
    role = (EvidenceV1(words=f"role: {answers.role}"),) if answers.role else ()
    return (EvidenceV1(words=f"whose: {answers.whose}"), *role)
