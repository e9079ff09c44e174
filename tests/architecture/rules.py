"""Security rules over syntax trees: each yields the lines that break it, with words for the reader.

They are checks of habits, not proofs: a rule sees what is written in one module.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

Breach = tuple[int, str]

_NAIVE: Final = {"utcnow", "utcfromtimestamp", "today"}
_ZONED: Final = {"now": 1, "fromtimestamp": 2}
_BANNED_MODULES: Final = {"random": "use `secrets`", "pickle": "use JSON", "marshal": "use JSON", "shelve": "use JSON"}
_BANNED_CALLS: Final = {"eval", "exec", "compile", "__import__"}
_RUNS_SQL: Final = {"execute", "executemany", "fetch", "fetchrow", "fetchval", "prepare", "cursor", "copy_from_query"}
_ASSEMBLES: Final = {"format", "format_map", "join", "replace", "substitute"}
_SQL: Final = re.compile(
    r"^\s*(select\s.+\sfrom\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s*\(|"
    r"(create|alter|drop|truncate|grant|revoke)\s+(table|index|role|database|schema|policy|trigger|function|on|\{))",
    re.IGNORECASE | re.DOTALL,
)


def unsafe_randomness(tree: ast.AST) -> Iterator[Breach]:
    """Tokens, keys and ids come from the operating system's generator."""
    yield from _imports(tree, {"random"})


def unsafe_loading(tree: ast.AST) -> Iterator[Breach]:
    """Nothing that was read may run as code."""
    yield from _imports(tree, set(_BANNED_MODULES) - {"random"})
    for call in _calls(tree):
        if isinstance(call.func, ast.Name) and call.func.id in _BANNED_CALLS:
            yield call.lineno, f"{call.func.id}() runs text as code"
        elif _dotted(call.func) in {"yaml.load", "yaml.unsafe_load", "yaml.full_load", "yaml.load_all"}:
            yield call.lineno, "this loader makes objects; use a SafeLoader"
        elif _has(call, "shell", value=True):
            yield call.lineno, "a shell reads this command; give a list of words"


def unverified_tls(tree: ast.AST) -> Iterator[Breach]:
    """Every TLS connection checks whom it talks to."""
    for call in _calls(tree):
        if _has(call, "verify", value=False) or _has(call, "validate_certs", value=False):
            yield call.lineno, "the certificate is not checked"
        if _dotted(call.func).endswith("_create_unverified_context"):
            yield call.lineno, "the certificate is not checked"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "CERT_NONE":
            yield node.lineno, "the certificate is not checked"


def naive_times(tree: ast.AST) -> Iterator[Breach]:
    """A moment always says its zone."""
    for call in _calls(tree):
        owner, _, name = _dotted(call.func).rpartition(".")
        if owner.split(".")[-1] not in {"datetime", "date"}:
            continue
        if name in _NAIVE:
            yield call.lineno, f"{name}() says no zone"
        elif name in _ZONED and len(call.args) < _ZONED[name] and not any(word.arg == "tz" for word in call.keywords):
            yield call.lineno, f"{name}() without a zone"


def printing(tree: ast.AST) -> Iterator[Breach]:
    """What a service says goes to its log, which knows what must not be shown."""
    for call in _calls(tree):
        if isinstance(call.func, ast.Name) and call.func.id == "print":
            yield call.lineno, "print() in a service"


def assembled_sql(tree: ast.AST) -> Iterator[Breach]:
    """Statements are constants; values travel as parameters."""
    for scope, call in _calls_in_scope(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr in _RUNS_SQL and call.args:
            statement = _resolve(call.args[0], scope)
            if is_assembled(statement):
                yield call.lineno, f"{call.func.attr}() of a statement that is put together"
    for node in ast.walk(tree):
        if is_assembled(node) and _SQL.match(_shape(node)):
            yield node.lineno, "SQL with holes"


def is_assembled(node: ast.AST) -> bool:
    """Whether the expression puts a text together from parts that are not all constants."""
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return not (isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant))
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASSEMBLES


def secrets_with_defaults(tree: ast.AST) -> Iterator[Breach]:
    """A secret is given or missing: never a value that everybody knows."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.AnnAssign) or "Secret" not in ast.unparse(node.annotation):
            continue
        if node.value is not None and not _is_no_default(node.value):
            yield node.lineno, f"{ast.unparse(node.target)} has a default"


def _is_no_default(value: ast.expr) -> bool:
    """`None`, or a Field without a default or with None."""
    if isinstance(value, ast.Constant):
        return value.value is None
    if not (isinstance(value, ast.Call) and _dotted(value.func).endswith("Field")):
        return False
    given = [*value.args, *(word.value for word in value.keywords if word.arg in {"default", "default_factory"})]
    return all(isinstance(one, ast.Constant) and one.value in {None, ...} for one in given)


def _imports(tree: ast.AST, modules: set[str]) -> Iterator[Breach]:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if (top := name.split(".")[0]) in modules:
                yield node.lineno, f"imports {top}: {_BANNED_MODULES[top]}"


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _calls_in_scope(tree: ast.AST) -> Iterator[tuple[Mapping[str, ast.expr], ast.Call]]:
    """Every call with what the names of its function and its module stand for."""
    of_module = _names(tree, is_deep=False)
    inside: set[ast.AST] = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            scope = {**of_module, **_names(function, is_deep=True)}
            for call in _calls(function):
                inside.add(call)
                yield scope, call
    yield from ((of_module, call) for call in _calls(tree) if call not in inside)


def _names(scope: ast.AST, *, is_deep: bool) -> dict[str, ast.expr]:
    nodes = ast.walk(scope) if is_deep else ast.iter_child_nodes(scope)
    found: dict[str, ast.expr] = {}
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign | ast.NamedExpr | ast.AugAssign) and node.value is not None:
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name):
                grown = isinstance(node, ast.AugAssign)
                found[target.id] = ast.BinOp(target, ast.Add(), node.value) if grown else node.value
    return found


def _resolve(node: ast.expr, scope: Mapping[str, ast.expr]) -> ast.expr:
    seen: set[str] = set()
    while isinstance(node, ast.Name) and node.id in scope and node.id not in seen:
        seen.add(node.id)
        node = scope[node.id]
    return node


def _shape(node: ast.AST) -> str:
    """The constant parts of a text with `{}` where something is filled in."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_shape(value) for value in values)
        case ast.BinOp(left=left, right=right, op=op):
            return _shape(left) + (_shape(right) if isinstance(op, ast.Add) else "")
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "format_map" | "replace" | "substitute")):
            return _shape(value)
        case _:
            return "{}"


def _has(call: ast.Call, name: str, *, value: bool) -> bool:
    return any(w.arg == name and isinstance(w.value, ast.Constant) and w.value.value is value for w in call.keywords)


def _dotted(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
