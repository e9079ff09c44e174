"""Everything that the public pages say, in three languages."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup, escape

from dsr_shared.contracts.words import LANGUAGES, Language

LANGUAGE_NAMES: Final[dict[Language, str]] = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


class Texts:
    """The texts of one language; what is filled in is escaped unless it is markup already."""

    def __init__(self, language: Language, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> Markup:
        return Markup(escape(self._texts[key])).format(**values)  # noqa: S704 - escaped just before


@cache
def load_texts(language: Language) -> Texts:
    return Texts(language, read_locale(language))


def read_locale(language: Language) -> dict[str, str]:
    text = files("dsr_intake").joinpath("locale", f"{language}.json").read_text(encoding="utf-8")
    texts: dict[str, str] = json.loads(text)
    return texts


def chosen_language(asked: str | None, accepted: str, offered: tuple[Language, ...]) -> Language:
    """The language that the link asks for, else the first that the browser accepts, else the controller's own."""
    wishes = [asked or "", *(part.split(";")[0].strip()[:2].lower() for part in accepted.split(","))]
    known: dict[str, Language] = {language: language for language in offered or LANGUAGES}
    return next((known[wish] for wish in wishes if wish in known), (offered or LANGUAGES)[0])
