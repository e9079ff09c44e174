"""Finding words of the tables in text: tokens, clauses, tags."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from dsr_intake.domain.reading import words_en, words_fi, words_sv
from dsr_intake.domain.reading.spelling import respell
from dsr_intake.domain.reading.word_tables import WordTable, fold
from dsr_intake.domain.reading.words_kinds import KIND_WORDS
from dsr_shared.contracts.words import Language

_TABLES: Final[dict[Language, dict[str, str]]] = {
    "fi": words_fi.WORDS | KIND_WORDS["fi"],
    "sv": words_sv.WORDS | KIND_WORDS["sv"],
    "en": words_en.WORDS | KIND_WORDS["en"],
}
_TOKEN: Final = re.compile(
    r"https?://\S{1,500}|[^\s@<>()\[\],;]{1,80}@[\w.-]{1,120}\w|[^\W_]+(?:[-'’:/&][^\W_]+)*|[,;]|\s[-–—]\s", re.UNICODE
)
_SENTENCE_END: Final = re.compile(
    r"(?<=[!?])\s+|(?<=[^\W\d_]{2}\.)(?<![Aa]rt\.)(?<![Nn]ro\.)(?<![Nn]r\.)(?<!sim\.)(?<!Mr\.)(?<!Dr\.)(?<!Mrs\.)\s+(?=[^\W\d_])"
    r"|(?<=[\d)\W]\.)\s+(?=[A-ZÅÄÖ])|\n\s*\n|\n(?=\s*(?:[-*•·–]|\d{1,2}[.)])\s)|(?<=:)\n"
)
_COMPLEMENTS: Final = frozenset(
    {"etta", "ettette", "att", "that", "to", "som", "jossa", "joita", "jota", "which", "jotka"}
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A tag's words in a sentence, by first and last token."""

    start: int
    end: int


class Sentence:
    """One sentence: its tokens, folded, with the clause of each, and the hits of every tag."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language: Language = language
        self.spans: list[tuple[int, int]] = []
        self.tokens: list[str] = []
        self.clauses: list[int] = []
        clause = 0
        for match in _TOKEN.finditer(text):
            token = _token(match[0])
            if token in {",", ";", "-"}:
                clause += 1
                continue
            if token in _COMPLEMENTS and self.tokens and self.clauses[-1] == clause - 1:
                clause -= 1
            self.spans.append(match.span())
            self.tokens.append(token if _tags(token, language) else respell(token, language))
            self.clauses.append(clause)
        self.hits = _find(self.tokens, language)
        trade = self.hits.get("SUPPORT", [])
        self.hits["DATUM"] = [hit for hit in self.hits.get("DATUM", []) if hit not in trade]
        if "?" in text and self.tokens:
            self.hits["QUESTION"] = [Hit(len(self.tokens) - 1, len(self.tokens) - 1)]

    def has(self, *tags: str) -> bool:
        return any(self.hits.get(tag) for tag in tags)

    def take_as(self, tag: str, *others: str) -> None:
        """Let the words of one tag count as words of others, too."""
        for other in others:
            self.hits.setdefault(other, []).extend(self.hits.get(tag, ()))

    def of(self, tags: str) -> list[Hit]:
        """Hits of any of the tags, in order."""
        return sorted((hit for tag in tags.split() for hit in self.hits.get(tag, ())), key=lambda hit: hit.start)

    def words(self, start: int, end: int) -> str:
        """The original words from one token to another."""
        first, last = max(0, start), min(end, len(self.spans) - 1)
        return " ".join(self.text[self.spans[first][0] : self.spans[last][1]].split())


def _token(raw: str) -> str:
    if "@" in raw or raw.startswith("http"):
        return "@"
    return "-" if raw.strip() in {"-", "–", "—"} else fold(raw)


def sentences(text: str) -> Iterator[str]:
    """Cut text into sentences; a paragraph, a list item and a line after a colon end one as well."""
    for piece in _SENTENCE_END.split(text):
        if piece and piece.strip():
            yield piece.strip()


@cache
def _table(language: Language) -> WordTable:
    return WordTable.of(_TABLES[language])


@lru_cache(maxsize=20_000)
def _tags(token: str, language: Language) -> tuple[str, ...]:
    return _table(language).of_word(token)


def _find(tokens: list[str], language: Language) -> dict[str, list[Hit]]:
    hits: dict[str, list[Hit]] = {}
    for at, token in enumerate(tokens):
        for tag in _tags(token, language):
            hits.setdefault(tag, []).append(Hit(at, at))
    for tag, first, last in _table(language).phrases(tokens):
        hits.setdefault(tag, []).append(Hit(first, last))
    return hits
