"""On the public way of a form nothing is looked up that depends on who fills it in: nothing can tell who is known."""

import ast
import re
from pathlib import Path

import dsr_intake
from dsr_shared.postgres import load_queries

ROOT = Path(dsr_intake.__file__).parent
PUBLIC = (
    *ROOT.glob("entrypoints/web/*.py"),
    *(ROOT / "handlers" / name for name in ("form_desk.py", "submit_form.py", "posted_form.py")),
)
IDENTITY = re.compile(r"sender_hash|address|email|name_sealed|person", re.IGNORECASE)
COUNTED = "requests_of_day"
"""The one exception: how many requests this address sent today, by a keyed hash, for the daily limit."""


def _queries_named(path: Path) -> set[str]:
    """The constants by which a module picks its queries: `self._sql["name"]`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Subscript) and "_sql" in ast.unparse(node.value):
            assert isinstance(node.slice, ast.Constant), f"{path.name}: a query is picked by a value"
            found.add(str(node.slice.value))
    return found


def test_the_form_reads_no_table_by_the_person_but_the_days_count() -> None:
    every: dict[str, str] = {}
    for name in ("queries.sql", "form.sql", "threads.sql"):
        queries = load_queries("dsr_intake", name)
        every |= {query: queries[query] for path in PUBLIC for query in _queries_named(path) if query in queries}
    reading = {
        name
        for name, query in every.items()
        if IDENTITY.search(query) and re.match(r"\s*(--.*\n)*\s*select", query, re.IGNORECASE)
    }
    assert every
    assert reading == {COUNTED}


def test_the_web_itself_asks_the_database_nothing() -> None:
    """Pages go through handlers; what those look up is seen above, and nothing else may be."""
    asking = {path.name for path in ROOT.glob("entrypoints/web/*.py") if _queries_named(path)}
    assert asking == set()


def test_the_days_count_sees_requests_alone_and_no_case_or_letter() -> None:
    query = load_queries("dsr_intake")[COUNTED]
    assert set(re.findall(r"\b(?:from|join)\s+(\w+)", query, re.IGNORECASE)) == {"arrivals"}
    assert "sender_hash" in query
