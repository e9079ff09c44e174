"""The files behind the key rings: their shape, their checks, and how they are made, rotated and retired.

Rings are written before `public-keys.json`, each atomically and synced: nobody can wrap for a version whose private key
is not safely on disk, and a stop half-way leaves rings that open all they opened before; run it again.
"""

import fcntl
import os
import stat
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Generic, Literal, Self, TypeVar

from nacl import bindings
from nacl.utils import random as random_bytes
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationError
from pydantic import model_validator as validator

from dsr_shared.contracts.words import SERVICES, Service
from dsr_shared.sealing import KEY_BYTES, SealingError

PUBLIC_KEYS_NAME: Final = "public-keys.json"


class KeyRingError(SealingError):
    """A key file cannot be used; the text names the file and what to do."""


class KeyRingMissing(KeyRingError):
    """The file is not there, or this user may not read it."""


class KeyRingExposed(KeyRingError):
    """Others may read the secret file, or change the public one."""


class KeyRingMalformed(KeyRingError):
    """The file is not what `create_key_rings` writes."""


def _decode_key(value: object) -> object:
    if not isinstance(value, str):
        return value
    key = b64decode(value, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key of {len(key)} bytes where {KEY_BYTES} are needed")
    return key


Key = Annotated[
    bytes, BeforeValidator(_decode_key), PlainSerializer(lambda key: b64encode(key).decode()), Field(repr=False)
]


class _FileModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    format: Literal[1] = 1


class RingVersion(BaseModel):
    """One version of a wrapping key pair."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    version: int = Field(ge=1)
    state: Literal["current", "old"]
    created_at: AwareDatetime
    private_key: Key

    @cached_property
    def public_key(self) -> bytes:
        return bytes(bindings.crypto_scalarmult_base(self.private_key))


class RingFile(_FileModel):
    """One service's private keys."""

    service: Service
    mac_key: Key
    signing_key: Key
    versions: tuple[RingVersion, ...]

    @validator(mode="after")
    def _has_one_current_version(self) -> Self:
        numbers = [version.version for version in self.versions]
        if len(set(numbers)) != len(numbers):
            raise ValueError("a version number stands twice")
        if [version.state for version in self.versions].count("current") != 1:
            raise ValueError("exactly one version must be current")
        return self

    @property
    def current(self) -> RingVersion:
        return next(version for version in self.versions if version.state == "current")

    def version(self, number: int) -> RingVersion | None:
        return next((version for version in self.versions if version.version == number), None)


class ServicePublicKeys(BaseModel):
    """What others need to wrap for a service and to check its signatures."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    version: int = Field(ge=1)
    wrapping_key: Key
    verify_key: Key


class PublicKeysFile(_FileModel):
    """The current public keys of every service."""

    services: dict[Service, ServicePublicKeys]

    @validator(mode="after")
    def _names_every_service(self) -> Self:
        missing = [service for service in SERVICES if service not in self.services]
        if missing:
            raise ValueError(f"no keys of {', '.join(missing)}")
        return self


Content = TypeVar("Content", bound=_FileModel)


class WatchedFile(Generic[Content]):
    """A key file that is read again when it was replaced; checked each time it is read."""

    def __init__(self, path: Path, model: type[Content], *, is_secret: bool) -> None:
        self._path, self._model, self._is_secret = path, model, is_secret
        self._seen: tuple[int, int, int] | None = None
        self.content()

    def content(self) -> Content:
        if self._seen is None or self._identity() != self._seen:
            self._seen, self._content = self._read()
        return self._content

    def _identity(self) -> tuple[int, int, int]:
        try:
            return _identity(self._path.stat())
        except OSError as error:
            raise _missing(self._path, error) from None

    def _read(self) -> tuple[tuple[int, int, int], Content]:
        try:
            with self._path.open("rb") as file:
                status, raw = os.fstat(file.fileno()), file.read()
        except OSError as error:
            raise _missing(self._path, error) from None
        _check_mode(self._path, status.st_mode, is_secret=self._is_secret)
        return _identity(status), _parse(self._path, raw, self._model)


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _missing(path: Path, error: OSError) -> KeyRingMissing:
    return KeyRingMissing(
        f"cannot read {path} ({error.strerror}); restore it from where you keep key rings, never make a new one "
        "beside existing data: what the old one wrapped would stay shut"
    )


def _check_mode(path: Path, mode: int, *, is_secret: bool) -> None:
    forbidden = stat.S_IRWXG | stat.S_IRWXO if is_secret else stat.S_IWGRP | stat.S_IWOTH
    if mode & forbidden:
        wanted = "600" if is_secret else "644"
        raise KeyRingExposed(
            f"{path} has mode {stat.S_IMODE(mode):04o}, so others may {'read' if is_secret else 'change'} it; "
            f"run: chmod {wanted} {path}" + (" and consider rotating the keys" if is_secret else "")
        )


def _parse(path: Path, raw: bytes, model: type[Content]) -> Content:
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, p['loc'])) or 'file'}: {p['msg']}" for p in error.errors(include_input=False)]
    raise KeyRingMalformed(f"{path} is no {model.__name__} ({'; '.join(problems)}); restore it from your copy")


def create_key_rings(directory: Path | str) -> None:
    """Write `<service>.keyring.json` for each service and `public-keys.json`; refuses to replace any of them."""
    directory = Path(directory)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _locked(directory):
        existing = [name for name in _file_names() if (directory / name).exists()]
        if existing:
            raise KeyRingError(f"{directory} already holds {', '.join(existing)}; use rotate to make new versions")
        _write_all(directory, [_new_ring(service) for service in SERVICES])


def rotate(directory: Path | str) -> int:
    """Add a new current version to every ring and to the public keys; returns its number. Old versions still open."""
    directory = Path(directory)
    with _locked(directory):
        rings = _load_rings(directory)
        number = max(version.version for ring in rings for version in ring.versions) + 1
        _write_all(directory, [_with_new_version(ring, number) for ring in rings])
    return number


def retire(directory: Path | str, version: int) -> None:
    """Delete the private keys of an old version: what is still wrapped for it can never be opened again."""
    directory = Path(directory)
    with _locked(directory):
        rings = _load_rings(directory)
        _refuse_to_retire_unless_old(directory, rings, version)
        for ring in rings:
            kept = tuple(each for each in ring.versions if each.version != version)
            _write(directory / _ring_name(ring.service), ring.model_copy(update={"versions": kept}), mode=0o600)


def _refuse_to_retire_unless_old(directory: Path, rings: list[RingFile], version: int) -> None:
    public = WatchedFile(directory / PUBLIC_KEYS_NAME, PublicKeysFile, is_secret=False).content()
    in_use = {ring.current.version for ring in rings} | {keys.version for keys in public.services.values()}
    if version in in_use:
        raise KeyRingError(f"version {version} is in use; rotate first, re-wrap the living keys, then retire it")
    if all(ring.version(version) is None for ring in rings):
        known = sorted({each.version for ring in rings for each in ring.versions})
        raise KeyRingError(f"no ring in {directory} has version {version}; there are {known}")


def _new_ring(service: Service) -> RingFile:
    mac_key, signing_key = random_bytes(KEY_BYTES), random_bytes(KEY_BYTES)
    return RingFile(service=service, mac_key=mac_key, signing_key=signing_key, versions=(_new_version(1),))


def _new_version(number: int) -> RingVersion:
    return RingVersion(
        version=number, state="current", created_at=datetime.now(UTC), private_key=random_bytes(KEY_BYTES)
    )


def _with_new_version(ring: RingFile, number: int) -> RingFile:
    old = tuple(version.model_copy(update={"state": "old"}) for version in ring.versions)
    return ring.model_copy(update={"versions": (*old, _new_version(number))})


def _public_keys(ring: RingFile) -> ServicePublicKeys:
    verify_key, _ = bindings.crypto_sign_seed_keypair(ring.signing_key)
    return ServicePublicKeys(
        version=ring.current.version, wrapping_key=ring.current.public_key, verify_key=bytes(verify_key)
    )


def _ring_name(service: Service) -> str:
    return f"{service}.keyring.json"


def _file_names() -> list[str]:
    return [*(_ring_name(service) for service in SERVICES), PUBLIC_KEYS_NAME]


def _load_rings(directory: Path) -> list[RingFile]:
    paths = [directory / _ring_name(service) for service in SERVICES]
    return [WatchedFile(path, RingFile, is_secret=True).content() for path in paths]


def _write_all(directory: Path, rings: list[RingFile]) -> None:
    for ring in rings:
        _write(directory / _ring_name(ring.service), ring, mode=0o600)
    public = PublicKeysFile(services={ring.service: _public_keys(ring) for ring in rings})
    _write(directory / PUBLIC_KEYS_NAME, public, mode=0o644)


def _write(path: Path, content: BaseModel, *, mode: int) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(content.model_dump_json(indent=2) + "\n")
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Let one process at a time change the rings of a directory."""
    try:
        descriptor = os.open(directory, os.O_RDONLY)
    except OSError as error:
        raise _missing(directory, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
