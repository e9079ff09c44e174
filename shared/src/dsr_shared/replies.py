"""How an answer to a letter finds its case: by a token in the reply address, and by who writes.

Fulfilment makes the token and says to whom a letter goes, as a hash keyed with it. Intake sees the token in the
address of the answer, or opens it for an answer to one of our Message-IDs, and then asks: does this sender have that
hash? So it never learns an address that nobody wrote from.
"""

import hashlib
import hmac
import unicodedata
from base64 import b32encode
from typing import Final

TOKEN_BYTES: Final = 16
TOKEN_CHARS: Final = 26


def reply_token(secret: bytes) -> str:
    """A token of secret bytes that survives mail programs: short, in lower-case letters and digits."""
    if len(secret) < TOKEN_BYTES:
        raise ValueError(f"{len(secret)} bytes are too few for a reply token; give at least {TOKEN_BYTES}")
    return b32encode(secret[:TOKEN_BYTES]).decode("ascii").rstrip("=").lower()


def recipient_hash(token: str, address: str) -> str:
    """HMAC-SHA-256 of an address, keyed with the token, in hexadecimal; case and Unicode form do not matter."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold()).strip()
    return hmac.new(token.encode(), plain.encode(), hashlib.sha256).hexdigest()


def is_recipient(token: str, address: str, expected: str) -> bool:
    """Whether the hash is this address's."""
    return hmac.compare_digest(recipient_hash(token, address), expected)
