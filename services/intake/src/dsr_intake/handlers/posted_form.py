"""What a posted form becomes: the bytes that are kept, sealed, and the event that tells of it."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from dsr_intake.domain.decide import Message, OpenCase
from dsr_intake.domain.request_form import FormAnswers, FormState
from dsr_intake.handlers.drafts import SealedParts
from dsr_intake.handlers.form_files import key_of
from dsr_shared.contracts.base import SealedV1, WrappedKeyV1
from dsr_shared.contracts.requests import AttachmentV1, MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1, PersonV1
from dsr_shared.outbox import Draft
from dsr_shared.sealing import DataKey, SealContext, hash_token, new_data_key, seal


@dataclass(frozen=True, slots=True)
class PostedForm:
    """A form on its way into the database, and what was decided about it."""

    state: FormState
    decision: OpenCase | Message
    sender: str
    """Keyed hash of the address."""
    now: datetime
    raw: bytes = field(repr=False)
    raw_sha256: str
    key: DataKey
    keys: tuple[WrappedKeyV1, ...]
    """The key, wrapped for its readers."""

    @property
    def case_id(self) -> UUID:
        return self.decision.case_id

    @property
    def opens_case(self) -> bool:
        """Whether the case id was made with the form, so that nothing of the case can be there yet."""
        return self.case_id == self.state.arrival_id

    def sealed(self) -> SealedV1:
        """What was posted, for the arrival's row."""
        return seal(self.key, self.raw, SealContext(self.state.arrival_id, "arrivals", self.state.arrival_id, "raw"))

    def draft(self, attachments: tuple[AttachmentV1, ...]) -> Draft:
        """The event that fulfilment reads."""
        is_request = isinstance(self.decision, OpenCase)
        parts = SealedParts(RequestReceivedV1 if is_request else MessageReceivedV1, self.case_id, self.key)
        common: dict[str, Any] = {
            "arrival_id": self.state.arrival_id,
            "channel": self.state.channel,
            "received_at": self.now,
            "language": self.state.language,
            "person": parts.person(person_of(self.state.answers)),
            "message": parts.message(_message(self.state)),
            "raw_sha256": self.raw_sha256,
            "attachments": attachments,
        }
        event = _request(self.state, common) if is_request else _flood(common)
        return parts.draft(self.state.controller_id, event, self.keys)


def raw_of(state: FormState) -> bytes:
    """What was posted, as bytes that are hashed and kept."""
    document = {one.name: getattr(state.answers, one.name) for one in fields(state.answers)}
    document["form"] = str(state.arrival_id)
    if state.tray is not None and state.tray.files:
        document["files"] = [[file.name, file.media_type, file.blob_sha256] for file in state.tray.files]
    return json.dumps(document, ensure_ascii=False).encode()


def raw_hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def key_for(state: FormState) -> DataKey:
    """The key that sealed the form's files, if it has some; else a new one."""
    return key_of(state.tray) if state.tray is not None and state.tray.files else new_data_key("arrival")


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


def _message(state: FormState) -> MessageV1:
    names = tuple(file.name for file in state.tray.files) if state.tray is not None else ()
    return MessageV1(
        text=state.answers.message,
        evidence=_evidence(state.answers),
        attachment_names=names,
        status_token=state.status_token,
    )


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
