"""One way to write a value as bytes, so that equal values have equal hashes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

CanonicalValue: TypeAlias = "bool | int | float | str | Sequence[CanonicalValue] | Mapping[str, CanonicalValue] | None"


def canonical_json(value: CanonicalValue) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; raises ValueError for NaN and infinity, which JSON has no word for."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    ).encode()


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(value: object) -> object:
    """Read-only mappings and sequences are written like the ordinary ones."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no canonical form; pass JSON values only")
