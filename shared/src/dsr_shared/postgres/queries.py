"""SQL lives in .sql files of named blocks: `-- name: claim_streams`, a line of purpose, the statement."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: ([a-z][a-z0-9_]*)\s*$", re.MULTILINE)


class Queries(Mapping[str, str]):
    """The named statements of one file."""

    def __init__(self, source: str, statements: Mapping[str, str]) -> None:
        self._source = source
        self._statements = dict(statements)

    def __getitem__(self, name: str) -> str:
        try:
            return self._statements[name]
        except KeyError:
            raise KeyError(f"{self._source} has no block `-- name: {name}`") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._statements)

    def __len__(self) -> int:
        return len(self._statements)


@cache
def load_queries(package: str, name: str = "queries.sql") -> Queries:
    """Read `<package>/sql/<name>`; a block named twice is an error."""
    source = f"{package}/sql/{name}"
    return parse_queries(source, files(package).joinpath("sql", name).read_text(encoding="utf-8"))


def parse_queries(source: str, text: str) -> Queries:
    names = _NAME.split(text)[1:]
    statements: dict[str, str] = {}
    for query, body in zip(names[::2], names[1::2], strict=True):
        if query in statements:
            raise ValueError(f"{source} names the block {query} twice")
        statements[query] = body.strip()
    return Queries(source, statements)
