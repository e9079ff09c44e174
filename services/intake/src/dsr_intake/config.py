"""Intake's settings: what is named INTAKE_* in the environment, or a file of that name among its secrets."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import SettingsConfigDict

from dsr_shared.settings import ServiceSettings

_HOST_AND_PORT: Final = re.compile(r"\[?([0-9A-Fa-f.:]+?)\]?:(\d{1,5})")


class IntakeSettings(ServiceSettings):
    """Read once, in `entrypoints/service.py`."""

    model_config = SettingsConfigDict(env_prefix="INTAKE_", frozen=True, extra="ignore")

    web_host: str = "127.0.0.1"
    web_port: int = Field(ge=0, le=65535)
    public_url: str = Field(
        description="Where people reach the public web, for example https://privacy.company.example"
    )
    mailboxes_path: Path | None = Field(default=None, description="JSON list of the mailboxes to read")
    sign_in_secrets_directory: Path | None = Field(
        default=None, description="Holds the client secret, or <controller>.jwks, of each sign_in"
    )
    trusted_proxies: str = Field(
        default="", description="Addresses or networks, separated by commas, whose X-Forwarded-For is believed"
    )
    form_posts_an_hour: int = Field(default=60, ge=1, description="Limit of sent forms for one network address")
    link_tries_an_hour: int = Field(default=60, ge=1, description="Limit of links tried by one network address")
    api_calls_an_hour: int = Field(default=1000, ge=1, description="Limit of calls with one key of the API")
    requests_a_day: int = Field(default=20, ge=1, description="Requests of one sender that become cases of their own")

    lmtp_clients: str = Field(
        default="", description="Networks, separated by commas, that may hand in mail besides this machine itself"
    )
    lmtp_listen: str = Field(
        default="",
        description="Where a mail server in front hands in mail: unix:/run/kuukausi/lmtp.sock or 127.0.0.1:2424; empty "
        "for nowhere. Another address than this machine's own needs INTAKE_LMTP_CLIENTS",
    )

    @property
    def lmtp_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(network.strip()) for network in self.lmtp_clients.split(",") if network.strip())

    @property
    def lmtp_path(self) -> Path | None:
        return Path(self.lmtp_listen.removeprefix("unix:")) if self.lmtp_listen.startswith("unix:") else None

    @property
    def lmtp_host_and_port(self) -> tuple[str, int]:
        match = _HOST_AND_PORT.fullmatch(self.lmtp_listen)
        return (match[1], int(match[2])) if match else ("", 0)

    @field_validator("lmtp_clients")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for network in filter(None, map(str.strip, value.split(","))):
            ip_network(network)
        return value

    @field_validator("lmtp_listen")
    @classmethod
    def _is_close_by(cls, value: str, info: ValidationInfo) -> str:
        if not value or value.startswith("unix:/"):
            return value
        match = _HOST_AND_PORT.fullmatch(value)
        if match is None or int(match[2]) > 65535:
            raise ValueError(f"{value!r} is neither unix:/path nor ADDRESS:PORT")
        if not ip_address(match[1]).is_loopback and not info.data.get("lmtp_clients"):
            raise ValueError(f"{value!r} is reachable by others: name in INTAKE_LMTP_CLIENTS who may hand in mail")
        return value

    @field_validator("public_url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{value!r} is no web address; write it like https://privacy.company.example")
        return value.rstrip("/")
