"""Every test in the tree can fail, and none is put aside."""

import ast

from tests.architecture.sources import Source, modules_with_tests

EXPECTS = {"raises", "fail", "warns", "until", "wait_until", "wait_for", "timeout", "validate"}
"""Calls that fail by themselves: of pytest, of waiting with a deadline, of a schema's validator."""
PUTS_ASIDE = {"skip", "skipif", "xfail", "importorskip"}


def is_expectation(node: ast.AST, checks: set[str]) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).split(".")[-1]
    return name in EXPECTS or name in checks


def functions(source: Source) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_every_test_expects_something() -> None:
    empty = []
    for source in modules_with_tests():
        helpers = [function for function in functions(source) if not function.name.startswith("test_")]
        checks = {one.name for one in helpers if any(is_expectation(node, set()) for node in ast.walk(one))}
        for test in functions(source):
            expects = any(is_expectation(node, checks) for node in ast.walk(test))
            if test.name.startswith("test_") and not expects:
                empty.append(f"{source.name}:{test.lineno} {test.name}")
    assert empty == []


def test_no_test_is_put_aside_without_a_reason() -> None:
    aside = [
        f"{source.name}:{node.lineno}"
        for source in modules_with_tests()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in PUTS_ASIDE and ast.unparse(node.value).startswith("pytest")
    ]
    reasoned = [
        f"{source.name}:{call.func.lineno}"
        for source in modules_with_tests()
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and (call.args or any(word.arg == "reason" for word in call.keywords))
        if isinstance(call.func, ast.Attribute)
    ]
    assert set(aside) <= set(reasoned)


def test_no_test_puts_a_mock_in_the_place_of_a_part() -> None:
    mocking = [
        f"{source.name}:{node.lineno}"
        for source in modules_with_tests()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom | ast.Import) and "mock" in ast.unparse(node)
    ]
    assert mocking == []
