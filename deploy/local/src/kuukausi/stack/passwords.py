"""The passwords inside a stack: made once, kept in a file that only its owner reads."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dsr_shared.contracts.words import SERVICES
from kuukausi.errors import StackError
from kuukausi.stack.files import write_whole
from kuukausi.stack.kafka import USERS


@dataclass(frozen=True)
class Passwords:
    """Of PostgreSQL's superuser, of the database roles, and of the broker's users, by name."""

    postgres_admin: str = field(repr=False)
    roles: dict[str, str] = field(repr=False)
    kafka: dict[str, str] = field(repr=False)

    @classmethod
    def new(cls) -> "Passwords":
        roles = [f"{service}_{role}" for service in SERVICES for role in ("owner", "app")]
        return cls(
            postgres_admin=secrets.token_urlsafe(),
            roles={role: secrets.token_urlsafe() for role in roles},
            kafka={user: secrets.token_urlsafe() for user in USERS},
        )

    @classmethod
    def load(cls, path: Path) -> "Passwords":
        return cls(**json.loads(path.read_text()))

    @classmethod
    def load_or_create(cls, path: Path, data: Path) -> "Passwords":
        """Make them on the first start; refuses when they are gone but the data they open is there."""
        if path.exists():
            return cls.load(path)
        if data.exists():
            raise StackError(
                "the passwords of this stack are gone, but its data is there",
                where=str(path),
                remedy=f"restore the file from your backup, or move {data.parent} away to start an empty stack",
            )
        passwords = cls.new()
        write_whole(path, json.dumps(asdict(passwords), indent=1))
        return passwords
