"""At least three hundred hostile mails, made anew each time and always the same: `hostile_mails()`.

Each family attacks one thing in several ways; a mail's name says which, as `family: way`. `found/` beside this holds
what fuzzing found.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.corpus import hostile_files, hostile_headers, hostile_html, hostile_parts, hostile_persons, hostile_texts

SEED = 20261122
FOUND = Path(__file__).parent / "found"
Family = Callable[[Random], Iterator[tuple[str, bytes]]]
MODULES = (hostile_headers, hostile_persons, hostile_parts, hostile_texts, hostile_html, hostile_files)


@dataclass(frozen=True)
class HostileMail:
    """One mail and what it attacks."""

    name: str
    raw: bytes = field(repr=False)


def hostile_mails(seed: int = SEED) -> Iterator[HostileMail]:
    """All of them, one after the other: together they would fill a good part of the memory."""
    for module in MODULES:
        for family in module.FAMILIES:
            yield from _of(family, seed)
    for path in sorted(FOUND.glob("*")):
        if path.suffix != ".md":
            yield HostileMail(f"found by fuzzing: {path.name}", path.read_bytes())


def _of(family: Family, seed: int) -> Iterator[HostileMail]:
    title = family.__name__.replace("_", " ")
    for way, raw in family(Random(f"{seed} {title}")):
        yield HostileMail(f"{title}: {way}", raw)
