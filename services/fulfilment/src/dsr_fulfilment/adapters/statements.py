"""The named SQL of fulfilment, read once."""

from functools import cache

from dsr_shared.postgres import Queries, load_queries


@cache
def statements(name: str) -> Queries:
    """Return the named blocks of `sql/<name>.sql`."""
    return load_queries("dsr_fulfilment", f"{name}.sql")
