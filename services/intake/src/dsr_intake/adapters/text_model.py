"""The models that read mail, as they ship with the package, loaded when the process needs them first."""

import gzip
import json
import sys
from array import array
from functools import cache
from importlib.resources import files
from typing import Final

from dsr_intake.adapters import encoder
from dsr_intake.domain.reading.model import Model
from dsr_intake.domain.reading.word_model import WordModel

FILE_NAME: Final = "word_model.gz"


@cache
def text_model() -> Model:
    """The models as trained by `python -m tests.corpus.train` and `python -m tests.corpus.train_encoder`."""
    return Model(unpacked(files("dsr_intake.adapters").joinpath(FILE_NAME).read_bytes()), encoder.loaded())


def packed(model: WordModel) -> bytes:
    """A line of JSON with bias and features, then the weights; the same model always gives the same bytes."""
    head = json.dumps({"bias": [round(item, 4) for item in model.bias], "features": list(model.rows)})
    return gzip.compress(head.encode() + b"\n" + _little_endian(model.weights).tobytes(), mtime=0)


def unpacked(content: bytes) -> WordModel:
    """Read what `packed` made."""
    head, _, body = gzip.decompress(content).partition(b"\n")
    stored = json.loads(head)
    return WordModel.stored(stored["bias"], stored["features"], _little_endian(array("h", body)))


def _little_endian(weights: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        weights = weights[:]
        weights.byteswap()
    return weights
