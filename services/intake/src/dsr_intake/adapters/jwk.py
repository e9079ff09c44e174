"""A key out of its JSON (RFC 7517), by joserfc: only what makes the key is taken, and none that is too short."""

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

_PUBLIC: Final = ("kty", "n", "e", "crv", "x", "y")
_PRIVATE: Final = ("d", "p", "q", "dp", "dq", "qi")


def key_of(jwk: Mapping[str, Any], *, with_private_part: bool) -> "RSAKey | ECKey":
    """An RSA key of 2048 bits or more, or an EC key; raises ValueError. What a key says of its use is the caller's."""
    from joserfc.errors import JoseError, SecurityWarning
    from joserfc.jwk import ECKey, RSAKey

    names = (*_PUBLIC, *_PRIVATE) if with_private_part else _PUBLIC
    parts = {name: value for name, value in jwk.items() if name in names}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SecurityWarning)  # an RSA key under 2048 bits
            return ECKey.import_key(parts) if parts.get("kty") == "EC" else RSAKey.import_key(parts)
    except (JoseError, SecurityWarning, ValueError, TypeError, KeyError) as error:
        raise ValueError("it is no key that can be used") from error
