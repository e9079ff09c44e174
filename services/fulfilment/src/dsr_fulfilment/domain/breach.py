"""A personal-data breach: the clock of the authority's notice, what the notice must say, and who else is told.

GDPR Art. 33 and 34. Every breach is documented, also one that nobody is told of, with the reason why not.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final, Literal, get_args

from dsr_shared.calendar import BreachClock

Risk = Literal["none", "risk", "high"]
Art33Item = Literal[
    "nature",
    "person_categories",
    "person_count",
    "record_categories",
    "record_count",
    "contact_name",
    "contact_details",
    "consequences",
    "measures",
]
ART_33_3: Final[tuple[Art33Item, ...]] = get_args(Art33Item)
ExemptionKind = Literal["data_unintelligible", "risk_removed", "disproportionate_effort"]


@dataclass(frozen=True)
class RiskDecision:
    """A person's judgement of the risk to the persons, with its reason."""

    risk: Risk
    reason: str
    decided_by: str
    decided_at: datetime
    has_materialised: bool = False

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.decided_by.strip():
            raise ValueError("a risk decision needs its reason and who took it")


@dataclass(frozen=True)
class Exemption:
    """A recorded decision not to tell the persons one by one (Art. 34(3) a to c)."""

    kind: ExemptionKind
    reason: str
    decided_by: str
    decided_at: datetime
    public_notice: str = ""

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.decided_by.strip():
            raise ValueError("an exemption needs its reason and who decided it")


@dataclass(frozen=True)
class NoticeFacts:
    """What Art. 33(3) asks for; numbers are approximate. `to_follow` names what a first notice openly leaves for the
    next phase (Art. 33(4))."""

    nature: str = ""
    person_categories: str = ""
    person_count: int | None = None
    record_categories: str = ""
    record_count: int | None = None
    contact_name: str = ""
    contact_details: str = ""
    consequences: str = ""
    measures: str = ""
    to_follow: frozenset[Art33Item] = field(default_factory=frozenset)


@dataclass(frozen=True)
class NoticeComplete:
    """Every item is there."""


@dataclass(frozen=True)
class NoticeInPhases:
    """It can be sent as a first phase; these items follow."""

    to_follow: tuple[Art33Item, ...]


@dataclass(frozen=True)
class NoticeIncomplete:
    """It cannot be sent: these items are neither there nor announced for later."""

    missing: tuple[Art33Item, ...]


@dataclass(frozen=True)
class NotJudged:
    """Nobody judged the risk yet; until then the clock runs as if there were one."""

    authority_due: datetime
    is_late: bool


@dataclass(frozen=True)
class NoNoticeOwed:
    """Unlikely to be a risk, or not high where the law in force asks for that; documented with the reason."""

    reason: str


@dataclass(frozen=True)
class NoticeOwed:
    """The authority is to be told; late means with reasons for the delay."""

    authority_due: datetime
    is_late: bool


@dataclass(frozen=True)
class Notified:
    """The authority was told; `delay_reason` where it was late."""

    notified_at: datetime
    delay_reason: str | None


@dataclass(frozen=True)
class DelayReasonMissing:
    """Told or about to be told after the time without the reasons that Art. 33(1) asks for."""

    authority_due: datetime


AuthorityState = NotJudged | NoNoticeOwed | NoticeOwed | Notified | DelayReasonMissing


@dataclass(frozen=True)
class TellPersons:
    """Without undue delay, each once."""


@dataclass(frozen=True)
class TellPublicly:
    """One public communication instead of letters (Art. 34(3)(c))."""

    notice: str


@dataclass(frozen=True)
class NeedNotTell:
    """Recorded with its reason."""

    reason: str


@dataclass(frozen=True)
class ExemptionRefused:
    """The exemption does not hold, so the persons are told."""

    why: Literal["risk_has_materialised", "public_notice_missing"]


PersonsDecision = TellPersons | TellPublicly | NeedNotTell | ExemptionRefused


def authority_state(
    clock: BreachClock,
    decision: RiskDecision | None,
    now: datetime,
    *,
    notified_at: datetime | None = None,
    delay_reason: str | None = None,
) -> AuthorityState:
    """The time is over after the last second of the hours that Art. 33(1) gives."""
    if notified_at is not None:
        return _notified(clock, notified_at, (delay_reason or "").strip())
    is_late = now > clock.authority_due
    if decision is None:
        return NotJudged(clock.authority_due, is_late)
    if decision.risk == "none" or (clock.only_high_risk and decision.risk != "high"):
        return NoNoticeOwed(decision.reason)
    return NoticeOwed(clock.authority_due, is_late)


def missing_items(facts: NoticeFacts) -> tuple[Art33Item, ...]:
    """Every item of Art. 33(3) that says nothing, in the article's order; zero is a number."""
    values = {part.name: getattr(facts, part.name) for part in fields(facts)}
    return tuple(item for item in ART_33_3 if values[item] is None or not str(values[item]).strip())


def notice_state(facts: NoticeFacts) -> NoticeComplete | NoticeInPhases | NoticeIncomplete:
    missing = missing_items(facts)
    unannounced = tuple(item for item in missing if item not in facts.to_follow)
    if unannounced:
        return NoticeIncomplete(unannounced)
    return NoticeInPhases(missing) if missing else NoticeComplete()


def persons_decision(decision: RiskDecision, exemption: Exemption | None = None) -> PersonsDecision:
    """At high risk they are told unless a recorded exemption holds."""
    if decision.risk != "high":
        return NeedNotTell(decision.reason)
    return TellPersons() if exemption is None else _exempted(decision, exemption)


def _exempted(decision: RiskDecision, exemption: Exemption) -> PersonsDecision:
    """Measures taken afterwards exempt nobody once the risk has materialised."""
    if exemption.kind == "risk_removed" and decision.has_materialised:
        return ExemptionRefused("risk_has_materialised")
    if exemption.kind != "disproportionate_effort":
        return NeedNotTell(exemption.reason)
    notice = exemption.public_notice.strip()
    return TellPublicly(notice) if notice else ExemptionRefused("public_notice_missing")


def _notified(clock: BreachClock, notified_at: datetime, delay_reason: str) -> Notified | DelayReasonMissing:
    if notified_at <= clock.authority_due:
        return Notified(notified_at, None)
    return Notified(notified_at, delay_reason) if delay_reason else DelayReasonMissing(clock.authority_due)
