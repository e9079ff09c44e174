"""Tables of words: a name, and the words and phrases that stand for it, in the notation of `words_*` and `concepts_*`.

Entries are separated by `|`; `*` is any ending, `_` up to three other words between those of a phrase.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

_LOOKALIKES: Final = str.maketrans("аеорсухіјѕԁӏ’`´‘", "aeopcyxijsdl''''")
Patterns = tuple[tuple[str, re.Pattern[str]], ...]


def fold(text: str) -> str:
    """Lower case without accents, so that 'pyydän' and 'pyydan' are one word."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LOOKALIKES))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


@dataclass(frozen=True, slots=True)
class WordTable:
    """One language's table, ready to look for."""

    _words: Patterns
    _phrases: Patterns

    @classmethod
    def of(cls, table: Mapping[str, str]) -> Self:
        words, phrases = [], []
        for name, listed in table.items():
            entries = [entry.strip() for entry in listed.split("|") if entry.strip()]
            if one := [_pattern(entry) for entry in entries if len(entry.split()) == 1]:
                words.append((name, re.compile("|".join(one))))
            if many := [_pattern(entry) for entry in entries if len(entry.split()) > 1]:
                phrases.append((name, re.compile("(?<= )(?:" + "|".join(many) + ")")))
        return cls(tuple(words), tuple(phrases))

    def of_word(self, token: str) -> tuple[str, ...]:
        """The names that a folded word stands for; callers keep what they were told."""
        return tuple(name for name, words in self._words if words.fullmatch(token + " "))

    def phrases(self, tokens: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """(name, first token, last token) of each phrase among folded words."""
        line, starts = " ", []
        for token in tokens:
            starts.append(len(line))
            line += token + " "
        for name, phrases in self._phrases:
            for match in phrases.finditer(line):
                yield name, bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 2) - 1


def _pattern(entry: str) -> str:
    parts: list[str] = []
    for word in fold(entry).split():
        if word == "_":
            parts.append("(?:[^ ]+ ){0,3}?")
        else:
            parts.append(re.escape(word).replace(r"\*", "[^ ]*") + " ")
    return "".join(parts)
