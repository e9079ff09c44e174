"""Key rings for tests: real ones, made anew in a directory."""

from dataclasses import dataclass
from pathlib import Path

from dsr_shared.contracts.words import Service
from dsr_shared.keyring import KeyRing, PublicKeys, create_key_rings
from dsr_shared.keys import CaseKeys


@dataclass(frozen=True)
class Rings:
    """The key rings of all services in one directory."""

    directory: Path

    def ring_path(self, service: Service) -> Path:
        return self.directory / f"{service}.keyring.json"

    @property
    def public_path(self) -> Path:
        return self.directory / "public-keys.json"

    def ring(self, service: Service) -> KeyRing:
        return KeyRing.load(self.ring_path(service))

    def case_keys(self, service: Service) -> CaseKeys:
        return CaseKeys(self.ring(service), PublicKeys.load(self.public_path))


def make_rings(directory: Path) -> Rings:
    create_key_rings(directory)
    return Rings(directory)
