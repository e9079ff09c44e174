"""How key rings are made, rotated and retired.

Rings are written before `public-keys.json`, each atomically and synced: nobody can wrap for a version whose private key
is not safely on disk, and a stop half-way leaves rings that open all they opened before; run it again.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from nacl import bindings
from nacl.utils import random as random_bytes
from pydantic import BaseModel

from dsr_shared.contracts.words import SERVICES, Service
from dsr_shared.keyring_files import (
    PUBLIC_KEYS_NAME,
    KeyRingError,
    PublicKeysFile,
    RingFile,
    RingVersion,
    ServicePublicKeys,
    WatchedFile,
    missing_file,
)
from dsr_shared.sealing import KEY_BYTES


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
        raise missing_file(directory, error) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
