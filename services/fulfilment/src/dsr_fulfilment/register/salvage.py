"""What is left of a register with mistakes, so that the other mistakes are found in the same run.

Elements that don't fit are taken out of their lists; their names are remembered, so that nothing that refers to them is
called unknown.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from dsr_fulfilment.register.messages import known_fields, path_in
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.problems import Finding, Path

_ROUNDS: Final = 6
_PLACEHOLDER: Final[dict[str, object]] = {
    "id": "placeholder",
    "name": "-",
    "sender_name": "-",
    "languages": ["fi"],
    "contact": {"email": "a@b.example", "postal_address": "-"},
    "regions": ["EU/EEA"],
    "financial_year_end": "12-31",
    "authority": {
        "name": {},
        "postal_address": "-",
        "phone": "-",
        "email": "a@b.example",
        "website": "-",
        "checked_on": "2026-01-01",
    },
}
"""Stands in for a required field of the register itself; the misfit was reported already."""


@dataclass(frozen=True)
class Salvaged:
    """The part that fits, and the names of what was taken out."""

    register: Register
    dropped_names: frozenset[str]
    places: Mapping[Path, Path]

    def in_file(self, path: Path) -> Path:
        """Give the path in the file of a path in the part that fits."""
        return _translate(self.places, path)


class _Dropped:
    """Stands where an element was taken out, so that the places of its neighbours stay right."""


def salvage(data: object, misfits: Iterable[Finding]) -> Salvaged | None:
    """None where too little is left to check."""
    rest: Any = deepcopy(data)
    dropped: set[str] = set()
    paths = [finding.path for finding in misfits]
    for _ in range(_ROUNDS):
        for path in paths:
            _take_out(rest, path, dropped)
        places: dict[Path, Path] = {}
        pruned = _pruned(rest, (), (), places)
        try:
            return Salvaged(Register.model_validate(pruned), frozenset(dropped), places)
        except ValidationError as error:
            paths = [_translate(places, path_in(pruned, one["loc"])) for one in error.errors()]
    return None


def _pruned(value: Any, path: Path, original: Path, places: dict[Path, Path]) -> Any:
    if isinstance(value, dict):
        return {key: _pruned(one, (*path, key), (*original, key), places) for key, one in value.items()}
    if not isinstance(value, list):
        return value
    kept = [(place, one) for place, one in enumerate(value) if one is not _Dropped]
    for new, (old, _) in enumerate(kept):
        places[(*path, new)] = (*original, old)
    return [_pruned(one, (*path, new), (*original, old), places) for new, (old, one) in enumerate(kept)]


def _translate(places: Mapping[Path, Path], path: Path) -> Path:
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return (*places[path[:length]], *path[length:])
    return path


def _take_out(rest: Any, path: Path, dropped: set[str]) -> None:
    """Take out a field that no part has; else the nearest element of a list; else put a placeholder at the top."""
    if not path:
        return
    if str(path[-1]) not in known_fields() and isinstance(holder := _at(rest, path[:-1]), dict) and path[-1] in holder:
        del holder[path[-1]]
        return
    for place in reversed(range(len(path))):
        holder, position = _at(rest, path[:place]), path[place]
        if isinstance(holder, list) and isinstance(position, int) and position < len(holder):
            _remember(holder[position], dropped)
            holder[position] = _Dropped
            return
    rest.pop(path[0], None)
    if path[0] in _PLACEHOLDER:
        rest[path[0]] = _PLACEHOLDER[str(path[0])]


def _remember(element: object, dropped: set[str]) -> None:
    """Keep the names of the element and of everything in it."""
    if isinstance(element, dict):
        dropped.update(str(element[name]) for name in ("id", "name") if name in element)
        for value in element.values():
            _remember(value, dropped)
    elif isinstance(element, list):
        for value in element:
            _remember(value, dropped)


def _at(rest: Any, path: Path) -> Any:
    for step in path:
        try:
            rest = rest[step]
        except (KeyError, IndexError, TypeError):
            return None
    return rest
