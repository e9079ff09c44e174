"""What the statistical model sees of a mail: its words, the letters they are made of, and the tags of the tables."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import sqrt
from typing import Final

from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.rules import is_denied

MAX_TOKENS: Final = 400
"""A request is made early in a mail; what stands behind is looked at by the rules alone."""
_MAX_WORD: Final = 24
_SHORTEST: Final = 3
_LONGEST: Final = 5
_TAG_SHARE: Final = 0.7
Features = dict[str, float]


def features(sentences: Sequence[Sentence]) -> Features:
    """Name -> value; each of the three groups has the same length whatever the length of the mail."""
    words: set[str] = set()
    letters: set[str] = set()
    tags: set[str] = set()
    left = MAX_TOKENS
    for sentence in sentences:
        tokens = [token[:_MAX_WORD] for token in sentence.tokens[: max(0, left)]]
        left -= len(tokens)
        words.update(_words(tokens))
        letters.update(piece for token in set(tokens) for piece in _pieces(token))
        if 0 < len(sentence.tokens) <= MAX_TOKENS and tokens:
            tags.update(_tags(sentence))
    return _scaled(words, 1.0) | _scaled(letters, 1.0) | _scaled(tags, _TAG_SHARE)


def _words(tokens: Sequence[str]) -> Iterator[str]:
    yield from tokens
    yield from (f"{one} {other}" for one, other in pairwise(tokens))


def _pieces(token: str) -> Iterator[str]:
    """Runs of three to five letters, with the word's edges: stems and endings, also of misspelt words."""
    edged = f"_{token}_"
    for length in range(_SHORTEST, _LONGEST + 1):
        yield from (f"~{edged[at : at + length]}" for at in range(len(edged) - length + 1))


def _tags(sentence: Sentence) -> Iterator[str]:
    """Concepts of any language, with ! where they are denied, alone and two together in one sentence."""
    found = sorted(
        {
            ("!" if tag != "NOT" and is_denied(sentence, hit) else "") + tag
            for tag, hits in sentence.hits.items()
            for hit in hits[:4]
        }
    )
    yield from (f"#{tag}" for tag in found)
    yield from (f"#{one}+{other}" for one, other in combinations(found, 2))


def _scaled(names: Iterable[str], share: float) -> Features:
    kept = list(names)
    value = share / sqrt(len(kept)) if kept else 0.0
    return dict.fromkeys(kept, value)
