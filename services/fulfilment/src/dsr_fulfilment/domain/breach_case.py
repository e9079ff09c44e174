"""A breach as the desk knows it, and what staff write about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from dsr_fulfilment.domain.breach import NoticeFacts, Risk
from dsr_shared.contracts.words import Language

BreachState = Literal["searching", "searched", "letters_approved"]

LETTER_ITEMS = ("nature", "consequences", "measures", "contact")
"""What the letter to the persons says (Art. 34(2))."""


@dataclass(frozen=True)
class BreachDetails:
    """What staff wrote: the parts of the authority's notice, and the letter's texts by language."""

    notice: NoticeFacts
    letters: Mapping[Language, Mapping[str, str]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class NewBreach:
    """A breach as it is registered: when we became aware, for which systems, over which time span."""

    aware_at: datetime
    began_at: datetime
    ended_at: datetime
    systems: tuple[str, ...]
    details: BreachDetails


@dataclass(frozen=True)
class Breach:
    """A registered breach. Its id is also the id of its chain of evidence, its jobs and its letters."""

    breach_id: UUID
    controller_id: str
    reference: str
    state: BreachState
    aware_at: datetime
    authority_due_at: datetime
    began_at: datetime
    ended_at: datetime
    systems: tuple[str, ...]
    risk: Risk | None
    risk_reason: str | None
    person_count: int | None
    record_count: int | None
    authority_notified_at: datetime | None
    delay_reason: str | None
    letters_approved_at: datetime | None

    @property
    def case_id(self) -> UUID:
        """What jobs, letters and evidence are filed under."""
        return self.breach_id
