"""Trains the model of single words that reads mail, with SciPy, which nothing else needs:

    uv run --with scipy==1.17.1 python -m tests.corpus.train [SET_LEFT_OUT ...] [--into FILE]

It learns from the sentences in `training/` and the mails of the sets in `own/`. Sets that are named are left out, for
an estimate of what mail of strangers may expect; sets held apart and sets to tune by are never learned from.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np
from tests.corpus.build import HERE, loaded
from tests.corpus.learning import all_labels, called_with, labelled

from dsr_intake.adapters import text_model
from dsr_intake.adapters.text_model import packed
from dsr_intake.domain.reading.features import Shown, shown, together
from dsr_intake.domain.reading.lexicon import Sentence, sentences
from dsr_intake.domain.reading.model import WORD_LABELS
from dsr_intake.domain.reading.word_model import MAX_SPEAKING, NEARNESS, SENTENCE_SHARE, WordModel

_MAIL_WEIGHT: Final = 2.0
_RARE: Final = 3
"""A feature that fewer texts show is not learned."""
_ROUNDS: Final = ((0.0, 0.2, 60), (SENTENCE_SHARE, 0.5, 200))
"""Share of sentences, penalty on large weights, most steps: first by whole texts, from there with sentences."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text, sentence by sentence, and what it asks."""

    parts: Sequence[Shown]
    labels: frozenset[str]
    weight: float = 1.0


def written() -> Iterator[Example]:
    """The sentences written for training."""
    for path in sorted((HERE / "training").glob("*.yaml")):
        language: Any = path.name[:2]
        for labels, lines in loaded(path).items():
            asked = all_labels(["not_a_request"] if labels == "filler" else labels.split())
            for line in lines.strip().splitlines():
                yield Example(shown([Sentence(piece, language) for piece in sentences(line.strip())]), asked)


def material(without: Sequence[str] = ()) -> list[Example]:
    """All that may be learned from, but for the sets named."""
    mails = (Example(shown(spoken), labels, _MAIL_WEIGHT) for spoken, labels in labelled(without))
    return [*written(), *mails]


def trained(examples: Sequence[Example]) -> WordModel:
    """Least squares for each label by itself, over each text as a whole and the sentence that speaks loudest."""
    examples = [example for example in examples if example.parts]
    fit = _Fit(examples)
    for share, penalty, steps in _ROUNDS:
        fit.improve(share, penalty, steps)
    return WordModel.of(fit.bias.tolist(), dict(zip(fit.names, fit.weights.tolist(), strict=True)))


class _Fit:
    """Weights (features x labels) and bias (labels), improved step by step (L-BFGS).

    `estimate` of the model mixes the score of the whole with the sentences' scores, averaged so that the loudest count
    most. The loss is the square of what the mix lacks of 1 or -1, and its gradient goes back through that average.
    """

    def __init__(self, examples: Sequence[Example]) -> None:
        wholes = [_values(together(example.parts)) for example in examples]
        counts = Counter(name for whole in wholes for name in whole)
        self.names = sorted(name for name, count in counts.items() if count >= _RARE)
        speaking = [example.parts[:MAX_SPEAKING] for example in examples]
        self._whole = self._table(wholes)
        self._said = self._table([_values(part) for parts in speaking for part in parts])
        lengths = [len(parts) for parts in speaking]
        self._starts = np.cumsum([0, *lengths[:-1]])
        self._owner = np.repeat(np.arange(len(examples)), lengths)
        asked = [[2.0 * (label in example.labels) - 1 for label in WORD_LABELS] for example in examples]
        self._asked = np.array(asked)
        self._weight = np.array([[example.weight] for example in examples])
        self.weights = np.zeros((len(self.names), len(WORD_LABELS)))
        self.bias = np.average(self._asked, axis=0, weights=self._weight[:, 0])

    def improve(self, share: float, penalty: float, steps: int) -> None:
        optimize: Any = import_module("scipy.optimize")
        start = np.concatenate([self.weights.ravel(), self.bias])
        found = optimize.minimize(self._loss, start, (share, penalty), "L-BFGS-B", jac=True, options={"maxiter": steps})
        self.weights, self.bias = self._split(found.x)

    def _table(self, rows: Sequence[Mapping[str, float]]) -> Any:
        sparse: Any = import_module("scipy.sparse")
        at = {name: number for number, name in enumerate(self.names)}
        known = [[(at[name], value) for name, value in row.items() if name in at] for row in rows]
        ends = np.cumsum([0, *map(len, known)])
        columns = [column for row in known for column, _ in row]
        values = [value for row in known for _, value in row]
        table = sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(self.names)))
        table.sort_indices()  # a set has another order in each run, and sums depend on it
        return table

    def _split(self, flat: Any) -> tuple[Any, Any]:
        size = len(self.names) * len(WORD_LABELS)
        return flat[:size].reshape(len(self.names), len(WORD_LABELS)), flat[size:]

    def _loss(self, flat: Any, share: float, penalty: float) -> tuple[float, Any]:
        weights, bias = self._split(flat)
        said = self._said @ weights
        spoken, voices = self._spoken(said)
        lacking = (1 - share) * (self._whole @ weights) + share * spoken + bias - self._asked
        pull = self._weight * lacking
        loss = (pull * lacking).sum() / 2 + penalty * (weights * weights).sum() / 2
        through = voices * (share * pull)[self._owner] * (1 + (said - spoken[self._owner]) / NEARNESS)
        slope = self._whole.T @ ((1 - share) * pull) + self._said.T @ through + penalty * weights
        return loss, np.concatenate([slope.ravel(), pull.sum(axis=0)])

    def _spoken(self, said: Any) -> tuple[Any, Any]:
        """For each text the average of its sentences' scores, and each sentence's part in it."""
        loudest = np.maximum.reduceat(said, self._starts, axis=0)
        voices = np.exp((said - loudest[self._owner]) / NEARNESS)
        voices /= np.add.reduceat(voices, self._starts, axis=0)[self._owner]
        return np.add.reduceat(voices * said, self._starts, axis=0), voices


def _values(part: Shown) -> Mapping[str, float]:
    return {name: value for names, value in part.groups for name in names}


def main() -> None:
    without, target = called_with(Path(text_model.__file__).with_name(text_model.FILE_NAME))
    model = trained(material(without))
    target.write_bytes(packed(model))
    print(f"{len(model.rows)} features, {target.stat().st_size} bytes: {target}")


if __name__ == "__main__":
    main()
