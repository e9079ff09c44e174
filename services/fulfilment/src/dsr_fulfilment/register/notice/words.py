"""The notice's own sentences in three languages; everything else in it is the register's."""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from dsr_fulfilment.register.base import Text, in_language
from dsr_shared.contracts.words import Language


class NoticeWords:
    """The sentences of one language, and the register's words in it."""

    def __init__(self, language: Language, texts: dict[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: str) -> str:
        return self._texts[key].format(**values) if values else self._texts[key]

    def of(self, text: Text | None) -> str:
        """The register's words as a line of their own: they may be written with a small letter there."""
        return upper_first(in_language(text, self.language)) if text else ""

    def inside(self, text: Text) -> str:
        """The register's words as they are, within a line."""
        return in_language(text, self.language)

    def region(self, code: str) -> str:
        """A country's name; a code that nobody translated stays a code."""
        return self._texts.get(f"region.{code}", code)

    def regions(self, codes: Iterable[str]) -> str:
        return ", ".join(sorted({self.region(code) for code in codes}))


@cache
def notice_words(language: Language) -> NoticeWords:
    file = files("dsr_fulfilment.register.notice").joinpath(f"words.{language}.json")
    return NoticeWords(language, json.loads(file.read_text(encoding="utf-8")))


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]
