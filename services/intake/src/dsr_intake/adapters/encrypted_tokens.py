"""Opening an ID token that was encrypted to one of our keys (RFC 7516), by joserfc.

That proves nothing yet, for anybody has our public key: what lies in it is checked like any other ID token.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from dsr_intake.domain.sign_in import SignInRefused

if TYPE_CHECKING:
    from joserfc.jwk import GuestProtocol, RSAKey

ALGORITHMS: Final = frozenset({"RSA-OAEP", "RSA-OAEP-256", "A128GCM", "A256GCM", "A128CBC-HS256"})
"""For the key, and for what is encrypted by it. Not among them: `dir`, RSA1_5, and compression, which may grow."""


def opened_token(token: str, keys: "Mapping[str, RSAKey]") -> str:
    """The signed token inside; raises SignInRefused, for a token that is not encrypted too. `keys` by their ids."""
    from joserfc import jwe
    from joserfc.errors import JoseError

    def key_for(found: "GuestProtocol") -> "RSAKey":
        header = found.headers()
        if "zip" in header or "crit" in header:
            raise SignInRefused("encryption")
        return _named(header.get("kid"), keys)

    registry = jwe.JWERegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return (jwe.decrypt_compact(token.encode(), key_for, registry=registry).plaintext or b"").decode("ascii")
    except (JoseError, ValueError, TypeError, RecursionError):
        raise SignInRefused("encryption") from None


def _named(key_id: object, keys: "Mapping[str, RSAKey]") -> "RSAKey":
    """The key that a header names; where it names none, the only one that there is."""
    if key_id is None and len(keys) == 1:
        return next(iter(keys.values()))
    if not isinstance(key_id, str) or key_id not in keys:
        raise SignInRefused("key")
    return keys[key_id]
