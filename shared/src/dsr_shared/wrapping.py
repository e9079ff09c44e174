"""How a data key is wrapped for one reader: sealed under a secret agreed with the reader's wrapping key (X25519).

An agreement costs thirty times what sealing a key costs. So whoever wraps agrees with a key pair made for it, uses
that for a minute or a thousand keys at most, and forgets it. Only the reader's private key leads back to the secret:

    wrapped = public half of the pair (32 bytes), nonce (24), sealed key (32) and tag (16)
"""

import time
from typing import Final

from nacl import bindings
from nacl.exceptions import CryptoError

from dsr_shared.contracts.base import WrappedKeyV1
from dsr_shared.contracts.words import Service
from dsr_shared.sealing import KEY_BYTES, CannotOpen, DataKey, data_key, decrypt, encrypt

WRAPPED_BYTES: Final = 104
_DOMAIN: Final = b"kuukausi wrapped key 1"
_MOST_KEYS: Final = 1000
_LONGEST_SECONDS: Final = 60.0


class Wrapping:
    """Wraps data keys for one version of a reader's wrapping key."""

    def __init__(self, reader: Service, ring_version: int, public_key: bytes) -> None:
        self.reader: Final = reader
        self.ring_version: Final = ring_version
        self.public_key: Final = public_key
        self._left = 0
        self._until = 0.0

    def wrap(self, key: DataKey) -> WrappedKeyV1:
        if self._left == 0 or time.monotonic() >= self._until:
            self._agree()
        self._left -= 1
        sealed = encrypt(self._secret, key.secret, _associated(self._passing, self.public_key))
        return WrappedKeyV1.model_construct(
            key_id=key.key_id,
            purpose=key.purpose,
            reader=self.reader,
            ring_version=self.ring_version,
            wrapped=self._passing + sealed,
        )

    def _agree(self) -> None:
        self._passing, private = bindings.crypto_box_keypair()
        self._secret = bindings.crypto_box_beforenm(self.public_key, private)
        self._left, self._until = _MOST_KEYS, time.monotonic() + _LONGEST_SECONDS


def unwrap_with(wrapped: WrappedKeyV1, public_key: bytes, private_key: bytes) -> DataKey:
    """Unwrap with one key pair; CannotOpen unless the secret is the one that the key's id and purpose commit to."""
    try:
        key = data_key(wrapped.purpose, open_wrapped(wrapped.wrapped, public_key, private_key))
    except (CannotOpen, ValueError, TypeError):
        raise CannotOpen(f"data key {wrapped.key_id} is not wrapped for version {wrapped.ring_version}") from None
    if key.key_id != wrapped.key_id:
        raise CannotOpen(f"data key {wrapped.key_id} was exchanged or given another purpose on its way")
    return key


def open_wrapped(wrapped: bytes, public_key: bytes, private_key: bytes) -> bytes:
    """The secret of a wrapped key, whoever it belongs to; CannotOpen where it is wrapped for another pair."""
    passing, sealed = wrapped[:KEY_BYTES], wrapped[KEY_BYTES:]
    try:
        secret = bindings.crypto_box_beforenm(passing, private_key)
    except (CryptoError, ValueError, TypeError):
        raise CannotOpen("what was wrapped holds no public key to agree with") from None
    return decrypt(secret, sealed, _associated(passing, public_key))


def _associated(passing: bytes, public_key: bytes) -> bytes:
    return _DOMAIN + passing + public_key
