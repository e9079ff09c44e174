"""The files behind the key rings: their shape, and the checks before anything in them is believed."""

import os
import stat
from base64 import b64decode, b64encode
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final, Generic, Literal, Self, TypeVar

from nacl import bindings
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
            raise missing_file(self._path, error) from None

    def _read(self) -> tuple[tuple[int, int, int], Content]:
        try:
            with self._path.open("rb") as file:
                status, raw = os.fstat(file.fileno()), file.read()
        except OSError as error:
            raise missing_file(self._path, error) from None
        _check_mode(self._path, status.st_mode, is_secret=self._is_secret)
        return _identity(status), _parse(self._path, raw, self._model)


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_mtime_ns, status.st_size


def missing_file(path: Path, error: OSError) -> KeyRingMissing:
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
