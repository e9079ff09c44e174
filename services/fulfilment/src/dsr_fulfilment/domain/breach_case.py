"""A breach as the desk knows it, and what staff write about it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from dsr_fulfilment.domain.breach import ExemptionKind, NoticeFacts, Risk
from dsr_shared.contracts.words import Language

BreachState = Literal["searching", "searched", "letters_approved"]
LetterItem = Literal["nature", "consequences", "measures", "advice", "contact"]

LETTER_ITEMS: Final[tuple[LetterItem, ...]] = ("nature", "consequences", "measures")
"""What staff must write for the letter to the persons (Art. 34(2)); the contact comes from the register."""
OPTIONAL_LETTER_ITEMS: Final[tuple[LetterItem, ...]] = ("advice", "contact")


@dataclass(frozen=True)
class BreachWords:
    """The reasons that staff typed, and the number that the authority gave; sealed with the rest of the details."""

    risk_reason: str = ""
    delay_reason: str = ""
    receipt: str = ""
    exemption_reason: str = ""
    public_notice: str = ""


@dataclass(frozen=True)
class BreachDetails:
    """What staff wrote: a title for themselves, the parts of the authority's notice, the letter's texts by language."""

    notice: NoticeFacts
    letters: Mapping[Language, Mapping[str, str]] = field(default_factory=dict, hash=False)
    title: str = ""
    said: BreachWords = field(default_factory=BreachWords)


@dataclass(frozen=True)
class NewBreach:
    """A breach as it is registered: when we became aware, for which systems, over which time span."""

    aware_at: datetime
    began_at: datetime
    ended_at: datetime
    systems: tuple[str, ...]
    details: BreachDetails
    reported_in: str | None = None
    """The reference of the case in which somebody reported it."""


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
    person_count: int | None
    record_count: int | None
    authority_notified_at: datetime | None
    letters_approved_at: datetime | None
    exemption: ExemptionKind | None = None
    exempted_at: datetime | None = None
    exempted_by: str | None = None
    said: BreachWords = field(default_factory=BreachWords, repr=False)
    """Empty until the details were opened."""

    @property
    def case_id(self) -> UUID:
        """What jobs, letters and evidence are filed under."""
        return self.breach_id

    @property
    def clock_runs(self) -> bool:
        """Whether the authority is still to be told; until somebody judged the risk, it is."""
        return self.authority_notified_at is None and self.risk != "none"


def known_facts(written: NoticeFacts, breach: Breach, *, contact_name: str, contact_details: str) -> NoticeFacts:
    """What staff wrote, with the numbers that the search found and the register's contact where they wrote none."""
    return replace(
        written,
        person_count=breach.person_count if written.person_count is None else written.person_count,
        record_count=breach.record_count if written.record_count is None else written.record_count,
        contact_name=written.contact_name.strip() or contact_name,
        contact_details=written.contact_details.strip() or contact_details,
    )


def missing_letter_parts(
    letters: Mapping[Language, Mapping[str, str]], languages: Collection[Language]
) -> tuple[tuple[LetterItem, Language], ...]:
    """What the letters do not say yet, by language of those who get one."""
    return tuple(
        (item, language)
        for language in sorted(languages)
        for item in LETTER_ITEMS
        if not letters.get(language, {}).get(item, "").strip()
    )
