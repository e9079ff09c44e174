"""What both models that read mail learn from, and how their training is called."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.corpus.build import given, own
from tests.corpus.score import heard, learned

from dsr_intake.domain.reading.lexicon import Sentence
from dsr_intake.domain.reading.model import FOR_ANOTHER, KINDS


def labelled(without: Sequence[str] = ()) -> Iterator[tuple[list[Sentence], frozenset[str]]]:
    """All mails that may be learned from, but for the sets named: what the reader hears, and its labels."""
    for samples in (given(), *(own(name) for name in learned() if name not in without)):
        for _, raw, label in samples:
            if label["kind"] in KINDS or label["rights"]:
                whose = {FOR_ANOTHER} if label["on_behalf"] else set()
                yield heard(raw), all_labels(label["rights"] or [label["kind"]]) | whose


def all_labels(labels: Iterable[str]) -> frozenset[str]:
    """Whoever asks for a right makes a request."""
    found = frozenset(labels)
    return found if found & set(KINDS) else found | {"request"}


def called_with(shipped: Path) -> tuple[list[str], Path]:
    """The sets to leave out, and the file to write: the one that ships, or what follows `--into`."""
    without = [name for name in sys.argv[1:] if name.endswith(".yaml")]
    return without, Path(sys.argv[sys.argv.index("--into") + 1]) if "--into" in sys.argv else shipped
