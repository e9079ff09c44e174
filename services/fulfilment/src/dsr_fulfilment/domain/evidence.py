"""The proof of a case: a chain of entries, each with a keyed hash over itself and the mark before it, and signed.

A chain shows a changed, inserted or removed entry. That its end was cut off, or that the whole was written anew by
somebody who holds the keys, shows only against a head that was noted before: the daily heads form a chain of their own.
Keyed hashing and signing are passed in; facts name no person.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Final, Literal

from dsr_fulfilment.domain.canonical import CanonicalValue, canonical_json

Mac = Callable[[bytes], str]
Sign = Callable[[bytes], str]
CheckSignature = Callable[[bytes, str], bool]

BEGINNING: Final = ""
"""The mark before the first entry."""


@dataclass(frozen=True)
class Entry:
    """One proved fact. `chain` is the case, or the word that names another chain."""

    chain: str
    position: int
    occurred_at: datetime
    kind: str
    facts: Mapping[str, CanonicalValue] = field(hash=False)
    previous_mark: str
    mark: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Head:
    """How far a chain had come when it was looked at."""

    chain: str
    position: int
    mark: str


@dataclass(frozen=True)
class Unbroken:
    """Every entry is as it was written; `head` is the last one, none for an empty chain."""

    head: Head | None


@dataclass(frozen=True)
class BrokenAt:
    """The first position that does not hold."""

    position: int
    why: Literal["missing", "other_chain", "previous_mark", "mark", "signature", "cut", "rewritten"]


def next_entry(
    previous: Entry | Head | None,
    *,
    chain: str,
    occurred_at: datetime,
    kind: str,
    facts: Mapping[str, CanonicalValue],
    mac: Mac,
    sign: Sign,
) -> Entry:
    position = previous.position + 1 if previous else 1
    entry = Entry(chain, position, occurred_at, kind, facts, previous.mark if previous else BEGINNING)
    mark = mac(entry_bytes(entry))
    return Entry(chain, position, occurred_at, kind, facts, entry.previous_mark, mark, sign(mark.encode()))


def entry_bytes(entry: Entry) -> bytes:
    """What the mark covers: everything but the mark and the signature."""
    return canonical_json(
        {
            "chain": entry.chain,
            "position": entry.position,
            "occurred_at": entry.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": entry.kind,
            "facts": entry.facts,
            "previous_mark": entry.previous_mark,
        }
    )


def verify(
    entries: Sequence[Entry], *, mac: Mac, check_signature: CheckSignature, anchors: Sequence[Head] = ()
) -> Unbroken | BrokenAt:
    """Check a whole chain, in order of position; `anchors` are heads of it that were noted before."""
    problems = (problem for entry in _with_previous(entries) if (problem := _problem(*entry, mac, check_signature)))
    broken = next(problems, None) or _against(anchors, entries)
    if broken:
        return broken
    return Unbroken(head_of(entries[-1]) if entries else None)


def head_of(entry: Entry) -> Head:
    return Head(entry.chain, entry.position, entry.mark)


def heads_facts(day: date, heads: Sequence[Head]) -> dict[str, CanonicalValue]:
    """The facts of one entry of the chain of daily heads."""
    return {
        "day": day.isoformat(),
        "heads": {head.chain: [head.position, head.mark] for head in heads},
    }


def _with_previous(entries: Sequence[Entry]) -> Iterator[tuple[Entry | None, Entry]]:
    yield from pairwise([None, *entries])


def _problem(previous: Entry | None, entry: Entry, mac: Mac, check_signature: CheckSignature) -> BrokenAt | None:
    """What is wrong with an entry, given the one before it."""
    expected = previous.position + 1 if previous else 1
    if entry.position != expected:
        return BrokenAt(expected, "missing")
    if previous and entry.chain != previous.chain:
        return BrokenAt(expected, "other_chain")
    if entry.previous_mark != (previous.mark if previous else BEGINNING):
        return BrokenAt(expected, "previous_mark")
    if entry.mark != mac(entry_bytes(entry)):
        return BrokenAt(expected, "mark")
    return None if check_signature(entry.mark.encode(), entry.signature) else BrokenAt(expected, "signature")


def _against(anchors: Sequence[Head], entries: Sequence[Entry]) -> BrokenAt | None:
    marks = {entry.position: entry.mark for entry in entries}
    for anchor in sorted(anchors, key=lambda head: head.position):
        if anchor.position not in marks:
            return BrokenAt(len(entries) + 1, "cut")
        if marks[anchor.position] != anchor.mark:
            return BrokenAt(anchor.position, "rewritten")
    return None
