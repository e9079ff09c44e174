"""The file that lists the mailboxes to read."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, TypeAdapter, model_validator

from dsr_shared.contracts.base import ControllerId


class MailboxSettings(BaseModel):
    """One mailbox of one controller."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    controller_id: ControllerId
    host: str = Field(min_length=1, description="IMAP server")
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str
    password: SecretStr
    folder: str = "INBOX"
    handled_folder: str = Field(default="Kuukausi", min_length=1, description="Where mail goes once it is stored")
    retention_days: int = Field(default=30, ge=1, description="Handled mail is deleted from the mailbox after so long")
    own_mail_hosts: tuple[str, ...] = Field(
        default=(), description="Host names that the company's own mail server writes into Received"
    )
    poll_seconds: float = Field(default=60.0, gt=0, description="Longest time between two looks, IDLE or not")

    @model_validator(mode="after")
    def _is_safe(self) -> "MailboxSettings":
        if self.security == "none" and not _is_local(self.host):
            raise ValueError(f"{self.host} is not this machine: set security to tls or starttls")
        if self.folder == self.handled_folder:
            raise ValueError(f"handled_folder is the folder that is read ({self.folder}): name another one")
        return self

    @property
    def name(self) -> str:
        """How logs and readiness call it."""
        return f"{self.controller_id}/{self.folder}"


def load_mailboxes(path: Path) -> tuple[MailboxSettings, ...]:
    """Read the JSON list; raises `ValueError` that names the entry and the field."""
    return TypeAdapter(tuple[MailboxSettings, ...]).validate_json(path.read_bytes())


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
