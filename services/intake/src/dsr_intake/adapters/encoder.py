"""The network that reads a mail as a whole: its weights as they ship with the package, its arithmetic by NumPy.

Six layers of a transformer as in BERT (Devlin et al. 2019), begun as the lower half of multilingual-e5-small (Wang et
al. 2024) and trained on by `python -m tests.corpus.train_encoder`. Each label looks at the pieces in its own way.
"""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from io import BytesIO
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dsr_intake.domain.reading.model import LABELS, Understood
from dsr_intake.domain.reading.pieces import END, START, Pieces

FILE_NAME: Final = "encoder.npz"
MAX_PIECES: Final = 256
"""What stands behind is not looked at: a request is made early in a mail."""
_MAX_LETTERS: Final = 6000
"""More letters of a sentence than so many pieces have."""
WIDTH: Final = 384
HEADS: Final = 12
_Numbers = NDArray[np.float32]


class NumpyEncoder:
    """Weights by name: plain numbers, or whole ones of -127 to 127 with a scale by column; embeddings in four bits."""

    def __init__(self, stored: Mapping[str, NDArray[Any]]) -> None:
        names = bytes(stored["pieces"]).decode().split("\n")
        self._vocabulary = Pieces(names, stored["likely"].tolist())
        self._embeddings = stored["embeddings"]
        self._weights = {name: _plain(stored, name) for name in stored if not name.endswith(".scale")}
        self._layers = range(sum(name.endswith(".look") for name in stored if name.startswith("layers.")))

    def __call__(self, sentences: Sequence[str]) -> Understood:
        """Read sentences as one text; the loudest of them by how much its pieces add to a label's score."""
        pieces, owners = [START], [0]
        for number, sentence in enumerate(sentences):
            if len(pieces) == MAX_PIECES - 1:
                break
            found = self._vocabulary.of(sentence[:_MAX_LETTERS])[: MAX_PIECES - 1 - len(pieces)]
            pieces += found
            owners += [number] * len(found)
        x = self._read([*pieces, END])
        weights = self._weights
        looked = _shares((x @ weights["look"]).T).T
        added = looked * (x @ weights["say"]) + (x @ weights["say_on_average"]) / len(x)
        logits = added.sum(0) + weights["bias"]
        by_sentence = np.zeros((max(len(sentences), 1), len(LABELS)), np.float32)
        np.add.at(by_sentence, [*owners, owners[-1]], added)
        return Understood(np.tanh(logits / 2).tolist(), by_sentence.argmax(0).tolist())

    def _read(self, pieces: Sequence[int]) -> _Numbers:
        """What each piece means beside the others: pieces x width."""
        weights = self._weights
        x: _Numbers = unpacked(self._embeddings[pieces]).reshape(-1, WIDTH) + weights["place"][: len(pieces)]
        x = _normed(x, weights["norm"], weights["norm_bias"])
        for number in self._layers:
            x = self._layer(x, f"layers.{number}.")
        return x

    def _layer(self, x: _Numbers, name: str) -> _Numbers:
        def passed(x: _Numbers, part: str) -> _Numbers:
            found: _Numbers = x @ self._weights[name + part] + self._weights[f"{name}{part}_bias"]
            return found

        def normed(x: _Numbers, part: str) -> _Numbers:
            return _normed(x, self._weights[name + part], self._weights[f"{name}{part}_bias"])

        heads = (len(x), 3, HEADS, WIDTH // HEADS)
        asking, asked, told = passed(x, "look").reshape(heads).transpose(1, 2, 0, 3)
        shares = _shares(asking @ asked.transpose(0, 2, 1) / np.float32(sqrt(WIDTH // HEADS)))
        mixed = (shares @ told).transpose(1, 0, 2).reshape(x.shape)
        x = normed(x + passed(mixed, "mix"), "mix_norm")
        return normed(x + passed(_gelu(passed(x, "widen")), "narrow"), "norm")


def loaded() -> NumpyEncoder:
    """The encoder that ships."""
    with np.load(BytesIO(files("dsr_intake.adapters").joinpath(FILE_NAME).read_bytes())) as stored:
        return NumpyEncoder(dict(stored))


def unpacked(blocks: NDArray[np.uint8]) -> _Numbers:
    """Blocks of 32 weights: a half-precision scale, then 16 bytes with the first 16 weights in their low halves."""
    scale = blocks[..., :2].copy().view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[..., 2:] & 15, blocks[..., 2:] >> 4], -1)
    weights: _Numbers = (halves.astype(np.float32) - 8) * scale
    return weights


def _plain(stored: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    scale = stored.get(f"{name}.scale")
    return stored[name] if scale is None else stored[name].astype(np.float32) * scale


def _normed(x: _Numbers, scale: _Numbers, bias: _Numbers) -> _Numbers:
    x = x - x.mean(-1, keepdims=True)
    normed: _Numbers = x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * scale + bias
    return normed


def _shares(x: _Numbers) -> _Numbers:
    """Softmax along the last axis."""
    x = np.exp(x - x.max(-1, keepdims=True))
    shares: _Numbers = x / x.sum(-1, keepdims=True)
    return shares


def _gelu(x: _Numbers) -> _Numbers:
    """By way of the hyperbolic tangent, as it was trained (Hendrycks and Gimpel 2016)."""
    bent: _Numbers = np.tanh(np.float32(sqrt(2 / np.pi)) * (x + np.float32(0.044715) * x * x * x))
    return x * (np.float32(0.5) + np.float32(0.5) * bent)
