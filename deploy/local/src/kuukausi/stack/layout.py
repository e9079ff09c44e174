"""Where each thing of one stack lies below its state directory."""

from dataclasses import dataclass
from pathlib import Path

from kuukausi.stack.places import state_directory


@dataclass(frozen=True)
class Layout:
    """The paths of one stack; only what must be secret is closed to others, since PostgreSQL may be another user."""

    name: str
    root: Path

    @classmethod
    def of(cls, name: str) -> "Layout":
        return cls(name, state_directory(name))

    def create(self) -> None:
        self.root.mkdir(mode=0o711, parents=True, exist_ok=True)
        self.logs.mkdir(mode=0o700, exist_ok=True)
        self.blobs.mkdir(mode=0o700, exist_ok=True)
        self.secrets.mkdir(mode=0o700, exist_ok=True)

    @property
    def mark(self) -> str:
        return str(self.root)

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def running(self) -> Path:
        return self.root / "running.json"

    @property
    def configuration(self) -> Path:
        return self.secrets / "configuration.json"

    @property
    def passwords(self) -> Path:
        return self.secrets / "passwords.json"

    @property
    def ports(self) -> Path:
        return self.root / "ports.json"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def kafka(self) -> Path:
        return self.root / "kafka"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    def log_of(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    def secrets_of(self, service: str) -> Path:
        return self.secrets / service
