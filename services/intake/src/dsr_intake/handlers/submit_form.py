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
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.requests import MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1, PersonV1
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Draft, Outbox
from dsr_shared.postgres import Connection, load_queries
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


class SubmitForm:
    """Stores and announces one checked form in the transaction that it is given."""

    def __init__(self, keys: CaseKeys, ring: KeyRing, outbox: Outbox, *, requests_a_day: int) -> None:
        self._keys = keys
        self._ring = ring
        self._outbox = outbox
        self._requests_a_day = requests_a_day
        self._sql = load_queries("dsr_intake")

    async def __call__(self, connection: Connection, state: FormState) -> None:
        """Raises PostedBefore for a form that lies here already: the first one counts."""
        with continue_trace("form posted", controller_id=state.controller_id):
            await self._submit(connection, state)

    async def _submit(self, connection: Connection, state: FormState) -> None:
        sender = self._ring.mac("address", state.answers.email)
        counted = await connection.fetchrow(self._sql["requests_of_day"], state.controller_id, sender, None)
        decision = self._decide(state.arrival_id, counted)
        is_own = decision.case_id == state.arrival_id
        key = await self._keys.new(connection, state.controller_id, decision.case_id, "arrival", opens_case=is_own)
        raw = json.dumps(asdict(state.answers) | {"form": str(state.arrival_id)}, ensure_ascii=False).encode()
        posted = _Posted(state, decision, key, sender, counted["now"], raw, hashlib.sha256(raw).hexdigest())
        await self._store(connection, posted)
        await self._outbox.append(connection, self._draft(posted))

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
        )
        if stored is None:
            raise PostedBefore

    def _draft(self, posted: "_Posted") -> Draft:
        state, answers, key = posted.state, posted.state.answers, posted.key
        is_request = isinstance(posted.decision, OpenCase)
        parts = SealedParts(RequestReceivedV1 if is_request else MessageReceivedV1, posted.decision.case_id, key)
        common: dict[str, Any] = {
            "arrival_id": state.arrival_id,
            "channel": "form",
            "received_at": posted.now,
            "language": state.language,
            "person": parts.person(PersonV1(name=answers.name, email=answers.email)),
            "message": parts.message(MessageV1(text=answers.message, evidence=_evidence(answers))),
            "raw_sha256": posted.raw_sha256,
        }
        event = _request(state, common) if is_request else _flood(common)
        return parts.draft(state.controller_id, event, self._keys.wrap_for_readers(key))


def _request(state: FormState, common: dict[str, Any]) -> RequestReceivedV1:
    answers = state.answers
    return RequestReceivedV1(
        **common,
        rights=answers.rights,
        is_on_behalf=answers.whose != "self",
        needs_person=answers.needs_person,
        confidence=1.0,
        status_token_hash=hash_token(state.status_token),
    )


def _flood(common: dict[str, Any]) -> MessageReceivedV1:
    return MessageReceivedV1(**common, kind="request", is_readable=True, problem="flood")


def _evidence(answers: FormAnswers) -> tuple[EvidenceV1, ...]:
    """Whose data it is about, where it is not the writer's own: a person must ask for an authority."""
    return () if answers.whose == "self" else (EvidenceV1(words=f"whose: {answers.whose}"),)
