"""Splits text into the pieces of words that the encoder knows."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import inf
from typing import Final

START: Final = 0
PAD: Final = 1
END: Final = 2
UNKNOWN: Final = 3
SPECIAL: Final = ("<s>", "<pad>", "</s>", "<unk>")
"""The first pieces of every vocabulary, in the order of their numbers."""
_WORD_BEGINS: Final = "\u2581"
_MAX_WORD: Final = 64
_KEPT_WORDS: Final = 20_000
_BEYOND: Final = 10.0
"""By so much a letter that no piece covers is less likely than the unlikeliest piece."""


class Pieces:
    """A vocabulary: `names` by number, with the logarithm of how likely each is (a unigram model: Kudo 2018)."""

    def __init__(self, names: Sequence[str], likely: Sequence[float]) -> None:
        self.names = tuple(names)
        self.likely = tuple(likely)
        special = len(SPECIAL)
        self._numbers = {name: number for number, name in enumerate(names) if number >= special}
        self._longest = max(map(len, self._numbers), default=1)
        self._unknown = min(likely[special:], default=0.0) - _BEYOND
        self._of_word = lru_cache(_KEPT_WORDS)(self._split)

    def of(self, text: str) -> list[int]:
        """The numbers of the pieces of a text, words parted by white space; a word counts to its 64th letter."""
        words = unicodedata.normalize("NFKC", text).split()
        return [number for word in words for number in self._of_word(_WORD_BEGINS + word[:_MAX_WORD])]

    def _split(self, word: str) -> tuple[int, ...]:
        """The likeliest way to put the word together (Viterbi)."""
        best: list[tuple[float, int, int]] = [(0.0, 0, UNKNOWN)] + [(-inf, 0, UNKNOWN)] * len(word)
        for start in range(len(word)):
            so_far = best[start][0]
            for end in range(start + 1, min(len(word), start + self._longest) + 1):
                number = self._numbers.get(word[start:end])
                if number is not None:
                    best[end] = max(best[end], (so_far + self.likely[number], start, number))
            best[start + 1] = max(best[start + 1], (so_far + self._unknown, start, UNKNOWN))
        found: list[int] = []
        end = len(word)
        while end:
            _, end, number = best[end]
            found.append(number)
        return tuple(reversed(found))
