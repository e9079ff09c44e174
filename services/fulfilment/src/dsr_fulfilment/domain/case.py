"""A case as fulfilment knows it: facts and sealed fields, never clear personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, Self, cast
from uuid import UUID

from dsr_fulfilment.domain.lifecycle import State
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.requests import SenderEvidenceV1
from dsr_shared.contracts.words import Channel, Language, Right


def sealed(value: object) -> SealedV1 | None:
    """A sealed field as its column holds it."""
    return None if value is None else SealedV1.model_validate_json(cast("str", value))


def _evidence(value: object) -> SenderEvidenceV1 | None:
    return None if value is None else SenderEvidenceV1.model_validate_json(cast("str", value))


class Subject(Protocol):
    """Anything with a chain of evidence, jobs and letters of its own: a case, or a breach."""

    @property
    def case_id(self) -> UUID: ...
    @property
    def controller_id(self) -> str: ...


@dataclass(frozen=True)
class Case:
    """One data-subject request. `due_on` is the last day of the month and never moves (GDPR Art. 12(3))."""

    case_id: UUID
    controller_id: str
    reference: str
    channel: Channel
    language: Language
    rights: tuple[Right, ...]
    state: State
    received_at: datetime
    due_on: date
    extended_due_on: date | None
    extension_ground: str | None
    is_on_behalf: bool
    is_verified: bool
    needs_person: str | None
    arrival_event_id: UUID
    arrival_event_type: str
    person_sealed: SealedV1 | None
    message_sealed: SealedV1 | None
    letter_address_sealed: SealedV1 | None
    opened_at: datetime
    closed_at: datetime | None
    linked_case_id: UUID | None = None
    """The case in an answer to which this right was asked."""
    sender_evidence: SenderEvidenceV1 | None = None
    is_automatic: bool = False
    """A machine sent it: no automatic letter answers it."""
    withdrawn_at: datetime | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Build a case from a row of `cases`."""
        return cls(
            case_id=row["case_id"],
            controller_id=row["controller_id"],
            reference=row["reference"],
            channel=row["channel"],
            language=row["language"],
            rights=tuple(row["rights"]),
            state=row["state"],
            received_at=row["received_at"],
            due_on=row["due_on"],
            extended_due_on=row["extended_due_on"],
            extension_ground=row["extension_ground"],
            is_on_behalf=row["is_on_behalf"],
            is_verified=row["is_verified"],
            needs_person=row["needs_person"],
            arrival_event_id=row["arrival_event_id"],
            arrival_event_type=row["arrival_event_type"],
            person_sealed=sealed(row["person_sealed"]),
            message_sealed=sealed(row["message_sealed"]),
            letter_address_sealed=sealed(row["letter_address_sealed"]),
            opened_at=row["opened_at"],
            closed_at=row["closed_at"],
            linked_case_id=row["linked_case_id"],
            sender_evidence=_evidence(row["sender_evidence"]),
            is_automatic=row["is_automatic"],
            withdrawn_at=row["withdrawn_at"],
        )

    @property
    def is_open(self) -> bool:
        """Whether the case still runs; nothing that is open may be missing from the overdue view."""
        return self.closed_at is None

    @property
    def asks_for_copy(self) -> bool:
        """Whether a package is owed (GDPR Art. 15(3), 20)."""
        return "access" in self.rights or "portability" in self.rights
