"""The settings that every service has; each service's `config.py` adds its own and names its prefix."""

import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Read from the environment, or from files in `<PREFIX>SECRETS_DIRECTORY`, which are named like the fields.

    A subclass sets `model_config = SettingsConfigDict(env_prefix="INTAKE_")` and is made by `load()`.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr = Field(description="PostgreSQL address of the application role")
    owner_database_url: SecretStr | None = Field(default=None, description="The owning role's, for `migrate`")
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

    @classmethod
    def load(cls, **values: Any) -> Self:
        """Read the settings; a missing or wrong one raises pydantic's ValidationError, which names it."""
        prefix = str(cls.model_config.get("env_prefix", ""))
        directory = os.environ.get(f"{prefix}SECRETS_DIRECTORY")
        return cls(_secrets_dir=directory, **values) if directory else cls(**values)
