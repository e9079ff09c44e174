"""What a key of the API looks like: `kk_`, a prefix to recognise it by, `_`, and 256 random bits."""

import re
from dataclasses import dataclass, field
from typing import Final, Self

PREFIX_LENGTH: Final = 8
_KEY: Final = re.compile(r"^kk_([a-z0-9]{8})_[A-Za-z0-9_-]{43}$")


@dataclass(frozen=True, slots=True)
class ApiKeyText:
    """A whole key, as the program sends it."""

    prefix: str
    text: str = field(repr=False)

    @classmethod
    def make(cls, prefix: str, token: str) -> Self:
        return cls(prefix, f"kk_{prefix}_{token}")

    @classmethod
    def read(cls, authorization: str) -> Self | None:
        """The key in an Authorization header; None where there is none that could be ours."""
        scheme, _, text = authorization.partition(" ")
        match = _KEY.match(text.strip()) if scheme.lower() == "bearer" else None
        return cls(match[1], match[0]) if match else None
