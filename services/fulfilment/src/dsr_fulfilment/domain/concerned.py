"""The persons whom a breach concerns, each once, however many systems know them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dsr_fulfilment.domain.items import ConcernedPerson
from dsr_shared.contracts.words import Language

Group = list[ConcernedPerson]


@dataclass(frozen=True)
class PersonToTell:
    """One person; without an address somebody has to reach them another way."""

    email: str | None = field(repr=False)
    name: str | None = field(repr=False)
    language: Language | None
    systems: tuple[str, ...]


def each_person_once(found: Iterable[ConcernedPerson]) -> tuple[PersonToTell, ...]:
    """One address with one name is one person, in whatever order the name's parts stand; who shares an address but has
    another name is told too. Without an address each row is a person, since a name alone means nobody."""
    groups: defaultdict[str, Group] = defaultdict(list)
    alone: Group = []
    for person in found:
        if person.email and person.email.strip():
            groups[person.email.strip().casefold()].append(person)
        else:
            alone.append(person)
    rows = {(person.system, person.key): person for person in alone}
    people = [group for shared in groups.values() for group in _by_name(shared)]
    return tuple(_one(group) for group in (*people, *([person] for person in rows.values())))


def _by_name(shared: Group) -> list[Group]:
    """Rows without a name (a newsletter's) belong to the first person who has one."""
    named: dict[tuple[str, ...], Group] = {}
    for person in shared:
        if name := _folded(person.name):
            named.setdefault(name, []).append(person)
    nameless = [person for person in shared if not _folded(person.name)]
    first, *others = named.values() if named else [[]]
    return [[*first, *nameless], *others]


def _folded(name: str | None) -> tuple[str, ...]:
    return tuple(sorted((name or "").casefold().replace(",", " ").split()))


def _one(group: Group) -> PersonToTell:
    return PersonToTell(
        email=next((person.email.strip() for person in group if person.email and person.email.strip()), None),
        name=next((person.name for person in group if person.name), None),
        language=next((person.language for person in group if person.language), None),
        systems=tuple(sorted({person.system for person in group})),
    )
