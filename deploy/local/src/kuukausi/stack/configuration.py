"""What a person decides about a stack: mail, registers, addresses. Kept with its passwords in a file of mode 0600."""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from dsr_shared.contracts.words import SERVICES

Security = Literal["tls", "starttls", "none"]
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class _MailHost(_Part):
    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Security = "tls"

    @model_validator(mode="after")
    def _is_clear_only_at_home(self) -> Self:
        if self.security == "none" and self.host not in _LOOPBACK:
            raise ValueError(f"security 'none' sends mail in clear to {self.host}; use 'tls' or 'starttls'")
        return self


class Mailbox(_MailHost):
    """An IMAP mailbox that requests reach, of one controller."""

    controller_id: str = Field(min_length=1)
    port: int = Field(default=993, ge=1, le=65535)
    username: str = Field(min_length=1)
    password: str = Field(repr=False)
    folder: str = "INBOX"
    handled_folder: str = "Kuukausi"
    retention_days: int = Field(default=30, ge=1)
    own_mail_hosts: tuple[str, ...] = Field(
        default=(), description="Names by which our own mail server signs its Received line: the time of receipt"
    )


class Smtp(_MailHost):
    """The mail server that sends the letters."""

    port: int = Field(default=465, ge=1, le=65535)
    username: str | None = None
    password: str | None = Field(default=None, repr=False)
    envelope_sender: str | None = None

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        if bool(self.username) != bool(self.password):
            raise ValueError("smtp needs both username and password, or neither")
        return self


class DemoMail(_Part):
    """The stack's own mail server, for the demo and the tests: ports 0 are found free."""

    accounts: dict[str, str] = Field(default_factory=dict, repr=False)


class Configuration(_Part):
    """All that a start needs to know and cannot find out."""

    registers_directory: Path
    connector_secrets_directory: Path | None = None
    mailboxes: tuple[Mailbox, ...] = ()
    mailboxes_file: Path | None = Field(
        default=None, description="A file of your own with all that intake can read, in place of `mailboxes`"
    )
    smtp: Smtp | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=0, ge=0, le=65535, description="0 finds a free one, and keeps it")
    console_host: str = "127.0.0.1"
    console_port: int = Field(default=0, ge=0, le=65535)
    public_url: str | None = Field(default=None, description="Where people reach the form through your web server")
    console_url: str | None = None
    otlp_endpoint: str | None = None
    demo_mail: DemoMail | None = None
    services: tuple[str, ...] = SERVICES
    service_settings: dict[str, str] = Field(
        default_factory=dict, description="Further environment of the services, such as NOTIFIER_LANES"
    )
