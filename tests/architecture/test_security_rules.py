"""Security rules that a review must not have to remember."""

import ast
from collections.abc import Callable, Iterator

import pytest
from tests.architecture import rules
from tests.architecture.rules import Breach
from tests.architecture.sources import IN_PRODUCTION, PACKAGES, SERVICES, sources

Rule = Callable[[ast.AST], Iterator[Breach]]

EVERYWHERE: tuple[Rule, ...] = (
    rules.unsafe_randomness,
    rules.unsafe_loading,
    rules.unverified_tls,
    rules.naive_times,
    rules.secrets_with_defaults,
)
ASSEMBLES_SQL = {
    "services/fulfilment/src/dsr_fulfilment/adapters/connectors/postgresql/sql.py": (
        "the one place that puts names which only a register knows into a statement: quoted, after the catalogue "
        "confirmed them, and out of typed parts alone"
    ),
    "deploy/local/src/kuukausi/stack/databases.py": (
        "CREATE ROLE and CREATE DATABASE take no parameters: the server itself quotes with format(%I, %L)"
    ),
}
BROKEN = {
    rules.unsafe_randomness: ("import random", "from random import choice"),
    rules.unsafe_loading: (
        "import pickle",
        "eval(text)",
        "yaml.load(text, Loader=yaml.Loader)",
        "subprocess.run('ls ' + path, shell=True)",
    ),
    rules.unverified_tls: (
        "httpx.AsyncClient(verify=False)",
        "ssl._create_unverified_context()",
        "context.verify_mode = ssl.CERT_NONE",
    ),
    rules.naive_times: (
        "datetime.now()",
        "datetime.datetime.utcnow()",
        "date.today()",
        "datetime.fromtimestamp(0)",
    ),
    rules.secrets_with_defaults: (
        "class S(BaseSettings):\n    password: SecretStr = SecretStr('kuukausi')",
        "class S(BaseSettings):\n    password: SecretStr = Field(default='kuukausi')",
    ),
    rules.printing: ("print(case)",),
    rules.assembled_sql: (
        "await conn.execute(f'delete from {table}')",
        "await conn.fetch('select * from cases where name = ' + name)",
        "await conn.fetchval('select %s' % name)",
        "async def f(conn, t):\n    query = 'select 1 from {}'.format(t)\n    return await conn.fetch(query)",
        "async def f(conn, t):\n    query = 'select 1'\n    query += t\n    return await conn.fetch(query)",
        "STATEMENT = f'insert into {table} values ($1)'",
    ),
}
SOUND = {
    rules.unsafe_randomness: "import secrets",
    rules.unsafe_loading: "yaml.load_safely(text)",
    rules.unverified_tls: "httpx.AsyncClient(verify=context)",
    rules.naive_times: "datetime.now(UTC), datetime.fromtimestamp(0, tz=UTC)",
    rules.secrets_with_defaults: (
        "class S(B):\n    a: SecretStr\n    b: SecretStr | None = None\n    c: SecretStr = Field(description='x')"
    ),
    rules.printing: "log.info('read')",
    rules.assembled_sql: "await conn.fetch(queries['cases'], f'{name}%')",
}


def breaches(rule: Rule, *packages: str) -> list[str]:
    return [
        f"{source.name}:{line}: {words}"
        for source in sources(*packages)
        if rule is not rules.assembled_sql or source.name not in ASSEMBLES_SQL
        for line, words in rule(source.tree)
    ]


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_no_code_breaks_a_security_rule(rule: Rule) -> None:
    assert breaches(rule, *PACKAGES) == []


def test_no_statement_is_put_together_but_where_it_is_checked() -> None:
    assert breaches(rules.assembled_sql, *PACKAGES) == []


def test_every_place_that_may_put_statements_together_still_does() -> None:
    names = {source.name for source in sources(*PACKAGES) if any(map(rules.is_assembled, ast.walk(source.tree)))}
    assert set(ASSEMBLES_SQL) <= names


def test_services_print_nothing() -> None:
    assert breaches(rules.printing, *IN_PRODUCTION) == []


def test_services_read_the_environment_in_one_place() -> None:
    reads = {
        source.name
        for source in sources(*SERVICES)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"os.environ", "os.getenv"}
    }
    assert reads == set()


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule, codes in BROKEN.items() for code in codes])
def test_each_rule_sees_what_it_forbids(rule: Rule, code: str) -> None:
    assert list(rule(ast.parse(code)))


@pytest.mark.parametrize(("rule", "code"), SOUND.items())
def test_each_rule_lets_sound_code_pass(rule: Rule, code: str) -> None:
    assert list(rule(ast.parse(code))) == []
