"""Tokens of one-click unsubscribe links (RFC 8058): the address lies sealed in them, so nothing of them is stored.

They are sealed under a key of intake's key ring and bound to one controller. They do not expire: a newsletter may be
read years later, and the key for them outlives the rotation of wrapping keys.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final
from uuid import UUID

from dsr_shared.contracts.base import SealedV1
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import CannotOpen, SealContext, data_key, open_sealed, seal

FIELD: Final = "List-Unsubscribe"
ONE_CLICK: Final = "One-Click"
"""What a mail program posts, and what the header List-Unsubscribe-Post of a newsletter says."""
_STEP: Final = 32
"""Addresses are filled up to a multiple of this, so that a token's length does not tell the address's."""
_ANY: Final = UUID(int=0)


class TokenForged(Exception):
    """Not a token of ours, or another controller's."""


class UnsubscribeTokens:
    """Makes and opens tokens; the same address gets another token each time."""

    def __init__(self, ring: KeyRing) -> None:
        self._key = data_key("arrival", ring.derive_key("unsubscribe link"))

    def make(self, controller_id: str, address: str) -> str:
        plain = address.encode()
        padded = plain + bytes(-len(plain) % _STEP)
        return urlsafe_b64encode(seal(self._key, padded, _context(controller_id)).ciphertext).rstrip(b"=").decode()

    def open(self, controller_id: str, token: str) -> str:
        """The address; raises TokenForged."""
        try:
            ciphertext = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
            sealed = SealedV1.model_construct(key_id=self._key.key_id, ciphertext=ciphertext)
            return open_sealed(self._key, sealed, _context(controller_id)).rstrip(b"\0").decode()
        except (CannotOpen, ValueError):
            raise TokenForged from None


def _context(controller_id: str) -> SealContext:
    return SealContext(record_id=_ANY, kind="unsubscribe", case_id=_ANY, field=controller_id)
