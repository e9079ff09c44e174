"""The page of a breach as data: hours, what is missing, the next step; and the times that forms say."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
from tests.unit.console.a_breach import a_breach

from dsr_fulfilment.adapters.breaches import LetterStates
from dsr_fulfilment.domain.breach import ART_33_3, NoticeFacts
from dsr_fulfilment.domain.breach_case import BreachWords
from dsr_fulfilment.domain.breach_reminders import breach_reminders_due
from dsr_fulfilment.entrypoints.console.breach_clock import hours_view
from dsr_fulfilment.entrypoints.console.breach_forms import helsinki_moment, local_text
from dsr_fulfilment.entrypoints.console.breach_view import (
    ITEM_NAMES,
    missing_texts,
    next_step,
    notice_parts,
    state_badge,
)
from dsr_shared.calendar import breach_clock

AWARE = datetime(2026, 12, 9, 14, 20, tzinfo=UTC)
DUE = AWARE + timedelta(hours=72)
FULL = NoticeFacts("a", "b", 3, "c", 4, "d", "e", "f", "g")
NOBODY = LetterStates(0, 0, 0, 0, 0, ())
BREACH = a_breach(AWARE, person_count=3, record_count=4)


def classes(now: datetime, *, stopped_at: datetime | None = None) -> list[str]:
    rows = hours_view(AWARE, DUE, now, stopped_at=stopped_at).rows
    return [cell[0] for cell in chain.from_iterable(row.cells for row in rows)]


def test_three_days_of_24_cells_show_what_is_used_now_left_and_the_end() -> None:
    cells = classes(AWARE + timedelta(hours=31, minutes=30))
    assert cells == ["past"] * 31 + ["now"] + ["left"] * 39 + ["due"]
    view = hours_view(AWARE, DUE, AWARE + timedelta(hours=31, minutes=30))
    assert (view.text, view.small) == ("40 h 30 min", "left of 72 hours. Weekends count.")
    assert [len(row.cells) for row in view.rows] == [24, 24, 24]


@pytest.mark.parametrize(("hours", "first", "last"), [(0, "now", "due"), (71.99, "past", "now"), (80, "past", "due")])
def test_the_ends_of_the_clock_are_drawn(hours: float, first: str, last: str) -> None:
    cells = classes(AWARE + timedelta(hours=hours))
    assert (cells[0], cells[-1]) == (first, last)


def test_a_clock_that_is_over_says_how_late_in_hours_and_minutes() -> None:
    view = hours_view(AWARE, DUE, DUE + timedelta(hours=3, minutes=10))
    assert view.is_late
    assert view.text == "3 h 10 min late"
    assert "Saturday 12 December at 16:20" in view.small


def test_the_clock_stands_where_the_authority_was_told() -> None:
    view = hours_view(AWARE, DUE, DUE + timedelta(days=9), stopped_at=AWARE + timedelta(hours=30))
    assert (view.text, view.small) == ("Told", "after 30 h 0 min of 72 hours")
    assert not view.is_late


def test_a_longer_time_of_a_later_law_has_more_rows() -> None:
    view = hours_view(AWARE, AWARE + timedelta(hours=96), AWARE)
    assert len(view.rows) == 4
    assert "96 hours" in view.small


def test_every_item_that_is_missing_is_named() -> None:
    assert missing_texts(NoticeFacts()) == tuple(ITEM_NAMES[item] for item in ART_33_3)
    for item in ART_33_3:
        empty = replace(FULL, **{item: None if item.endswith("count") else " "})
        assert missing_texts(empty) == (ITEM_NAMES[item],)
        (part,) = [part for part in notice_parts(empty, empty) if part.badge.css != "done"]
        assert ITEM_NAMES[item] in part.meta
        assert part.anchor == item


def test_the_notice_has_six_parts_and_says_which_is_next() -> None:
    parts = notice_parts(NoticeFacts(nature="x"), NoticeFacts(nature="x"))
    assert [part.badge.text for part in parts] == ["Written", "Written", "Next", "Missing", "Missing", "Missing"]
    assert {part.badge.css for part in notice_parts(FULL, FULL)} == {"done"}
    own = replace(FULL, contact_name="", contact_details="")
    from_register = [part.title for part in notice_parts(FULL, own) if part.badge.text == "From your register"]
    assert from_register == ["Who the authority can call"]


@pytest.mark.parametrize(
    ("changes", "now", "words"),
    [
        ({}, AWARE, "First say how bad it is"),
        ({"risk": "risk"}, AWARE, "Tell the authority by Saturday 12 December at 16:20"),
        ({"risk": "risk"}, DUE + timedelta(hours=1), "with the reasons for the delay"),
        ({"risk": "none"}, AWARE, "Nobody has to be told"),
        ({"risk": "high", "authority_notified_at": AWARE}, AWARE, "Now tell the 0 people without delay"),
        ({"risk": "risk", "authority_notified_at": AWARE}, AWARE, "Everything is done and on record"),
    ],
)
def test_there_is_always_a_next_step_or_nothing_to_do(changes, now: datetime, words: str) -> None:
    breach = replace(BREACH, said=BreachWords(risk_reason="why"), **changes)
    assert words in next_step(breach, FULL, NOBODY, (), now).text


def test_what_was_left_for_later_is_still_asked_for() -> None:
    told = replace(BREACH, risk="risk", said=BreachWords(risk_reason="why"), authority_notified_at=AWARE)
    facts = replace(FULL, consequences="", to_follow=frozenset({"consequences"}))
    assert "The authority still waits for: the likely consequences." in next_step(told, facts, NOBODY, (), AWARE).text


def test_the_badge_counts_hours_and_never_days() -> None:
    assert state_badge(BREACH, AWARE).text == "72 h 0 min left"
    assert state_badge(BREACH, DUE - timedelta(hours=5)).css == "soon"
    assert state_badge(BREACH, DUE + timedelta(minutes=1)).text == "0 h 1 min late"
    quiet = replace(BREACH, risk="none", said=BreachWords(risk_reason="why"))
    assert state_badge(quiet, DUE + timedelta(days=9)).text == "Not notified, reason on record"


def test_a_form_says_helsinki_time() -> None:
    assert helsinki_moment("2026-12-09T16:20") == AWARE
    assert local_text(AWARE) == "2026-12-09T16:20"
    assert helsinki_moment("2026-12-09 16:20") == AWARE
    assert helsinki_moment("2026-12-09T16:20+02:00") == AWARE
    assert helsinki_moment("eilen") is None


def test_an_hour_that_the_clocks_skipped_is_no_time_and_one_that_comes_twice_is_two() -> None:
    assert helsinki_moment("2027-03-28T03:30") is None
    first, second = helsinki_moment("2026-10-25T03:30"), helsinki_moment("2026-10-25T03:30", fold=1)
    assert first is not None
    assert second is not None
    assert second - first == timedelta(hours=1)


@pytest.mark.promise("P34")
@pytest.mark.parametrize(
    ("aware", "due"), [("2027-03-25T10:30", "2027-03-28T11:30"), ("2026-10-24T09:00", "2026-10-27T08:00")]
)
def test_what_is_typed_and_what_is_shown_agree_over_the_change_of_the_clocks(aware: str, due: str) -> None:
    moment = helsinki_moment(aware)
    assert moment is not None
    assert local_text(breach_clock(moment).authority_due) == due


def test_reminders_are_due_at_24_and_6_hours_and_after_the_end_each_once() -> None:
    assert breach_reminders_due(DUE, DUE - timedelta(hours=24, seconds=1), ()) == ()
    assert breach_reminders_due(DUE, DUE - timedelta(hours=24), ()) == ("hours_24",)
    assert breach_reminders_due(DUE, DUE, ("hours_24",)) == ("hours_6",)
    assert breach_reminders_due(DUE, DUE + timedelta(days=10), ()) == ("hours_24", "hours_6", "overdue")
    assert breach_reminders_due(DUE, DUE + timedelta(days=10), ("hours_24", "hours_6", "overdue")) == ()
