"""`make promises`: the table of the users' public promises, with the tests that carry each row's marker.

A row without a test is not kept. Exit code 0 in any case: the table informs, the tests decide.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent
COUNT: Final = 40
_ID: Final = re.compile(r"P\d\d")


def marked_tests(path: Path) -> Iterator[tuple[str, str]]:
    """Promise and test name of every marked function, class or module in a file."""
    tree = ast.parse(path.read_text())
    for promise in (found for node in tree.body if isinstance(node, ast.Assign) for found in _promises([node.value])):
        yield promise, path.stem
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for promise in _promises(node.decorator_list):
                yield promise, node.name


def _promises(expressions: list[ast.expr]) -> Iterator[str]:
    for call in (inner for outer in expressions for inner in ast.walk(outer)):
        is_marker = isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.promise"
        if is_marker and isinstance(call, ast.Call):
            names = [value.value for value in call.args if isinstance(value, ast.Constant)]
            yield from (name for name in names if isinstance(name, str) and _ID.fullmatch(name))


def table(root: Path) -> dict[str, list[str]]:
    """All promises in order, each with its tests as `path::test`."""
    tests: dict[str, set[str]] = defaultdict(set)
    for path in sorted(root.rglob("test_*.py")):
        for promise, name in marked_tests(path):
            tests[promise].add(f"{path.relative_to(root)}::{name}")
    return {promise: sorted(tests[promise]) for promise in (f"P{number:02}" for number in range(1, COUNT + 1))}


def main() -> int:
    rows = table(ROOT)
    for promise, tests in rows.items():
        for number, test in enumerate(tests or ["(no test)"]):
            print(f"{promise if number == 0 else '   '}  {test}")
    without = [promise for promise, tests in rows.items() if not tests]
    print(f"\n{len(rows) - len(without)} of {len(rows)} rows have tests; without: {' '.join(without) or 'none'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
