"""Trains the statistical model beside the rules, with scikit-learn, which nothing else needs:

    uv run --with scikit-learn==1.9.1 python -m tests.corpus.train [SET_LEFT_OUT ...] [--into FILE]

A ridge regression for each label over the sentences in `training/` and the mails of the sets in `own/`. Sets that are
named are left out, for an estimate of what mail of strangers may expect; the set held apart is never learned from.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import yaml
from tests.corpus.build import HERE, given, own
from tests.corpus.score import heard, sets

from dsr_intake.adapters import text_model
from dsr_intake.adapters.text_model import packed
from dsr_intake.domain.reading.features import Features, features
from dsr_intake.domain.reading.lexicon import Sentence, sentences
from dsr_intake.domain.reading.model import KINDS, LABELS, Model

_RIDGE: Final = 0.2
_MAIL_WEIGHT: Final = 2.0
_RARE: Final = 2


@dataclass(frozen=True, slots=True)
class Example:
    """What a text shows and what it asks."""

    shown: Features
    labels: frozenset[str]
    weight: float = 1.0


def written() -> Iterator[Example]:
    """The sentences written for training."""
    for path in sorted((HERE / "training").glob("*.yaml")):
        language: Any = path.name[:2]
        for labels, lines in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            asked = frozenset({"not_a_request"} if labels == "filler" else labels.split())
            for line in lines.strip().splitlines():
                shown = features([Sentence(piece, language) for piece in sentences(line.strip())])
                yield Example(shown, asked)


def mails(samples: Sequence[tuple[str, bytes, dict[str, Any]]]) -> Iterator[Example]:
    """Labelled mails, seen as the reader sees them."""
    for _, raw, label in samples:
        if label["kind"] in KINDS or label["rights"]:
            asked = frozenset(label["rights"] or [label["kind"]])
            yield Example(features(heard(raw)), asked, _MAIL_WEIGHT)


def trained(examples: Sequence[Example]) -> Model:
    """Weights for every feature that more than one example shows; each label is learned by itself."""
    ridge: Any = import_module("sklearn.kernel_ridge")
    vectors: Any = import_module("sklearn.feature_extraction")
    numbers: Any = import_module("numpy")
    counts = Counter(name for example in examples for name in example.shown)
    table = vectors.DictVectorizer()
    rows = table.fit_transform([{n: v for n, v in item.shown.items() if counts[n] >= _RARE} for item in examples])
    asked = numbers.array([[2.0 * (label in _all_labels(item)) - 1 for label in LABELS] for item in examples])
    weights = numbers.array([example.weight for example in examples])
    bias = numbers.average(asked, axis=0, weights=weights)
    regression = ridge.KernelRidge(alpha=_RIDGE).fit(rows, asked - bias, sample_weight=weights)
    columns = (rows.T @ regression.dual_coef_).tolist()
    return Model(bias.tolist(), dict(zip(table.feature_names_, columns, strict=True)))


def _all_labels(example: Example) -> frozenset[str]:
    """Whoever asks for a right makes a request."""
    return example.labels if example.labels & set(KINDS) else example.labels | {"request"}


def material(without: Sequence[str] = ()) -> list[Example]:
    """All that may be learned from, but for the sets named."""
    labelled = [given(), *(own(name) for name in sets() if name not in without)]
    return [*written(), *(example for samples in labelled for example in mails(samples))]


def main() -> None:
    without = [name for name in sys.argv[1:] if name.endswith(".yaml")]
    into = Path(sys.argv[sys.argv.index("--into") + 1]) if "--into" in sys.argv else None
    model = trained(material(without))
    target = into or Path(text_model.__file__).with_name(text_model.FILE_NAME)
    target.write_bytes(packed(model))
    print(f"{len(model.weights)} features, {target.stat().st_size} bytes: {target}")


if __name__ == "__main__":
    main()
