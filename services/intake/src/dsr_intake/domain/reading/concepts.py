"""Concepts of the statistical model: wider than the rules' tags, the same in all languages, never a verdict alone."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from dsr_intake.domain.reading import concepts_en, concepts_fi, concepts_sv
from dsr_intake.domain.reading.word_tables import WordTable
from dsr_shared.contracts.words import Language

_TABLES: Final[dict[Language, dict[str, str]]] = {
    "fi": concepts_fi.CONCEPTS,
    "sv": concepts_sv.CONCEPTS,
    "en": concepts_en.CONCEPTS,
}
_DENYING: Final[dict[Language, str]] = {
    "fi": "ei en et eika enka ala alkaa eivat ette emme ilman eiko ettei alkaako mitaan enaa",
    "sv": "inte ej icke inga inget ingen aldrig utan int slipper",
    "en": "not no never don't isn't haven't without none can't won't doesn't nothing neither",
}
DENYING: Final = {language: frozenset(words.split()) for language, words in _DENYING.items()}
"""Words that turn what stands near them into its opposite, folded."""


def concepts(tokens: Sequence[str], language: Language) -> list[tuple[int, str]]:
    """(token, concept) in the order of the words."""
    found = {(at, concept) for at, token in enumerate(tokens) for concept in _of_word(token, language)}
    return sorted(found | {(first, concept) for concept, first, _ in _table(language).phrases(tokens)})


@lru_cache(maxsize=20_000)
def _of_word(token: str, language: Language) -> tuple[str, ...]:
    return _table(language).of_word(token)


@cache
def _table(language: Language) -> WordTable:
    return WordTable.of(_TABLES[language])
