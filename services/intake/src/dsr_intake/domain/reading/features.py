"""What the statistical model sees of a mail: its words, the letters they are made of, tags of the tables, concepts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import sqrt
from typing import Final

from dsr_intake.domain.reading.concepts import DENYING, concepts
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.rules import is_denied

MAX_TOKENS: Final = 400
"""A request is made early in a mail; what stands behind is looked at by the rules alone."""
_MAX_WORD: Final = 24
_SHORTEST: Final = 3
_LONGEST: Final = 5
_DENIED_BEFORE: Final = 2
_DENIED_AFTER: Final = 4
"""A concept is denied by a word that stands at most so many words behind or before it."""
SHARES: Final = (1.0, 1.0, 0.7, 1.0)
"""The length of each group of features: words, letters, tags, concepts."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Names of the features of a text, by group."""

    words: set[str] = field(default_factory=set)
    letters: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    concepts: set[str] = field(default_factory=set)

    @property
    def groups(self) -> Iterator[tuple[set[str], float]]:
        """Each group with the value of its features: it has the same length whatever the length of the text."""
        for names, share in zip((self.words, self.letters, self.tags, self.concepts), SHARES, strict=True):
            if names:
                yield names, share / sqrt(len(names))


def shown(sentences: Sequence[Sentence]) -> list[Shown]:
    """What each sentence shows, as long as there are not too many words."""
    found: list[Shown] = []
    left = MAX_TOKENS
    for sentence in sentences:
        tokens = [token[:_MAX_WORD] for token in sentence.tokens[:left]]
        left -= len(tokens)
        if tokens:
            found.append(_shown(sentence, tokens))
    return found


def together(parts: Sequence[Shown]) -> Shown:
    """What the sentences show as one text."""
    return Shown(
        set().union(*(part.words for part in parts)),
        set().union(*(part.letters for part in parts)),
        set().union(*(part.tags for part in parts)),
        set().union(*(part.concepts for part in parts)),
    )


def _shown(sentence: Sentence, tokens: Sequence[str]) -> Shown:
    return Shown(
        {*tokens, *(f"{one} {other}" for one, other in pairwise(tokens))},
        {piece for token in set(tokens) for piece in _pieces(token)},
        set(_tags(sentence)) if len(sentence.tokens) <= MAX_TOKENS else set(),
        set(_concepts(sentence, tokens)),
    )


def _pieces(token: str) -> Iterator[str]:
    """Runs of three to five letters, with the word's edges: stems and endings, also of misspelt words."""
    edged = f"_{token}_"
    for length in range(_SHORTEST, _LONGEST + 1):
        yield from (f"~{edged[at : at + length]}" for at in range(len(edged) - length + 1))


def _tags(sentence: Sentence) -> Iterator[str]:
    """Tags of any language, with ! where they are denied, alone and two together in one sentence."""
    found = sorted(
        {
            ("!" if tag != "NOT" and is_denied(sentence, hit) else "") + tag
            for tag, hits in sentence.hits.items()
            for hit in hits[:4]
        }
    )
    yield from (f"#{tag}" for tag in found)
    yield from (f"#{one}+{other}" for one, other in combinations(found, 2))


def _concepts(sentence: Sentence, tokens: Sequence[str]) -> Iterator[str]:
    """Concepts, with ! as well where they are denied; two together, also with a question or a denial."""
    found = concepts(tokens, sentence.language)
    denials = [at for at, token in enumerate(tokens) if token in DENYING[sentence.language]]
    names = {concept for _, concept in found}
    yield from (f"@{name}" for name in names)
    yield from (f"@!{concept}" for at, concept in found if _is_denied_at(at, denials))
    marks = {"NEG"} if denials else set()
    marks |= {"Q"} if "?" in sentence.text else set()
    yield from (f"@{one}+{other}" for one, other in combinations(sorted(names | marks), 2))


def _is_denied_at(at: int, denials: Sequence[int]) -> bool:
    return any(denial != at and -_DENIED_BEFORE <= at - denial <= _DENIED_AFTER for denial in denials)
