"""The statistical model beside the rules: how much speaks for each right and each kind of mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import add
from typing import Final

from dsr_intake.domain.reading.features import Shown, shown, together
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_shared.contracts.words import RIGHTS, Right

KINDS: Final = ("request", "breach_report", "follow_up", "not_a_request")
MAX_SPEAKING: Final = 60
"""Sentences that are weighed one by one."""
LABELS: Final = (*RIGHTS, *KINDS)
"""What the model weighs: each right, and the kinds of mail that people write."""
_REQUEST: Final = LABELS.index("request")
_SENTENCE_OF_RIGHT: Final = 0.25
_SENTENCE_OF_KIND: Final = 0.15
"""How much the sentence that speaks loudest counts beside the mail as a whole."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The score of each label: about 1 where it holds, about -1 where it does not, each by itself."""

    scores: Mapping[str, float]

    def of(self, label: str) -> float:
        return self.scores.get(label, -1.0)

    @property
    def best_right(self) -> Right:
        return max(RIGHTS, key=self.of)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a linear regression for each label, one row of weights for each feature."""

    bias: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    def estimate(self, sentences: Sequence[Sentence]) -> Estimate:
        """The mail as a whole, and a little of the sentence that speaks for the label most."""
        parts = shown(sentences)
        whole = self._scores(together(parts))
        loudest = [max(column) for column in zip(*map(self._scores, parts[:MAX_SPEAKING]), strict=True)] or whole
        mixed = zip(LABELS, whole, loudest, strict=True)
        return Estimate({label: one + _weight(label) * (other - one) for label, one, other in mixed})

    def words_for(self, label: str, sentences: Sequence[Sentence]) -> str:
        """The sentence that speaks for the label most: what the verdict rests on."""
        at = LABELS.index(label)
        best = max(sentences[:MAX_SPEAKING], key=lambda sentence: self._speaks(at, sentence), default=None)
        return best.words(0, len(best.spans) - 1)[:300] if best is not None and best.spans else ""

    def _scores(self, text: Shown) -> list[float]:
        scores = list(self.bias)
        for names, value in text.groups:
            sums: list[float] = [0.0] * len(LABELS)
            for name in names:
                row = self.weights.get(name)
                if row is not None:
                    sums = list(map(add, sums, row))
            scores = [score + value * total for score, total in zip(scores, sums, strict=True)]
        return scores

    def _speaks(self, at: int, sentence: Sentence) -> float:
        """How much a sentence speaks for the label; for a right, how much it asks at all as well."""
        scores = self._scores(together(shown([sentence])))
        return scores[at] + (scores[_REQUEST] if at < len(RIGHTS) else 0.0)


def _weight(label: str) -> float:
    return _SENTENCE_OF_KIND if label in KINDS else _SENTENCE_OF_RIGHT
