"""The statistical model beside the rules: how likely a mail asks for each right or is of each kind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

from dsr_intake.domain.reading.features import features
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_shared.contracts.words import RIGHTS, Right

KINDS: Final = ("breach_report", "follow_up", "not_a_request")
MAX_SPEAKING: Final = 60
"""Sentences among which the one to show is sought."""
LABELS: Final = (*RIGHTS, *KINDS)
"""What the model weighs: each right, and the kinds of mail that ask for none."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The share of each label; all shares add up to one, so that two rights asked at once have half of it each."""

    shares: Mapping[str, float]

    def of(self, label: str) -> float:
        return self.shares.get(label, 0.0)

    @property
    def likeliest(self) -> str:
        """The likeliest kind: `request`, with all rights together, or one of those that ask for none."""
        return max(("request", *KINDS), key=lambda kind: self.of(kind) if kind in KINDS else self.of_request)

    @property
    def of_request(self) -> float:
        return sum(map(self.of, RIGHTS))

    def rights(self, at_least: float) -> tuple[Right, ...]:
        """Rights at least so likely, in the order of the vocabulary."""
        return tuple(right for right in RIGHTS if self.of(right) >= at_least)

    @property
    def best_right(self) -> Right:
        return max(RIGHTS, key=self.of)


def shares(sums: Sequence[float]) -> list[float]:
    """Sums of weights as shares of one."""
    highest = max(sums)
    powers = [exp(total - highest) for total in sums]
    return [power / sum(powers) for power in powers]


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a multinomial logistic regression, one row of weights for each feature."""

    bias: Sequence[float]
    weights: Mapping[str, Sequence[float]]

    def estimate(self, sentences: Sequence[Sentence]) -> Estimate:
        sums = list(self.bias)
        for name, value in features(sentences).items():
            row = self.weights.get(name)
            if row is not None:
                sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        return Estimate(dict(zip(LABELS, shares(sums), strict=True)))

    def words_for(self, label: str, sentences: Sequence[Sentence]) -> str:
        """The sentence that speaks for the label most: what the verdict rests on."""
        at = LABELS.index(label)
        best = max(sentences[:MAX_SPEAKING], key=lambda sentence: self._speaks(at, sentence), default=None)
        return best.words(0, len(best.spans) - 1)[:300] if best is not None and best.spans else ""

    def _speaks(self, at: int, sentence: Sentence) -> float:
        return sum(
            value * self.weights[name][at] for name, value in features([sentence]).items() if name in self.weights
        )
