"""The authority's notice as a document: every item of Art. 33(3) in each language, late reasons, what follows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.console.a_breach import a_breach

from dsr_fulfilment.adapters.breach_notice import notice_document, notice_html, notice_text, say_moment
from dsr_fulfilment.domain.breach import ART_33_3, NoticeFacts
from dsr_fulfilment.domain.breach_case import Breach, BreachWords
from dsr_fulfilment.register.loader import load_register
from dsr_fulfilment.register.model import Register

AWARE = datetime(2026, 10, 24, 6, 0, tzinfo=UTC)
DUE = AWARE + timedelta(hours=72)
LANGUAGES = ("fi", "sv", "en")
FULL = NoticeFacts(
    nature="A stranger read <b>mail</b>.",
    person_categories="Customers",
    person_count=118,
    record_categories="Messages",
    record_count=412,
    contact_name="Esimerkki Oy",
    contact_details="tietosuoja@esimerkki.example",
    consequences="Phishing",
    measures="Password changed",
)
BREACH = a_breach(AWARE)


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register(Path(__file__).parents[2] / "connected" / "breach" / "esimerkki.yaml")


def document(register: Register, breach: Breach = BREACH, facts: NoticeFacts = FULL, language="en", now=AWARE):
    return notice_document(breach, facts, register, language=language, now=now, letters=5)


@pytest.mark.promise("P34")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_item_is_there_in_every_language(register: Register, language) -> None:
    notice = document(register, language=language)
    keys = [part.key for part in notice.parts]
    assert set(ART_33_3) <= set(keys)
    assert all(part.state == "there" and part.text for part in notice.parts)
    text = notice_text(notice)
    for value in ("118", "412", "Phishing", "Password changed", "tietosuoja@om.fi", "PL 800", "B-2026-0003"):
        assert value in text


@pytest.mark.promise("P34")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("item", ART_33_3)
def test_each_missing_item_is_named(register: Register, language, item) -> None:
    facts = replace(FULL, **{item: None if item.endswith("count") else ""})
    notice = document(register, facts=facts, language=language)
    assert [part.key for part in notice.parts if part.state == "missing"] == [item]
    assert "1" in notice.verdict


def test_what_is_announced_for_later_is_listed_and_no_longer_missing(register: Register) -> None:
    facts = replace(FULL, consequences="", measures="", to_follow=frozenset({"consequences", "measures"}))
    notice = document(register, facts=facts)
    assert [part.key for part in notice.parts if part.state == "to_follow"] == ["consequences", "measures"]
    follows = next(part for part in notice.parts if part.key == "follows")
    assert follows.text == "Likely consequences; What was done, and what will be done"


def test_a_late_notice_has_its_reasons_or_names_them_as_missing(register: Register) -> None:
    assert "delay" not in [part.key for part in document(register, now=DUE).parts]
    late = document(register, now=DUE + timedelta(seconds=1))
    assert [part.key for part in late.parts if part.state == "missing"] == ["delay"]
    told = replace(
        BREACH, authority_notified_at=DUE + timedelta(hours=1), said=BreachWords(delay_reason="The logs came late.")
    )
    assert next(part for part in document(register, told).parts if part.key == "delay").text == "The logs came late."
    in_time = replace(BREACH, authority_notified_at=AWARE)
    assert "delay" not in [part.key for part in document(register, in_time, now=DUE + timedelta(days=9)).parts]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Kuukausi ei lähetä"), ("sv", "Kuukausi skickar inte"), ("en", "Not submitted by Kuukausi")],
)
def test_it_says_that_nobody_has_submitted_it(register: Register, language, words: str) -> None:
    notice = document(register, language=language)
    assert words in notice_text(notice)
    assert words in notice_html(notice, reference="B-2026-0003")


def test_what_staff_wrote_is_escaped_in_the_page(register: Register) -> None:
    page = notice_html(document(register), reference="B-2026-0003")
    assert "&lt;b&gt;mail&lt;/b&gt;" in page
    assert "<b>mail" not in page


def test_times_say_their_offset_so_that_the_change_of_the_clocks_is_plain() -> None:
    assert say_moment(AWARE, "fi") == "24.10.2026 klo 09.00 (UTC+3)"
    assert say_moment(DUE, "en") == "27 October 2026 at 08:00 (UTC+2)"
    assert say_moment(DUE, "sv") == "27 oktober 2026 kl. 08:00 (UTC+2)"
