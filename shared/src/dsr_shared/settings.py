"""The settings that every service has; each service's `config.py` adds its own and names its prefix."""

import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict


class SettingsError(Exception):
    """Settings are missing or wrong; the text names each one and its remedy, and shows no value."""


class PrefixedSettings(BaseSettings):
    """Read from the environment, or from files in `<PREFIX>SECRETS_DIRECTORY`, which are named like the fields.

    A subclass sets `model_config = SettingsConfigDict(env_prefix="INTAKE_")` and is made by `load()`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    @classmethod
    def load(cls, **values: Any) -> Self:
        """Read the settings; SettingsError names what is missing or wrong."""
        try:
            return cls(**values)
        except ValidationError as error:
            lines = "; ".join(cls._remedy(str(problem["loc"][0]), problem["type"]) for problem in error.errors())
        raise SettingsError(lines)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library gives it, we read no such file
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - ours has no prefix in file names
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment first, then the files; never a `.env` that happens to lie about."""
        directory = os.environ.get(f"{cls._prefix()}SECRETS_DIRECTORY")
        if not directory:
            return init_settings, env_settings
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, secrets_dir=directory, env_prefix="")

    @classmethod
    def _prefix(cls) -> str:
        return str(cls.model_config.get("env_prefix", ""))

    @classmethod
    def _remedy(cls, name: str, kind: str) -> str:
        variable = f"{cls._prefix()}{name.upper()}"
        if kind == "missing":
            return f"{variable} is missing: set it, or put a file {name} into {cls._prefix()}SECRETS_DIRECTORY"
        return f"{variable} is wrong ({kind}): see its description in the service's config.py"


class ServiceSettings(PrefixedSettings):
    """What every service needs to run."""

    database_url: SecretStr = Field(description="PostgreSQL address of the application role")
    kafka_bootstrap_servers: str = Field(description="host:port, several separated by commas")
    kafka_username: str
    kafka_password: SecretStr
    keyring_path: Path = Field(description="This service's key ring")
    public_keys_path: Path = Field(description="Public wrapping keys of all services")
    blob_directory: Path
    health_host: str = "127.0.0.1"
    health_port: int = Field(ge=0, le=65535)
    otlp_endpoint: str | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


class MigrationSettings(PrefixedSettings):
    """What `migrate` needs: the address of the role that owns the database, and nothing of the service itself."""

    owner_database_url: SecretStr = Field(description="PostgreSQL address of the owning role")
