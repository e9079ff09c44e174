"""Key rings: each service's own private keys, in a file that never enters a database, a topic or their backups.

A ring holds versions of a wrapping key pair (one current, older ones until they are retired), one key for keyed hashes
and one for signatures. The public halves of all services lie together in `public-keys.json`. Both files are read again
as soon as they were replaced, so `rotate` and `retire` reach running services.

    sealing.SealingError
    └── KeyRingError
        ├── KeyRingMissing    no such file, or not readable
        ├── KeyRingExposed    others may read or change it
        └── KeyRingMalformed  not what create_key_rings writes
"""

import hashlib
import unicodedata
from pathlib import Path
from typing import Final, Self

from nacl import bindings
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from dsr_shared.contracts.base import WrappedKeyV1
from dsr_shared.contracts.words import Service
from dsr_shared.keyring_changes import create_key_rings, retire, rotate
from dsr_shared.keyring_files import (
    PUBLIC_KEYS_NAME,
    KeyRingError,
    KeyRingExposed,
    KeyRingMalformed,
    KeyRingMissing,
    PublicKeysFile,
    RingFile,
    WatchedFile,
)
from dsr_shared.sealing import CannotOpen, DataKey
from dsr_shared.wrapping import Wrapping, unwrap_with

__all__ = [
    "PUBLIC_KEYS_NAME",
    "KeyRing",
    "KeyRingError",
    "KeyRingExposed",
    "KeyRingMalformed",
    "KeyRingMissing",
    "PublicKeys",
    "create_key_rings",
    "retire",
    "rotate",
]

_EXACT: Final = b"kuukausi-mac-raw"
_NORMALISED: Final = b"kuukausi-mac-txt"
_DERIVED: Final = b"kuukausi-derive"


class PublicKeys:
    """The current public keys of every service."""

    def __init__(self, file: WatchedFile[PublicKeysFile]) -> None:
        self._file = file
        self._wrappings: dict[Service, Wrapping] = {}

    @classmethod
    def load(cls, path: Path | str) -> Self:
        return cls(WatchedFile(Path(path), PublicKeysFile, is_secret=False))

    def wrap(self, key: DataKey, reader: Service) -> WrappedKeyV1:
        """Wrap for the reader's current version; that and its key come from one reading of the file."""
        keys = self._file.content().services[reader]
        wrapping = self._wrappings.get(reader)
        if wrapping is None or (wrapping.ring_version, wrapping.public_key) != (keys.version, keys.wrapping_key):
            wrapping = self._wrappings[reader] = Wrapping(reader, keys.version, keys.wrapping_key)
        return wrapping.wrap(key)

    def verify(self, service: Service, data: bytes, signature: bytes) -> bool:
        """Whether `signature` was made over `data` by the service's signing key."""
        return _verify(self._file.content().services[service].verify_key, data, signature)


class KeyRing:
    """One service's private keys. It has no way to show them, and its repr names service and version only."""

    def __init__(self, file: WatchedFile[RingFile]) -> None:
        self._file = file
        self._wrapping: Wrapping | None = None
        self.service: Final[Service] = file.content().service

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a ring; KeyRingError says what is wrong with the file and what to do."""
        return cls(WatchedFile(Path(path), RingFile, is_secret=True))

    def __repr__(self) -> str:
        return f"KeyRing({self.service}, version {self.current_version})"

    @property
    def current_version(self) -> int:
        return self._file.content().current.version

    @property
    def versions(self) -> tuple[int, ...]:
        """Versions whose private key is still here, oldest first."""
        return tuple(sorted(version.version for version in self._file.content().versions))

    def unwrap(self, wrapped: WrappedKeyV1) -> DataKey:
        """Unwrap a data key; CannotOpen where it is another service's, its version was retired or it was changed."""
        ring = self._file.content()
        if wrapped.reader != ring.service:
            raise CannotOpen(f"data key {wrapped.key_id} is wrapped for {wrapped.reader}, this is {ring.service}")
        version = ring.version(wrapped.ring_version)
        if version is None:
            raise CannotOpen(f"version {wrapped.ring_version} of the {ring.service} key ring was retired or never made")
        return unwrap_with(wrapped, version.public_key, version.private_key)

    def wrap_own(self, key: DataKey) -> WrappedKeyV1:
        """Wrap for ourselves, to the current version."""
        current = self._file.content().current
        wrapping = self._wrapping
        if wrapping is None or wrapping.public_key != current.public_key:
            wrapping = self._wrapping = Wrapping(self.service, current.version, current.public_key)
        return wrapping.wrap(key)

    def mac(self, domain: str, text: str) -> str:
        """Hash guessable text (an address, a customer number) so that only this ring can compare it.

        Unicode form, case and outer blanks do not matter. Different domains give unrelated hashes. Hexadecimal, 64
        characters. For anything where each byte counts use `mac_bytes`.
        """
        normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
        return self._mac(_NORMALISED, domain, normal.encode()).hex()

    def mac_bytes(self, domain: str, data: bytes) -> str:
        """Hash exact bytes under the ring's key: for evidence chains and tokens. Hexadecimal, 64 characters."""
        return self._mac(_EXACT, domain, data).hex()

    def derive_key(self, domain: str) -> bytes:
        """Derive a 32-byte secret of its own for one use, for example form tokens."""
        return self._mac(_DERIVED, domain, b"")

    def _mac(self, person: bytes, domain: str, data: bytes) -> bytes:
        name = domain.encode()
        prefixed = len(name).to_bytes(4, "big") + name + data
        return hashlib.blake2b(prefixed, digest_size=32, key=self._file.content().mac_key, person=person).digest()

    def sign(self, data: bytes) -> bytes:
        """Sign with the ring's Ed25519 key; 64 bytes."""
        return bytes(SigningKey(self._file.content().signing_key).sign(data).signature)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """Whether this ring signed `data`."""
        public_key, _ = bindings.crypto_sign_seed_keypair(self._file.content().signing_key)
        return _verify(public_key, data, signature)


def _verify(public_key: bytes, data: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(public_key).verify(data, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True
