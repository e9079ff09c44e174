"""Intake's settings: what is named INTAKE_* in the environment, or a file of that name among its secrets."""

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from dsr_shared.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """Read once, in `entrypoints/service.py`."""

    model_config = SettingsConfigDict(env_prefix="INTAKE_", frozen=True, extra="ignore")

    web_host: str = "127.0.0.1"
    web_port: int = Field(ge=0, le=65535)
    public_url: str = Field(
        description="Where people reach the public web, for example https://privacy.company.example"
    )
    mailboxes_path: Path | None = Field(default=None, description="JSON list of the mailboxes to read")
    trusted_proxies: str = Field(
        default="", description="Addresses or networks, separated by commas, whose X-Forwarded-For is believed"
    )
    form_posts_an_hour: int = Field(default=60, ge=1, description="Limit of sent forms for one network address")
    link_tries_an_hour: int = Field(default=60, ge=1, description="Limit of links tried by one network address")
    requests_a_day: int = Field(default=20, ge=1, description="Requests of one sender that become cases of their own")

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{value!r} is no web address; write it like https://privacy.company.example")
        return value.rstrip("/")
