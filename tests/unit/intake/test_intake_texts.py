"""The pages say the same things in all three languages."""

import re
import string
from importlib.resources import files

import pytest
from markupsafe import Markup

from dsr_intake.adapters.texts import Texts, chosen_language, load_texts, read_locale
from dsr_intake.domain.request_form import CHOICES, WHOSE
from dsr_shared.contracts.words import LANGUAGES, Language


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_is_there_in_every_language_with_the_same_places_to_fill() -> None:
    locales = {language: read_locale(language) for language in LANGUAGES}
    assert locales["fi"].keys() == locales["sv"].keys() == locales["en"].keys()
    for key, text in locales["fi"].items():
        assert all(locale[key].strip() for locale in locales.values()), key
        assert all(placeholders(locale[key]) == placeholders(text) for locale in locales.values()), key


def test_no_two_languages_share_a_sentence() -> None:
    fi, sv, en = (read_locale(language) for language in ("fi", "sv", "en"))
    long = [key for key, text in fi.items() if len(text) > 25]
    assert [key for key in long if fi[key] in (sv[key], en[key]) or sv[key] == en[key]] == []


def test_every_text_that_a_template_names_exists() -> None:
    texts = read_locale("en")
    named = set()
    for template in files("dsr_intake").joinpath("templates").iterdir():
        named |= set(re.findall(r'\bt\("([a-z_.0-9]+)"[,)]', template.read_text(encoding="utf-8")))
    assert {key for key in named if key not in texts} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_choice_has_its_words(language: Language) -> None:
    texts = read_locale(language)
    for choice in CHOICES:
        assert {f"choice.{choice}", f"choice.{choice}.hint", f"want.{choice}"} <= texts.keys()
    for whose in WHOSE:
        assert {f"whose.{whose}", f"check.whose.{whose}"} <= texts.keys()


def test_what_is_filled_in_is_escaped() -> None:
    texts = Texts("en", {"hello": "Hello & {name}"})
    assert texts("hello", name="<b>") == Markup("Hello &amp; &lt;b&gt;")
    assert load_texts("fi").language == "fi"


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [("sv", "en", "sv"), (None, "en-GB,en;q=0.9,fi;q=0.8", "en"), ("xx", "de", "fi"), (None, "", "fi")],
)
def test_the_language_is_the_asked_one_then_the_browsers_then_the_controllers(
    asked: str | None, accepted: str, expected: str
) -> None:
    assert chosen_language(asked, accepted, ("fi", "sv", "en")) == expected
