"""The statistical model's weights as they ship with the package, loaded when the process needs them first."""

import gzip
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from dsr_intake.domain.reading.model import LABELS, Model

FILE_NAME: Final = "text_model.json.gz"
_SCALE: Final = 60.0
"""Weights are stored as whole numbers of sixtieths."""


@cache
def text_model() -> Model:
    """The model as trained by `python -m tests.corpus.train`."""
    stored = json.loads(gzip.decompress(files("dsr_intake.adapters").joinpath(FILE_NAME).read_bytes()))
    return _unpacked(stored["bias"], stored["weights"])


def packed(model: Model) -> bytes:
    """The model's file: zeros are left out, and the same model always gives the same bytes."""
    rows = {name: whole for name in sorted(model.weights) if (whole := _whole(model.weights[name]))}
    text = json.dumps({"bias": [round(item, 4) for item in model.bias], "weights": rows}, ensure_ascii=False)
    return gzip.compress(text.encode(), mtime=0)


def _whole(row: Sequence[float]) -> list[int]:
    """Label and weight in turn, for the weights that are not next to nothing."""
    values = [round(item * _SCALE) for item in row]
    return [number for at, item in enumerate(values) if item for number in (at, item)]


def _unpacked(bias: list[float], rows: dict[str, list[int]]) -> Model:
    weights: dict[str, tuple[float, ...]] = {}
    for name, pairs in rows.items():
        row = [0.0] * len(LABELS)
        for at, value in zip(pairs[::2], pairs[1::2], strict=True):
            row[at] = value / _SCALE
        weights[name] = tuple(row)
    return Model(tuple(bias), weights)
