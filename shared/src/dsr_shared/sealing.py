"""Sealing: how personal data is made unreadable to everybody but its named readers.

A data key seals fields (XChaCha20-Poly1305, libsodium); `wrapping` wraps the key for each reader. What a field belongs
to (record, kind, case, field) is authenticated with it, so that a sealed field moved elsewhere does not open.
A key's id is a hash of its purpose and its secret: a key that was exchanged or given another purpose on its way is
refused by whoever unwraps it. Packages are sealed under a key derived from the token of their link, which no service
keeps.

    SealingError
    ├── CannotOpen            wrong key, wrong place, damaged, or the version was retired
    ├── keys.KeyDestroyed     this service holds no such key (any more)
    └── keyring.KeyRingError  the ring's file is missing, exposed or malformed
"""

import hashlib
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from nacl import bindings
from nacl.exceptions import CryptoError
from pydantic import ValidationError

from dsr_shared.contracts.base import Contract, SealedV1
from dsr_shared.contracts.words import Purpose

KEY_BYTES: Final = 32
NONCE_BYTES: Final = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_SALT_BYTES: Final = 16
_TOKEN_BLOB_VERSION: Final = b"\x01"
_FIELD_DOMAIN: Final = b"kuukausi sealed field 1"
_TOKEN_DOMAIN: Final = b"kuukausi token blob 1"
_KEY_ID_PERSON: Final = b"kuukausi-key-id"
_TOKEN_KEY_PERSON: Final = b"kuukausi-package"

Model = TypeVar("Model", bound=Contract)


class SealingError(Exception):
    """Anything that keeps sealed data shut."""


class CannotOpen(SealingError):
    """The bytes stay shut; `reason` says why in words that name no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class DataKey:
    """A symmetric key with one purpose; its id commits to purpose and secret. Made by `new_data_key`."""

    key_id: UUID
    purpose: Purpose
    secret: bytes = field(repr=False)


@dataclass(frozen=True)
class SealContext:
    """Where sealed bytes belong: event id, type, case and field; for a table's row its id and the table's name."""

    record_id: UUID
    kind: str
    case_id: UUID
    field: str

    def encode(self, domain: bytes = _FIELD_DOMAIN) -> bytes:
        """Encode as associated data; every part carries its length, so no two contexts encode alike."""
        parts = (domain, self.record_id.bytes, self.kind.encode(), self.case_id.bytes, self.field.encode())
        return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def data_key(purpose: Purpose, secret: bytes) -> DataKey:
    """Make the data key of a known secret, with the id that belongs to it."""
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a data key has {KEY_BYTES} bytes, not {len(secret)}")
    digest = hashlib.blake2b(purpose.encode(), digest_size=16, key=secret, person=_KEY_ID_PERSON).digest()
    return DataKey(key_id=_as_uuid8(digest), purpose=purpose, secret=secret)


def _as_uuid8(digest: bytes) -> UUID:
    value = int.from_bytes(digest, "big") & ~(0xF << 76) & ~(0x3 << 62)
    return UUID(int=value | (0x8 << 76) | (0x2 << 62))


def new_data_key(purpose: Purpose) -> DataKey:
    return data_key(purpose, secrets.token_bytes(KEY_BYTES))


def seal(key: DataKey, plaintext: bytes, context: SealContext) -> SealedV1:
    ciphertext = encrypt(key.secret, plaintext, context.encode())
    return SealedV1.model_construct(key_id=key.key_id, ciphertext=ciphertext)


def open_sealed(key: DataKey, sealed: SealedV1, context: SealContext) -> bytes:
    """Open what `seal` made with the same key in the same context; anything else raises CannotOpen."""
    if sealed.key_id != key.key_id:
        raise CannotOpen(f"sealed with data key {sealed.key_id}, but key {key.key_id} was given")
    return decrypt(key.secret, sealed.ciphertext, context.encode())


def seal_model(key: DataKey, model: Contract, context: SealContext) -> SealedV1:
    return seal(key, model.model_dump_json().encode(), context)


def open_model(key: DataKey, sealed: SealedV1, context: SealContext, cls: type[Model]) -> Model:
    """Open and read as `cls`; CannotOpen where the content does not fit, without a word of the content."""
    plaintext = open_sealed(key, sealed, context)
    try:
        return cls.model_validate_json(plaintext)
    except ValidationError as error:
        problems = error.error_count()
    raise CannotOpen(f"the content of field {context.field!r} is no {cls.__name__} ({problems} problems)")


def new_token() -> str:
    """Make a 256-bit token for a link, in URL-safe characters."""
    return secrets.token_urlsafe(KEY_BYTES)


def hash_token(token: str) -> str:
    """Hash for comparison and storage, SHA-256 in hexadecimal; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_key(token: str, salt: bytes) -> bytes:
    """Derive the package key of a link's token (BLAKE2b keyed with the token, salted); not to be had from its hash."""
    return hashlib.blake2b(digest_size=KEY_BYTES, key=_token_bytes(token), salt=salt, person=_TOKEN_KEY_PERSON).digest()


def _token_bytes(token: str) -> bytes:
    try:
        value = urlsafe_b64decode(token.encode("ascii") + b"=")
    except ValueError:
        value = b""
    if len(value) != KEY_BYTES or urlsafe_b64encode(value).rstrip(b"=").decode() != token:
        raise CannotOpen("the token is not one of ours: 43 URL-safe characters that hold 256 bits")
    return value


def seal_with_token(token: str, plaintext: bytes, context: SealContext) -> bytes:
    """Seal for whoever holds the token: version byte, 16-byte salt, 24-byte nonce, ciphertext and tag."""
    salt = secrets.token_bytes(_SALT_BYTES)
    header = _TOKEN_BLOB_VERSION + salt
    return header + encrypt(token_key(token, salt), plaintext, header + context.encode(_TOKEN_DOMAIN))


def open_with_token(token: str, ciphertext: bytes, context: SealContext) -> bytes:
    """Open what `seal_with_token` made; anything else raises CannotOpen."""
    header, body = ciphertext[: 1 + _SALT_BYTES], ciphertext[1 + _SALT_BYTES :]
    if len(header) != 1 + _SALT_BYTES or header[:1] != _TOKEN_BLOB_VERSION:
        raise CannotOpen("not a package of version 1")
    return decrypt(token_key(token, header[1:]), body, header + context.encode(_TOKEN_DOMAIN))


def encrypt(secret: bytes, plaintext: bytes, associated: bytes) -> bytes:
    """Encrypt under a 32-byte secret and authenticate `associated` with it: 24-byte nonce, ciphertext, 16-byte tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated, nonce, secret)


def decrypt(secret: bytes, sealed: bytes, associated: bytes) -> bytes:
    """Decrypt what `encrypt` made; anything else raises CannotOpen."""
    nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return bytes(bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(body, associated, nonce, secret))
    except (CryptoError, ValueError, TypeError):
        raise CannotOpen("wrong key, another place than it was sealed for, or damaged") from None
