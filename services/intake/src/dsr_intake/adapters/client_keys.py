"""The keys by which we are a client of a provider in place of a client secret: a JWK Set (RFC 7517) with its private
parts, made by the controller's operator. The first key for `sig` signs what we send, every one for `enc` opens what
comes back. Of the private parts nothing leaves this module but what was done with them.
"""

import json
import logging
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dsr_intake.adapters.jwk import key_of

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

SIGNATURE: Final = "RS256"
"""What brokers of the Finnish Trust Network ask their clients for."""
NEW_KEY_BITS: Final = 4096
_MOST_FILE_BYTES: Final = 64 * 1024
_PUBLISHED: Final = ("kty", "n", "e", "kid", "use")
_log = logging.getLogger(__name__)


class ClientKeysBroken(Exception):
    """Keys that can't be used; the text names the remedy, and nothing that the file holds."""


@dataclass(frozen=True, slots=True)
class ClientKeys:
    """What one file holds."""

    signing: "RSAKey" = field(repr=False)
    key_id: str
    opening: "Mapping[str, RSAKey]" = field(repr=False)
    """By their ids."""
    public: dict[str, Any]
    """The JWK Set that anybody may read."""

    def signed(self, claims: Mapping[str, object]) -> str:
        from joserfc import jwt

        header = {"alg": SIGNATURE, "kid": self.key_id}
        return jwt.encode(header, dict(claims), self.signing, algorithms=[SIGNATURE])


class ClientKeyFiles:
    """`<controller>.jwks` in the directory of the client secrets; read at each use, so new keys count at once."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._parsed: dict[str, tuple[bytes, ClientKeys]] = {}
        self._told: dict[str, str] = {}

    def of(self, controller_id: str) -> ClientKeys | None:
        """None where there are none to use: then nobody is offered to sign in. The log says why, once."""
        try:
            keys = self._read(controller_id)
        except ClientKeysBroken as error:
            self._tell(controller_id, str(error))
            return None
        self._told.pop(controller_id, None)
        return keys

    def _read(self, controller_id: str) -> ClientKeys:
        if self._directory is None:
            raise ClientKeysBroken("INTAKE_SIGN_IN_SECRETS_DIRECTORY names no directory")
        raw = _bytes_of(self._directory / f"{controller_id}.jwks")
        known = self._parsed.get(controller_id)
        if known is None or known[0] != raw:  # to look at a private key takes a fifth of a second
            known = self._parsed[controller_id] = (raw, read_client_keys(raw))
        return known[1]

    def _tell(self, controller_id: str, why: str) -> None:
        if self._told.get(controller_id) != why:
            self._told[controller_id] = why
            _log.error("Nobody can sign in.", extra={"controller": controller_id, "why": why})


def read_client_keys(raw: bytes) -> ClientKeys:
    """Raises ClientKeysBroken."""
    keys = _keys_in(raw)
    ids = [jwk["kid"] for jwk, _ in keys]
    if len(set(ids)) != len(ids) or len({jwk["n"] for jwk, _ in keys}) != len(ids):
        raise ClientKeysBroken("the key file has a key, or a `kid`, twice")
    by_use = {use: [(jwk, key) for jwk, key in keys if jwk["use"] == use] for use in ("sig", "enc")}
    if not all(by_use.values()):
        raise ClientKeysBroken("the key file needs a key with `use: sig` and one with `use: enc`")
    first, signing = by_use["sig"][0]
    public = [{name: jwk[name] for name in _PUBLISHED} for jwk, _ in keys]
    opening = {jwk["kid"]: key for jwk, key in by_use["enc"]}
    return ClientKeys(signing, first["kid"], opening, {"keys": public})


def new_client_keys() -> str:
    """A key file with one key to sign and one to open; each is named by its thumbprint (RFC 7638)."""
    from joserfc.jwk import RSAKey

    keys = [RSAKey.generate_key(NEW_KEY_BITS, {"use": use}, auto_kid=True) for use in ("sig", "enc")]
    return json.dumps({"keys": [key.as_dict(private=True) for key in keys]}, indent=2) + "\n"


def _bytes_of(path: Path) -> bytes:
    """Whether others may read the file is for its directory to say (the users of containers); none may change it."""
    try:
        with path.open("rb") as file:
            mode, raw = os.fstat(file.fileno()).st_mode, file.read(_MOST_FILE_BYTES + 1)
    except OSError as error:
        raise ClientKeysBroken(f"{path} cannot be read: {error.strerror}") from None
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ClientKeysBroken(f"others may change {path}; run: chmod go-w {path}")
    if len(raw) > _MOST_FILE_BYTES:
        raise ClientKeysBroken(f"{path} is longer than {_MOST_FILE_BYTES} bytes")
    return raw


def _keys_in(raw: bytes) -> list[tuple[dict[str, Any], "RSAKey"]]:
    try:
        return [(jwk, _private(jwk)) for jwk in json.loads(raw)["keys"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        what = "the key file is no JWK Set of private RSA keys of 2048 bits or more, each with `kid` and `use`"
        raise ClientKeysBroken(what) from None  # its text may hold what the file holds


def _private(jwk: object) -> "RSAKey":
    from joserfc.jwk import RSAKey

    if not isinstance(jwk, dict):
        raise TypeError
    key = key_of(jwk, with_private_part=True)
    is_named = isinstance(jwk["kid"], str) and jwk["kid"] and jwk["use"] in ("sig", "enc")
    if not isinstance(key, RSAKey) or not key.is_private or not is_named:
        raise ValueError
    return key
