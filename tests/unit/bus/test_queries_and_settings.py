"""Named SQL is found by its name; settings come from the environment or from files."""

from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from dsr_shared.postgres.queries import parse_queries
from dsr_shared.settings import ServiceSettings, SettingsError

REQUIRED = {
    "DATABASE_URL": "postgresql://x",
    "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092",
    "KAFKA_USERNAME": "intake",
    "KAFKA_PASSWORD": "hush",
    "KEYRING_PATH": "/r",
    "PUBLIC_KEYS_PATH": "/p",
    "BLOB_DIRECTORY": "/b",
    "HEALTH_PORT": "8001",
}


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="INTAKE_")


def test_blocks_are_found_by_name_and_a_missing_one_is_named() -> None:
    queries = parse_queries("x.sql", "-- name: one\n-- Why.\nselect 1\n\n-- name: two\n-- Why.\nselect 2\n")
    assert queries["two"].endswith("select 2")
    assert list(queries) == ["one", "two"]
    with pytest.raises(KeyError, match="three"):
        queries["three"]


def test_a_name_given_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        parse_queries("x.sql", "-- name: one\nselect 1\n-- name: one\nselect 2\n")


def test_a_secret_may_come_from_a_file_and_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(f"INTAKE_{name}", value)
    monkeypatch.delenv("INTAKE_KAFKA_PASSWORD")
    (tmp_path / "kafka_password").write_text("from a file")
    monkeypatch.setenv("INTAKE_SECRETS_DIRECTORY", str(tmp_path))
    settings = Settings.load()
    assert settings.kafka_password.get_secret_value() == "from a file"
    assert "from a file" not in repr(settings)


def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(f"INTAKE_{name}", value)
    monkeypatch.delenv("INTAKE_DATABASE_URL")
    with pytest.raises(SettingsError, match="INTAKE_DATABASE_URL is missing"):
        Settings.load()
