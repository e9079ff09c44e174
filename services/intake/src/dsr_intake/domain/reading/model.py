"""What speaks for each right and each kind of mail: single words and a network that reads them by those around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.word_model import WordModel
from dsr_shared.contracts.words import RIGHTS

KINDS: Final = ("request", "breach_report", "follow_up", "not_a_request")
LABELS: Final = (*RIGHTS, *KINDS)
"""What the models weigh: each right, and the kinds of mail that people write."""
FOR_ANOTHER: Final = "for_another"
WORD_LABELS: Final = (*LABELS, FOR_ANOTHER)
"""The word model also weighs whether somebody writes for another person."""
ENCODER_SHARE: Final = 0.4
"""How much the network counts beside the single words."""
_MAX_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Understood:
    """What the network makes of a text: a score for each label, -1 to 1, and the sentence that speaks for it most."""

    scores: Sequence[float]
    loudest: Sequence[int]


class Encoder(Protocol):
    """Reads a text, sentence by sentence, as a whole."""

    def __call__(self, sentences: Sequence[str]) -> Understood: ...


@dataclass(frozen=True, slots=True)
class Estimate:
    """The score of each label: about 1 where it holds, about -1 where it does not, each by itself; and its words."""

    scores: Mapping[str, float]
    said: Mapping[str, str]

    def of(self, label: str) -> float:
        return self.scores[label]

    def words_for(self, label: str) -> str:
        """The sentence that speaks for the label most: what the verdict rests on."""
        return self.said[label]


@dataclass(frozen=True, slots=True)
class Model:
    """Both together are right where each alone errs: they have learned from the same mails by different means."""

    words: WordModel
    encoder: Encoder

    def estimate(self, sentences: Sequence[Sentence]) -> Estimate:
        """Weigh a mail, sentence by sentence."""
        spoken = [sentence for sentence in sentences if sentence.spans]
        *alone, for_another = self.words.scores(spoken)
        understood = self.encoder([sentence.text for sentence in spoken])
        mixed = zip(LABELS, alone, understood.scores, strict=True)
        said = zip(LABELS, understood.loudest, strict=True)
        return Estimate(
            {label: one + ENCODER_SHARE * (other - one) for label, one, other in mixed} | {FOR_ANOTHER: for_another},
            {label: _words(spoken[at]) if spoken else "" for label, at in said},
        )


def _words(sentence: Sentence) -> str:
    return sentence.words(0, len(sentence.spans) - 1)[:_MAX_WORDS]
