"""Whether an ID token says what it must (OpenID Connect Core 1.0, section 3.1.3.7), by PyJWT."""

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, Final

from dsr_intake.domain.sign_in import SignInRefused
from dsr_shared.contracts.controllers import SignInV1

ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Signatures by a private key of the provider. `none`, and those by a secret that both sides know, prove nothing."""
MOST_SECONDS_OLD: Final = 600
_LEEWAY_SECONDS: Final = 60
_DEMANDED: Final = ("iss", "sub", "aud", "exp", "iat", "nonce")


def verified_claims(
    token: str, keys: Sequence[Mapping[str, Any]], sign_in: SignInV1, nonce: str, now_seconds: float
) -> dict[str, Any]:
    """The claims of a token that this provider signed for us, in answer to this very question; raises SignInRefused."""
    import jwt  # only where a register names a provider: 10 MB with cryptography

    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS or "crit" in header:
            raise SignInRefused("token")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(keys, header.get("kid"), algorithm),
            algorithms=[algorithm],
            audience=sign_in.client_id,
            issuer=sign_in.issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": list(_DEMANDED), "enforce_minimum_key_length": True},
        )
    except jwt.InvalidAudienceError:
        raise SignInRefused("audience") from None
    except jwt.InvalidIssuerError:
        raise SignInRefused("issuer") from None
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError):
        raise SignInRefused("too_old") from None
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise SignInRefused("token") from None
    _check(claims, sign_in, nonce, now_seconds)
    return claims


def _check(claims: Mapping[str, Any], sign_in: SignInV1, nonce: str, now_seconds: float) -> None:
    """What PyJWT leaves to us: nobody else may be meant, it is fresh, and it answers our question."""
    if claims["aud"] not in (sign_in.client_id, [sign_in.client_id]):
        raise SignInRefused("audience")
    if claims.get("azp", sign_in.client_id) != sign_in.client_id:
        raise SignInRefused("audience")
    if not isinstance(claims["iat"], int | float) or claims["iat"] < now_seconds - MOST_SECONDS_OLD:
        raise SignInRefused("too_old")
    if not isinstance(claims["nonce"], str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise SignInRefused("nonce")


def _key(keys: Sequence[Mapping[str, Any]], key_id: object, algorithm: str) -> Any:
    """The one key that the token can be signed with; a set that leaves a choice, or none, is refused."""
    import jwt

    kind = "EC" if algorithm.startswith("ES") else "RSA"
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
        and (key_id is None or key.get("kid") == key_id)
    ]
    if len(fitting) != 1:
        raise SignInRefused("key")
    public = {name: value for name, value in fitting[0].items() if name in ("kty", "n", "e", "crv", "x", "y")}
    return jwt.PyJWK(public, algorithm=algorithm).key
