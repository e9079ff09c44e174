"""What the model says about a value that does not fit, in words with a remedy."""

from difflib import get_close_matches
from functools import cache
from typing import Final

from pydantic_core import ErrorDetails

from dsr_fulfilment.register.problems import Finding, Path

_REMEDIES: Final = {
    "missing": "Add it",
    "string_type": "Write a text; quote it if it looks like a number or a date",
    "string_pattern_mismatch": "Write it in that form",
    "literal_error": "Choose one of these words",
    "too_short": "Add at least one",
    "string_too_short": "Write something",
    "date_from_datetime_parsing": "Write the day as YYYY-MM-DD",
    "date_type": "Write the day as YYYY-MM-DD",
    "union_tag_not_found": "Add `kind: postgresql` or `kind: paper`",
    "union_tag_invalid": "Choose `kind: postgresql` or `kind: paper`",
    "dict_type": "Write it as `name: value` lines, indented",
    "model_type": "Write it as `name: value` lines, indented",
    "tuple_type": "Write it as a list: `[a, b]` or lines that begin with `-`",
}

_NOTHING: Final = object()


def finding_of(error: ErrorDetails, data: object) -> Finding:
    """Turn one validation error into a finding; the path is the one in the file."""
    path = path_in(data, error["loc"])
    name = spelled(path)
    match error["type"]:
        case "missing":
            return Finding(path, f"{name} is missing", _REMEDIES["missing"])
        case "extra_forbidden":
            return Finding(path, f"{name} is not a field of a register", _suggestion(str(path[-1])))
        case "union_tag_not_found" | "union_tag_invalid":
            return Finding(path, f"{name} says no kind of system that exists", _REMEDIES[error["type"]])
        case kind:
            what = f"{name}: {error['msg'][:1].lower()}{error['msg'][1:]}"
            return Finding(path, what, _REMEDIES.get(kind, "Compare with the example registers"))


def path_in(data: object, location: tuple[int | str, ...]) -> Path:
    """Leave out what the model adds to a location (the kind of a system, `[key]`), keep what the file has."""
    path: list[str | int] = []
    for place, step in enumerate(location):
        is_last = place == len(location) - 1
        inner = _inside(data, step)
        if inner is not _NOTHING:
            data = inner
        elif not is_last or step == "[key]":
            continue
        path.append(step)
    return tuple(path)


def _inside(data: object, step: int | str) -> object:
    if isinstance(data, dict):
        return data.get(step, _NOTHING)
    if isinstance(data, list) and isinstance(step, int) and step < len(data):
        return data[step]
    return _NOTHING


def spelled(path: Path) -> str:
    """Write a path as people read it: systems[0].tables[2].hold."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text or "the register"


def _suggestion(name: str) -> str:
    close = get_close_matches(name, known_fields(), n=1)
    return f"Did you mean `{close[0]}`?" if close and close[0] != name else "Remove it, or move it where it belongs"


@cache
def known_fields() -> tuple[str, ...]:
    """Every field name that some part of a register has."""
    from dsr_fulfilment.register.schema import build_schema

    schema = build_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return tuple({name for part in parts for name in part.get("properties", {})})
