"""The notifier's settings, read from the environment once."""

import ipaddress
from pathlib import Path
from typing import Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict

from dsr_notifier.adapters.smtp import Security, SmtpServer
from dsr_shared.settings import ServiceSettings, SettingsError


class NotifierSettings(ServiceSettings):
    """Settings with the prefix NOTIFIER_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFIER_", frozen=True, extra="ignore", hide_input_in_errors=True)

    smtp_path: Path = Field(description="JSON file: host, port, security, username, password, envelope_sender, ca_file")
    lanes: int = Field(default=4, ge=1, le=32, description="How many letters are sent at the same time")
    smtp_timeout_seconds: float = Field(default=20, gt=0, description="Longest wait for one answer of the mail server")
    send_timeout_seconds: float = Field(default=60, gt=0, description="Longest conversation about one letter")
    lease_seconds: float = Field(
        default=90,
        gt=0,
        description="When an intent without an outcome is unknown; above send_timeout_seconds",
    )
    poll_seconds: float = Field(default=5, gt=0, description="How often due letters are looked for without a hint")
    smtp_check_seconds: float = Field(
        default=30, gt=0, description="How often the mail server is asked whether it is up"
    )

    @field_validator("lease_seconds", mode="after")
    @classmethod
    def _lease_outlasts_send(cls, seconds: float, info: ValidationInfo) -> float:
        if seconds <= info.data.get("send_timeout_seconds", 0):
            raise ValueError("not more than send_timeout_seconds: a letter under way would be repeated")
        return seconds


class SmtpSettings(BaseModel):
    """The file that `smtp_path` names."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Security
    username: str | None = None
    password: SecretStr | None = None
    envelope_sender: str | None = Field(default=None, description="Where bounces go; the letter's sender by default")
    ca_file: Path | None = Field(default=None, description="Certificate authority of a mail server of our own")

    @model_validator(mode="after")
    def _plain_only_at_home(self) -> Self:
        if self.security == "none" and not _is_loopback(self.host):
            raise ValueError("security 'none' sends letters in clear; use 'tls' or 'starttls' for a host elsewhere")
        if bool(self.username) != bool(self.password):
            raise ValueError("username and password belong together; give both or neither")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises SettingsError, which names the file and each wrong field but shows no value."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise SettingsError(f"{path}: {error.strerror}; NOTIFIER_SMTP_PATH names the mail server's file") from None
        except ValidationError as error:
            problems = "; ".join(_in_words(problem) for problem in error.errors(include_input=False, include_url=False))
        raise SettingsError(f"{path}: {problems}")

    def server(self) -> SmtpServer:
        return SmtpServer(
            host=self.host,
            port=self.port,
            security=self.security,
            username=self.username,
            password=self.password.get_secret_value() if self.password else None,
            envelope_sender=self.envelope_sender,
            ca_file=self.ca_file,
        )


def _in_words(problem: ErrorDetails) -> str:
    place = ".".join(str(part) for part in problem["loc"])
    return f"{place}: {problem['msg']}" if place else problem["msg"]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
