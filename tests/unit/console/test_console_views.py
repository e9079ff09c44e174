"""How the console writes what it knows: masks, badges, the strip, the count of the month, words for every code."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dsr_fulfilment.handlers
from dsr_fulfilment.adapters.work import TaskKind
from dsr_fulfilment.domain.lifecycle import STATES
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import due_badge
from dsr_fulfilment.entrypoints.console.counting import counting
from dsr_fulfilment.entrypoints.console.history_view import _SENTENCES
from dsr_fulfilment.entrypoints.console.masking import mask_email, mask_name
from dsr_fulfilment.entrypoints.console.saying_view import saying
from dsr_fulfilment.entrypoints.console.strip import WIDTH, Axis
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1
from dsr_shared.contracts.words import RIGHTS, Channel, LetterKind, Outcome

DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


def test_a_masked_name_keeps_first_letters_only():
    assert mask_name("Aino Esimerkki") == "A••• E••••••••"
    assert mask_name("  Ö ") == "Ö"


@given(local=st.from_regex(r"[a-zåäö]{2,20}", fullmatch=True), host=st.from_regex(r"[a-z]{2,20}", fullmatch=True))
def test_a_masked_address_tells_neither_name_nor_length(local, host):
    masked = mask_email(f"{local}@{host}.example")
    assert masked == f"{local[0]}•••••@{host[0]}•••.example"
    assert mask_email(local) == "•" * 8


@pytest.mark.parametrize(
    ("today", "due", "text", "css"),
    [
        (date(2026, 12, 10), date(2026, 12, 28), "11 working days left", ""),
        (date(2026, 12, 10), date(2026, 12, 14), "2 working days left", "soon"),
        (date(2026, 12, 14), date(2026, 12, 14), "Due today, until midnight", "soon"),
        (date(2026, 12, 19), date(2026, 12, 18), "1 working day late", "late"),
        (date(2026, 12, 17), date(2026, 12, 14), "3 working days late", "late"),
    ],
)
def test_a_badge_counts_working_days_with_the_due_day_included(today, due, text, css):
    assert (due_badge(today, due).text, due_badge(today, due).css) == (text, css)


@given(received=DAYS, length=st.integers(28, 400), today=DAYS)
def test_a_strip_stays_on_its_axis_however_long_a_case_is(received, length, today):
    due = received + timedelta(days=length)
    axis = Axis.over([(received, due)], today)
    places = [float(x) for _, path in axis.strip(received, due).paths for x in re.findall(r"M([\d.]+) ", path)]
    assert len(places) == length + 1
    assert min(places) >= 0
    assert max(places) + axis.day_width <= WIDTH + 0.01
    assert [label for label in axis.labels if label.is_today]


def test_the_count_of_the_month_names_every_day_that_moved_it():
    steps = [step.title for step in counting(datetime(2026, 11, 25, 7, 14, tzinfo=UTC))]
    assert steps == [
        "One month from 25 November is 25 December",
        "25 December is a public holiday, so the time moves on",
        "Monday 28 December is the first working day",
    ]
    hint = counting(datetime(2026, 11, 25, 7, 14, tzinfo=UTC))[1].hint
    assert "26 December a Saturday, 27 December a Sunday" in hint
    assert len(counting(datetime(2026, 11, 23, 7, 0, tzinfo=UTC))) == 2


def test_the_words_of_the_reading_are_marked_and_everything_is_escaped():
    message = MessageV1(
        text="Haluan <tiedot> ja poistakaa <b>kaikki</b>, kaikki",
        evidence=(
            EvidenceV1(right="erasure", words="poistakaa <b>kaikki</b>"),
            EvidenceV1(right="access", words="kaikki"),
        ),
    )
    assert saying(message, "fi", "").text == (
        "Haluan &lt;tiedot&gt; ja <mark>poistakaa &lt;b&gt;kaikki&lt;/b&gt;</mark>, kaikki"
    )


def test_every_word_of_the_vocabularies_has_its_english():
    assert set(words.STATES) == set(STATES)
    assert set(words.ORDERS) == set(words.RIGHT_NAMES) == set(words.RIGHT_ORDER) == set(RIGHTS)
    assert set(words.CHANNELS) == set(get_args(Channel))
    assert set(words.LETTERS) == set(get_args(LetterKind))
    assert set(words.OUTCOMES) == set(get_args(Outcome))
    assert set(words.TASKS) == set(get_args(TaskKind))


def test_every_kind_of_evidence_that_a_case_can_get_has_a_sentence():
    kinds: set[str] = set()
    for path in Path(dsr_fulfilment.handlers.__path__[0]).glob("*.py"):
        if not path.name.startswith("breach"):
            kinds |= set(re.findall(r"evidence\.add\(\s*conn, tools\.ring, \w+,\s*\"(\w+)\"", path.read_text()))
    assert len(kinds) > 20
    assert kinds <= set(_SENTENCES)


def test_a_headline_says_what_to_do_in_the_order_of_doing():
    assert words.headline(("erasure", "access")) == "Send a copy of the data, then erase them"
    assert words.headline(("erasure",)) == "Erase the data"
    assert words.headline(()) == "Read the message and say what is asked"
