"""The file that lists where mail comes in: mailboxes to read by IMAP, and addresses that our LMTP server takes."""

import hashlib
import re
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, Tag, TypeAdapter, field_validator, model_validator
from pydantic.types import Discriminator

from dsr_intake.adapters.imap_wire import MailboxRefusedError
from dsr_shared.contracts.base import ControllerId

_ADDRESS: Final = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,255}")
_MAX_SECRET_BYTES: Final = 64 * 1024


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    controller_id: ControllerId


class OAuthSettings(BaseModel):
    """How to get tokens for a mailbox that takes no password (RFC 6749, sections 4.4 and 6)."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    flow: Literal["client_credentials", "refresh_token"]
    token_endpoint: str = Field(description="https://login.microsoftonline.com/TENANT/oauth2/v2.0/token, for example")
    client_id: str = Field(min_length=1)
    client_secret_file: Path | None = Field(default=None, description="File that holds the application's secret")
    refresh_token_file: Path | None = Field(
        default=None, description="File that holds the refresh token; replaced when the provider gives a new one"
    )
    scope: str = Field(default="", description="As the provider wants it, for example https://mail.google.com/")

    @field_validator("token_endpoint")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_local(parts.hostname or "")):
            raise ValueError("token_endpoint must begin with https://, since a secret is sent there")
        return value

    @model_validator(mode="after")
    def _has_its_files(self) -> "OAuthSettings":
        if self.flow == "client_credentials" and self.client_secret_file is None:
            raise ValueError("client_credentials needs client_secret_file")
        if self.flow == "refresh_token" and self.refresh_token_file is None:
            raise ValueError("refresh_token needs refresh_token_file")
        return self


class MailboxSettings(_Entry):
    """One mailbox of one controller, read by IMAP."""

    kind: Literal["imap"] = "imap"
    host: str = Field(min_length=1, description="IMAP server")
    port: int = Field(ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "tls"
    username: str
    password: SecretStr | None = None
    password_file: Path | None = Field(default=None, description="File that holds the password; read at each sign-in")
    oauth: OAuthSettings | None = None
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
        ways = [way for way in ("password", "password_file", "oauth") if getattr(self, way) is not None]
        if len(ways) != 1:
            raise ValueError(f"give one of password, password_file and oauth, not {' and '.join(ways) or 'none'}")
        return self

    @property
    def name(self) -> str:
        """How logs and readiness call it."""
        return f"{self.controller_id}/{self.folder}"

    def current_password(self) -> str:
        """The password as it stands now; raises `MailboxRefusedError` where its file cannot be read."""
        if self.password is not None:
            return self.password.get_secret_value()
        return read_secret_file(self.password_file, "password_file")

    def secrets_hash(self) -> str:
        """Changes when a secret was changed, here or in the files, and tells nothing of it."""
        oauth = self.oauth
        known = [self.password.get_secret_value() if self.password else "", oauth.model_dump_json() if oauth else ""]
        files = [self.password_file, *((oauth.client_secret_file, oauth.refresh_token_file) if oauth else ())]
        return hashlib.sha256("\0".join([*known, *(_content(path) for path in files)]).encode()).hexdigest()


class LmtpAddresses(_Entry):
    """Addresses whose mail a mail server in front hands to us; `name+anything@domain` counts as `name@domain`."""

    kind: Literal["lmtp"]
    addresses: tuple[str, ...] = Field(min_length=1)
    own_mail_hosts: tuple[str, ...] = Field(
        min_length=1, description="Names that the mail server in front writes into Received: its stamp is the receipt"
    )

    @field_validator("addresses")
    @classmethod
    def _are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [number for number, address in enumerate(value, 1) if not _ADDRESS.fullmatch(address) or "+" in address]
        if wrong:
            raise ValueError(f"number {wrong[0]} is no bare address; write it like privacy@company.example, without +")
        return tuple(address.lower() for address in value)


def _kind_of(value: object) -> str:
    return str(value.get("kind", "imap")) if isinstance(value, dict) else str(getattr(value, "kind", "imap"))


Entry: TypeAlias = Annotated[
    Annotated[MailboxSettings, Tag("imap")] | Annotated[LmtpAddresses, Tag("lmtp")], Discriminator(_kind_of)
]


def load_mailboxes(path: Path) -> tuple[MailboxSettings, ...]:
    """The mailboxes to read; raises `ValueError` that names the entry and the field."""
    return tuple(entry for entry in load_entries(path) if isinstance(entry, MailboxSettings))


def load_entries(path: Path) -> tuple[MailboxSettings | LmtpAddresses, ...]:
    """The whole JSON list; raises `ValueError` that names the entry and the field."""
    entries = TypeAdapter(tuple[Entry, ...]).validate_json(path.read_bytes())
    _refuse_doubles(address for entry in entries if isinstance(entry, LmtpAddresses) for address in entry.addresses)
    return entries


def read_secret_file(path: Path | None, setting: str) -> str:
    """The content without the line end; raises `MailboxRefusedError` that names the setting and the file."""
    try:
        text = path.read_text(encoding="utf-8")[:_MAX_SECRET_BYTES].strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        problem = getattr(error, "strerror", None) or type(error).__name__
        raise MailboxRefusedError(f"{setting}: {path} cannot be read ({problem})", "secret_missing") from None
    if not text:
        raise MailboxRefusedError(f"{setting}: {path} is empty; put the secret there", "secret_missing")
    return text


def _refuse_doubles(addresses: Iterable[str]) -> None:
    seen: set[str] = set()
    for address in addresses:
        if address in seen:
            raise ValueError("an LMTP address stands in the file twice; each belongs to one controller")
        seen.add(address)


def _content(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")[:_MAX_SECRET_BYTES] if path else ""
    except OSError:
        return ""


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
