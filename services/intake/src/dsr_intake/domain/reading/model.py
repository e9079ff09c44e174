"""The statistical model: how much speaks for each right and each kind of mail."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp
from operator import add
from typing import Final, Self

from dsr_intake.domain.reading.features import Shown, shown, together
from dsr_intake.domain.reading.lexicon import Sentence
from dsr_shared.contracts.words import RIGHTS

KINDS: Final = ("request", "breach_report", "follow_up", "not_a_request")
MAX_SPEAKING: Final = 60
"""Sentences that are weighed one by one."""
LABELS: Final = (*RIGHTS, *KINDS)
"""What the model weighs: each right, and the kinds of mail that people write."""
_REQUEST: Final = LABELS.index("request")
SENTENCE_SHARE: Final = 0.5
"""How much what single sentences say counts beside the mail as a whole."""
NEARNESS: Final = 0.2
"""Sentences nearly as loud as the loudest count nearly as much; one that is so much quieter counts a third of it."""
SCALE: Final = 60.0
"""Weights are whole numbers of sixtieths: finer ones tell nothing more, and a child process holds some 100,000 rows."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The score of each label: about 1 where it holds, about -1 where it does not, each by itself."""

    scores: Mapping[str, float]

    def of(self, label: str) -> float:
        return self.scores.get(label, -1.0)


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of a linear regression for each label.

    `rows` says where in `weights` the weights of a feature begin, one for each label, in whole parts of `SCALE`.
    """

    bias: Sequence[float]
    rows: Mapping[str, int]
    weights: "array[int]"

    @classmethod
    def of(cls, bias: Sequence[float], weights: Mapping[str, Sequence[float]]) -> Self:
        """Make one of a row of weights for each feature; a feature is left out whose weights are next to nothing."""
        whole = {name: [round(item * SCALE) for item in weights[name]] for name in sorted(weights)}
        kept = {name: row for name, row in whole.items() if any(row)}
        return cls.stored(bias, list(kept), array("h", chain.from_iterable(kept.values())))

    @classmethod
    def stored(cls, bias: Sequence[float], features: Sequence[str], weights: "array[int]") -> Self:
        """Make one of the features in the order of their rows."""
        starts = range(0, len(features) * len(LABELS), len(LABELS))
        return cls(tuple(bias), dict(zip(features, starts, strict=True)), weights)

    def estimate(self, sentences: Sequence[Sentence]) -> Estimate:
        """The mail as a whole, and the sentences that speak for the label most: the model was trained so."""
        parts = shown(sentences)
        whole = self._scores(together(parts))
        spoken = [_spoken(column) for column in zip(*map(self._scores, parts[:MAX_SPEAKING]), strict=True)] or whole
        mixed = zip(LABELS, whole, spoken, strict=True)
        return Estimate({label: one + SENTENCE_SHARE * (other - one) for label, one, other in mixed})

    def words_for(self, label: str, sentences: Sequence[Sentence]) -> str:
        """The sentence that speaks for the label most: what the verdict rests on."""
        at = LABELS.index(label)
        best = max(sentences[:MAX_SPEAKING], key=lambda sentence: self._speaks(at, sentence), default=None)
        return best.words(0, len(best.spans) - 1)[:300] if best is not None and best.spans else ""

    def _scores(self, text: Shown) -> list[float]:
        scores = list(self.bias)
        for names, value in text.groups:
            sums = [0] * len(LABELS)
            for name in names:
                start = self.rows.get(name)
                if start is not None:
                    sums = list(map(add, sums, self.weights[start : start + len(LABELS)]))
            scores = [score + value / SCALE * total for score, total in zip(scores, sums, strict=True)]
        return scores

    def _speaks(self, at: int, sentence: Sentence) -> float:
        """How much a sentence speaks for the label; for a right, how much it asks at all as well."""
        scores = self._scores(together(shown([sentence])))
        return scores[at] + (scores[_REQUEST] if at < len(RIGHTS) else 0.0)


def _spoken(scores: Sequence[float]) -> float:
    """The average of a label's scores by sentence, in which the loudest counts most."""
    loudest = max(scores)
    voices = [exp((score - loudest) / NEARNESS) for score in scores]
    return sum(voice * score for voice, score in zip(voices, scores, strict=True)) / sum(voices)
