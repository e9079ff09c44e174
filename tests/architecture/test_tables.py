"""What every table of every service must have, read from the migrations."""

import re
from collections.abc import Iterator

import pytest
from tests.architecture.sources import IN_PRODUCTION, PACKAGES

TABLE = re.compile(r"create table (?:if not exists )?(\w+) \((.*?)\n\);", re.IGNORECASE | re.DOTALL)
ENFORCED = re.compile(r"select enforce_controller\('(\w+)'\)", re.IGNORECASE)
DROPPED = re.compile(r"drop table (?:if exists )?(\w+)", re.IGNORECASE)
WEAKENED = re.compile(r"(disable|no force) row level security|drop policy|bypassrls(?<!nobypassrls)", re.IGNORECASE)
OF_NO_CONTROLLER = {
    "dsr_notifier": {"daily_letters"},  # keyed hash of an address and a count: three automatic letters a day in all
}
"""Tables that count or note something for the whole installation."""


def migrations(package: str) -> str:
    directory = PACKAGES[package] / "src" / package / "sql" / "migrations"
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.sql")))


def tables(package: str) -> Iterator[tuple[str, str]]:
    text = migrations(package)
    return ((name, body) for name, body in TABLE.findall(text) if name not in DROPPED.findall(text))


@pytest.mark.parametrize("package", IN_PRODUCTION)
def test_every_table_belongs_to_a_controller(package: str) -> None:
    without = {name for name, body in tables(package) if not re.search(r"\bcontroller_id text\b", body)}
    assert without == OF_NO_CONTROLLER.get(package, set())


@pytest.mark.parametrize("package", IN_PRODUCTION)
def test_every_table_with_a_controller_shows_its_rows_to_that_controller_alone(package: str) -> None:
    enforced = ENFORCED.findall(migrations(package))
    owned = [name for name, body in tables(package) if re.search(r"\bcontroller_id\b", body)]
    assert owned
    assert sorted(owned) == sorted(enforced)


@pytest.mark.parametrize("package", IN_PRODUCTION)
def test_no_migration_weakens_row_level_security(package: str) -> None:
    assert WEAKENED.findall(migrations(package)) == []


@pytest.mark.parametrize("package", IN_PRODUCTION)
def test_a_column_for_personal_data_is_sealed(package: str) -> None:
    telling = re.compile(r"^\s+(\w*(?:e_?mail|phone|birth|street|personal_id|ssn|message_text|body)\w*) ", re.MULTILINE)
    clear = {
        f"{name}.{column}"
        for name, body in tables(package)
        for column in telling.findall(body)
        if not column.endswith(("_sealed", "_hash", "_mac", "_sha256"))
    }
    assert clear == set()
