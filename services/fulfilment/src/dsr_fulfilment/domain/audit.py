"""Checking all the evidence there is: every chain by itself, and against the heads that were noted of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from dsr_fulfilment.domain.evidence import BrokenAt, Entry, Head

WORDS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "other_chain": "belongs to another chain",
    "previous_mark": "does not follow the one before it",
    "mark": "was changed",
    "signature": "was not signed by us",
    "cut": "is missing: the end was cut off",
    "rewritten": "was written anew",
}
"""What is wrong with an entry, for a person."""


class NoHeadError(ValueError):
    """A text that names no head."""


@dataclass(frozen=True)
class Fault:
    """Where a chain does not hold. `name` is what staff call it."""

    chain: str
    name: str
    broken: BrokenAt

    def __str__(self) -> str:
        return f"{self.name}: entry {self.broken.position} {WORDS[self.broken.why]}"


@dataclass(frozen=True)
class Audit:
    """What was checked and found. `heads` are the ends of the chains of heads; `ends` those of all other chains."""

    entries: int
    faults: tuple[Fault, ...]
    heads: tuple[Head, ...]
    ends: tuple[Head, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, removed, cut or rewritten as far as can be seen."""
        return not self.faults


def head_text(head: Head) -> str:
    """A head as a person notes it: chain, position, mark."""
    return f"{head.chain}:{head.position}:{head.mark}"


def parse_head(text: str) -> Head:
    """Read a head that `head_text` wrote; raises NoHeadError."""
    chain, _, rest = text.strip().partition(":")
    position, _, mark = rest.partition(":")
    if not chain or not position.isdecimal() or int(position) < 1 or len(mark) != 64:
        raise NoHeadError(text)
    return Head(chain, int(position), mark)


def noted_heads(entries: Sequence[Entry]) -> tuple[Head, ...]:
    """Every head that a chain of heads noted."""
    noted: list[Head] = []
    for entry in entries:
        heads = cast("Mapping[str, Sequence[int | str]]", entry.facts.get("heads", {}))
        noted.extend(Head(chain, int(position), str(mark)) for chain, (position, mark) in heads.items())
    return tuple(noted)


def heads_by_chain(heads: Iterable[Head]) -> dict[str, list[Head]]:
    by_chain: dict[str, list[Head]] = {}
    for head in heads:
        by_chain.setdefault(head.chain, []).append(head)
    return by_chain
