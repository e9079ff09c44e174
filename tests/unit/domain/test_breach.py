"""A breach: the authority's clock, what its notice says, and whether the persons are told (GDPR Art. 33 and 34)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from dsr_fulfilment.domain.breach import (
    ART_33_3,
    Art33Item,
    DelayReasonMissing,
    Exemption,
    ExemptionKind,
    ExemptionRefused,
    NeedNotTell,
    NoNoticeOwed,
    NoticeComplete,
    NoticeFacts,
    NoticeIncomplete,
    NoticeInPhases,
    NoticeOwed,
    Notified,
    NotJudged,
    Risk,
    RiskDecision,
    TellPersons,
    TellPublicly,
    authority_state,
    missing_items,
    notice_state,
    persons_decision,
)
from dsr_shared.calendar import BreachClock, breach_clock

AWARE = datetime(2026, 11, 20, 8, tzinfo=UTC)
CLOCK = breach_clock(AWARE)
DUE = AWARE + timedelta(hours=72)
FULL = NoticeFacts(
    nature="mail sent to a wrong list",
    person_categories="customers",
    person_count=0,
    record_categories="contact data",
    record_count=120,
    contact_name="Anna",
    contact_details="privacy@example.fi",
    consequences="unwanted mail",
    measures="list deleted",
)
EMPTY = NoticeFacts()


def judged(risk: Risk, *, materialised: bool = False) -> RiskDecision:
    return RiskDecision(risk, "only names were seen", "anna", AWARE, has_materialised=materialised)


def exempt(kind: ExemptionKind, public_notice: str = "") -> Exemption:
    return Exemption(kind, "the keys are safe", "anna", AWARE, public_notice)


def test_the_clock_runs_before_anybody_judged_the_risk() -> None:
    assert authority_state(CLOCK, None, DUE) == NotJudged(DUE, is_late=False)
    assert authority_state(CLOCK, None, DUE + timedelta(seconds=1)) == NotJudged(DUE, is_late=True)


@pytest.mark.parametrize("risk", ["risk", "high"])
def test_a_risk_owes_the_authority_a_notice(risk: Risk) -> None:
    assert authority_state(CLOCK, judged(risk), AWARE) == NoticeOwed(DUE, is_late=False)


def test_a_breach_without_risk_is_documented_with_the_reason() -> None:
    assert authority_state(CLOCK, judged("none"), AWARE) == NoNoticeOwed("only names were seen")


def test_where_the_law_asks_for_high_risk_only_a_risk_is_only_documented() -> None:
    coming = BreachClock(AWARE, AWARE + timedelta(hours=96), only_high_risk=True)
    assert isinstance(authority_state(coming, judged("risk"), AWARE), NoNoticeOwed)
    assert isinstance(authority_state(coming, judged("high"), AWARE), NoticeOwed)


def test_a_late_notice_needs_the_reasons_for_the_delay() -> None:
    late = DUE + timedelta(minutes=1)
    assert authority_state(CLOCK, judged("risk"), late, notified_at=DUE) == Notified(DUE, None)
    assert authority_state(CLOCK, judged("risk"), late, notified_at=late) == DelayReasonMissing(DUE)
    told = authority_state(CLOCK, judged("risk"), late, notified_at=late, delay_reason="logs came late")
    assert told == Notified(late, "logs came late")


@pytest.mark.parametrize(
    "missing", [set(two) for two in combinations(ART_33_3, 2)], ids=lambda two: "+".join(sorted(two))
)
def test_each_missing_item_is_named(missing: set[Art33Item]) -> None:
    facts = replace(FULL, **{item: getattr(EMPTY, item) for item in missing})
    assert set(missing_items(facts)) == missing
    assert notice_state(facts) == NoticeIncomplete(missing_items(facts))
    assert notice_state(replace(facts, to_follow=frozenset(missing))) == NoticeInPhases(missing_items(facts))


def test_a_full_notice_is_complete_and_no_person_is_a_number_too() -> None:
    assert notice_state(FULL) == NoticeComplete()
    assert missing_items(EMPTY) == ART_33_3


@pytest.mark.parametrize("risk", ["none", "risk"])
def test_persons_are_told_only_at_high_risk(risk: Risk) -> None:
    assert persons_decision(judged(risk)) == NeedNotTell("only names were seen")
    assert persons_decision(judged("high")) == TellPersons()


def test_measures_exempt_only_before_the_risk_came_true() -> None:
    assert persons_decision(judged("high"), exempt("risk_removed")) == NeedNotTell("the keys are safe")
    refused = persons_decision(judged("high", materialised=True), exempt("risk_removed"))
    assert refused == ExemptionRefused("risk_has_materialised")


def test_too_much_effort_means_a_public_notice_instead() -> None:
    assert persons_decision(judged("high"), exempt("disproportionate_effort")) == ExemptionRefused(
        "public_notice_missing"
    )
    assert persons_decision(judged("high"), exempt("disproportionate_effort", "To all customers")) == TellPublicly(
        "To all customers"
    )


def test_unintelligible_data_exempt() -> None:
    assert persons_decision(judged("high"), exempt("data_unintelligible")) == NeedNotTell("the keys are safe")


def test_decisions_without_reason_or_name_are_refused() -> None:
    with pytest.raises(ValueError, match="needs its reason"):
        RiskDecision("none", " ", "anna", AWARE)
    with pytest.raises(ValueError, match="needs its reason"):
        Exemption("risk_removed", "fixed", "", AWARE)
