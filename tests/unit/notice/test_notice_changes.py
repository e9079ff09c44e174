"""What changed is said in words, in each language; what did not change makes no version."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.notice.a_register import FORM, altered, example, in_all, with_activity

from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.notice.changes import hash_of, with_changes
from dsr_fulfilment.register.notice.text import notice_texts
from dsr_shared.contracts.notices import NoticeChangeV1
from dsr_shared.contracts.words import LANGUAGES, Language

BEFORE = {"fi": "Kunnes suostumus perutaan", "sv": "Tills samtycket återkallas", "en": "Until consent is withdrawn"}


def changes(before: Register, after: Register, language: Language = "en") -> tuple[NoticeChangeV1, ...]:
    made = with_changes(notice_texts(before, FORM), notice_texts(after, FORM))
    return made[language].changes if made else ()


def test_the_first_version_has_no_changes() -> None:
    texts = notice_texts(example(), FORM)
    assert with_changes(None, texts) == texts


@pytest.mark.promise("P39")
def test_the_same_notice_is_no_new_version() -> None:
    assert with_changes(notice_texts(example(), FORM), notice_texts(example(), FORM)) is None


def test_what_no_reader_sees_is_no_new_version() -> None:
    quiet = altered(example(), brand_colour="#000000", mail_hosts=["mx2.esimerkki.example"], erasure_grace="06:00")
    assert with_changes(notice_texts(example(), FORM), notice_texts(quiet, FORM)) is None


def test_another_order_is_no_new_version() -> None:
    moved = altered(example(), activities=[one.model_dump() for one in reversed(example().activities)])
    assert with_changes(notice_texts(example(), FORM), notice_texts(moved, FORM)) is None


@pytest.mark.promise("P39")
@pytest.mark.parametrize(
    ("language", "place"),
    [
        ("fi", "Mihin käytämme tietojasi – Uutiskirje – Kuinka kauan"),
        ("sv", "Vad vi använder dina uppgifter till – Nyhetsbrev – Hur länge"),
        ("en", "What we use your data for – Newsletter – How long"),
    ],
)
def test_a_changed_word_is_shown_with_what_stood_there(language: Language, place: str) -> None:
    after = with_activity(example(), "newsletter", retention=in_all("Two years"))
    (change,) = changes(example(), after, language)
    assert (change.kind, change.place, change.after) == ("changed", place, f"Two years ({language})")
    assert change.before == BEFORE[language]


def test_a_new_activity_is_shown_whole() -> None:
    before = altered(example(), activities=[one.model_dump() for one in example().activities[:2]])
    added = [one for one in changes(before, example()) if one.kind == "added"]
    assert [one.place for one in added] == ["What we use your data for – Newsletter", "Your rights – Withdraw consent"]
    assert "Kept for" not in (added[0].after or "")
    assert "Until consent is withdrawn" in (added[0].after or "")
    assert added[0].before is None


def test_an_activity_that_ended_is_shown_with_what_it_said() -> None:
    after = altered(example(), activities=[one.model_dump() for one in example().activities[:2]])
    removed = [one for one in changes(example(), after) if one.kind == "removed"]
    assert removed[0].place == "What we use your data for – Newsletter"
    assert "Sending the newsletter" in (removed[0].before or "")
    assert removed[0].after is None


def test_a_renamed_activity_is_a_change_not_another_activity() -> None:
    (change,) = changes(example(), with_activity(example(), "newsletter", name=in_all("Monthly letter")))
    assert (change.kind, change.before, change.after) == ("changed", "Newsletter", "Monthly letter (en)")


def test_a_language_that_came_or_went_is_said_in_the_others() -> None:
    two = altered(example(), languages=["fi", "en"])
    assert changes(two, example())[0] == NoticeChangeV1(kind="added", place="Languages of the notice", after="Swedish")
    (gone,) = changes(example(), two, "fi")
    assert (gone.kind, gone.before) == ("removed", "ruotsi")


FIELDS = st.sampled_from(["name", "purpose", "persons", "categories", "retention", "obligation", "source"])


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["customers", "portal", "newsletter"]), FIELDS, st.text("abcåäö ", min_size=1, max_size=30))
def test_the_way_back_undoes_the_way_there(activity: str, field: str, words: str) -> None:
    after = with_activity(example(), activity, **{field: in_all(f"x{words}")})
    for language in LANGUAGES:
        there, back = changes(example(), after, language), changes(after, example(), language)
        assert [(one.before, one.after) for one in there] == [(one.after, one.before) for one in back]
        assert len(there) == 1


def test_the_hash_tells_the_words_and_not_how_they_came_about() -> None:
    after = notice_texts(with_activity(example(), "newsletter", retention=in_all("Two years")), FORM)
    made = with_changes(notice_texts(example(), FORM), after)
    assert made is not None
    assert hash_of(made) == hash_of(after) != hash_of(notice_texts(example(), FORM))
