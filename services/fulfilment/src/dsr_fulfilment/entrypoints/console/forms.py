"""Reading posted forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

MAX_FIELDS: Final = 40
MAX_TEXT_CHARACTERS: Final = 4000


@dataclass(frozen=True)
class FieldError:
    """What is missing; `field` is the id of the input that the summary links to."""

    field: str
    message: str


@dataclass(frozen=True)
class Posted:
    """The fields of a form as they came."""

    fields: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str:
        """One field, outer blanks off, never longer than the database should take."""
        return next(iter(self.fields.get(name, ())), "").strip()[:MAX_TEXT_CHARACTERS]

    def secret(self, name: str) -> str:
        """One field exactly as it was typed."""
        return next(iter(self.fields.get(name, ())), "")

    def all(self, name: str) -> tuple[str, ...]:
        return tuple(self.fields.get(name, ()))


async def posted(request: Request, max_fields: int = MAX_FIELDS) -> Posted:
    body = await request.body()
    fields: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=max_fields)
    except ValueError:
        raise HTTPException(400, "This form has more fields than ours; open the page again.") from None
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\x00", ""))
    return Posted(fields)
