"""Walks the types of contract fields; shared by the tests of this folder."""

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from pydantic.fields import FieldInfo

from dsr_shared.contracts.base import BlobRefV1, Contract, SealedV1

FACTS = (UUID, date, datetime, bool, int, float)
"""Types that cannot hold words."""

WORDLESS = (SealedV1, BlobRefV1)
"""Classes that hold personal data only as ciphertext, or none."""

SAFE_PATTERNS = frozenset({r"^[0-9a-f]{64}$", r"^#[0-9A-Fa-f]{6}$", r"^[a-z][a-z0-9-]{1,39}$"})
"""Patterns that no name, address or message can meet: hashes, colours, controller ids."""


@dataclass(frozen=True)
class Leaf:
    """One innermost type of a field."""

    owner: type[Contract]
    field: str
    kind: Any
    patterns: tuple[str, ...]

    @property
    def is_wordless(self) -> bool:
        if get_origin(self.kind) is Literal or self.kind in FACTS or self.kind in WORDLESS:
            return True
        return self.kind is str and any(pattern in SAFE_PATTERNS for pattern in self.patterns)


def leaves(cls: type[Contract]) -> Iterator[Leaf]:
    """Every innermost type of every field, those of nested contracts included."""
    for name, field in cls.model_fields.items():
        yield from _leaves(cls, name, field.annotation, _patterns(field.metadata))


def _leaves(owner: type[Contract], field: str, kind: Any, patterns: tuple[str, ...]) -> Iterator[Leaf]:
    origin = get_origin(kind)
    if origin is Annotated:
        inner, *metadata = get_args(kind)
        yield from _leaves(owner, field, inner, patterns + _patterns(metadata))
    elif origin in (tuple, list, set, frozenset, dict, Union, types.UnionType):
        for part in get_args(kind):
            if part not in (type(None), Ellipsis):
                yield from _leaves(owner, field, part, patterns)
    elif isinstance(kind, type) and issubclass(kind, Contract) and kind not in WORDLESS:
        yield from leaves(kind)
    else:
        yield Leaf(owner, field, kind, patterns)


def _patterns(metadata: Any) -> tuple[str, ...]:
    found = []
    for each in metadata:
        nested = each.metadata if isinstance(each, FieldInfo) else [each]
        found += [item.pattern for item in nested if isinstance(getattr(item, "pattern", None), str)]
    return tuple(found)
