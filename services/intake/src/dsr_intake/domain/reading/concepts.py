"""Concepts of the statistical model: wider than the rules' tags, the same in all languages, never a verdict alone."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from dsr_intake.domain.reading import concepts_en, concepts_fi, concepts_sv
from dsr_intake.domain.reading.lexicon import pattern
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
    return sorted(found | set(_of_phrases(tokens, language)))


@lru_cache(maxsize=20_000)
def _of_word(token: str, language: Language) -> tuple[str, ...]:
    return tuple(concept for concept, words in _compiled(language)[0] if words.fullmatch(token + " "))


def _of_phrases(tokens: Sequence[str], language: Language) -> Iterator[tuple[int, str]]:
    line, starts = " ", []
    for token in tokens:
        starts.append(len(line))
        line += token + " "
    for concept, phrases in _compiled(language)[1]:
        for match in phrases.finditer(line):
            yield bisect_right(starts, match.start()) - 1, concept


@cache
def _compiled(
    language: Language,
) -> tuple[tuple[tuple[str, re.Pattern[str]], ...], tuple[tuple[str, re.Pattern[str]], ...]]:
    singles, phrases = [], []
    for concept, table in _TABLES[language].items():
        entries = [entry.strip() for entry in table.split("|") if entry.strip()]
        one = [pattern(entry) for entry in entries if " " not in " ".join(entry.split())]
        many = [pattern(entry) for entry in entries if " " in entry]
        singles += [(concept, re.compile("|".join(one)))] if one else []
        phrases += [(concept, re.compile("(?<= )(?:" + "|".join(many) + ")"))] if many else []
    return tuple(singles), tuple(phrases)
