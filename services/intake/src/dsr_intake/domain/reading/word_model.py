"""The model of single words: a linear regression for each label over what `features` shows of a mail."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import exp
from operator import add
from typing import Final, Self

from dsr_intake.domain.reading.features import Shown, shown, together
from dsr_intake.domain.reading.lexicon import Sentence

MAX_SPEAKING: Final = 60
"""Sentences that are weighed one by one."""
SENTENCE_SHARE: Final = 0.5
"""How much what single sentences say counts beside the mail as a whole."""
NEARNESS: Final = 0.2
"""Sentences nearly as loud as the loudest count nearly as much; one that is so much quieter counts a third of it."""
SCALE: Final = 60.0
"""Weights are whole numbers of sixtieths: finer ones tell nothing more, and a child process holds some 100,000 rows."""


@dataclass(frozen=True, slots=True)
class WordModel:
    """Weights of a linear regression for each label, in the order of `WORD_LABELS`.

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
        starts = range(0, len(features) * len(bias), len(bias))
        return cls(tuple(bias), dict(zip(features, starts, strict=True)), weights)

    def scores(self, sentences: Sequence[Sentence]) -> list[float]:
        """The mail as a whole, and the sentences that speak for the label most: the model was trained so."""
        parts = shown(sentences)
        whole = self._scores(together(parts))
        spoken = [_spoken(column) for column in zip(*map(self._scores, parts[:MAX_SPEAKING]), strict=True)] or whole
        return [one + SENTENCE_SHARE * (other - one) for one, other in zip(whole, spoken, strict=True)]

    def _scores(self, text: Shown) -> list[float]:
        scores = list(self.bias)
        for names, value in text.groups:
            sums = [0] * len(scores)
            for name in names:
                start = self.rows.get(name)
                if start is not None:
                    sums = list(map(add, sums, self.weights[start : start + len(sums)]))
            scores = [score + value / SCALE * total for score, total in zip(scores, sums, strict=True)]
        return scores


def _spoken(scores: Sequence[float]) -> float:
    """The average of a label's scores by sentence, in which the loudest counts most."""
    loudest = max(scores)
    voices = [exp((score - loudest) / NEARNESS) for score in scores]
    return sum(voice * score for voice, score in zip(voices, scores, strict=True)) / sum(voices)
