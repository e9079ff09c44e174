"""Which mail no machine may answer (RFC 3834, and what mail servers made of it)."""

from collections.abc import Iterable
from typing import Final

_MASS: Final = frozenset({"bulk", "list", "junk", "auto_reply"})
_SUPPRESSED: Final = frozenset({"all", "autoreply", "oof"})
_BY_PRESENCE: Final = frozenset({"list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-failed-recipients"})


def must_not_be_answered(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether the mail says that a machine sent it, or asks machines not to answer; names in lower case."""
    return any(_forbids(name, value.strip().lower()) for name, value in headers)


def _forbids(name: str, value: str) -> bool:
    if name == "auto-submitted":
        return bool(value) and value.split(";")[0].strip() != "no"
    if name == "precedence":
        return value in _MASS
    if name == "x-auto-response-suppress":
        return bool(_SUPPRESSED & {part.strip() for part in value.split(",")})
    if name == "return-path":
        return value.replace(" ", "") == "<>"
    return name in _BY_PRESENCE and bool(value)
