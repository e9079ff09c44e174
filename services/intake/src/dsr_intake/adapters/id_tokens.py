"""Whether an ID token says what it must (OpenID Connect Core 1.0, section 3.1.3.7), by joserfc."""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from dsr_intake.adapters.jwk import key_of
from dsr_intake.domain.sign_in import Reason, SignInRefused
from dsr_shared.contracts.controllers import SignInV1

if TYPE_CHECKING:
    from joserfc.jwk import ECKey, RSAKey

ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
"""Signatures by a private key of the provider. `none`, and those by a secret that both sides know, prove nothing."""
MOST_SECONDS_OLD: Final = 600
_LEEWAY_SECONDS: Final = 60
_MOST_HEADER_BYTES: Final = 8192
_DEMANDED: Final = ("iss", "sub", "aud", "exp", "iat", "nonce")
_REASONS: Final[Mapping[str, Reason]] = {
    "aud": "audience",
    "iss": "issuer",
    "exp": "too_old",
    "iat": "too_old",
    "nbf": "too_old",
}


def verified_claims(
    token: str, keys: Sequence[Mapping[str, Any]], sign_in: SignInV1, nonce: str, now_seconds: float
) -> dict[str, Any]:
    """The claims of a token that this provider signed for us, in answer to this very question; raises SignInRefused."""
    # Only where a register names a provider: 10 MB with cryptography.
    from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError

    try:
        claims = _signed_claims(token, keys)
        _check(claims, sign_in, nonce, now_seconds)
    except (ExpiredTokenError, InvalidClaimError) as error:
        raise SignInRefused(_REASONS.get(error.claim, "token")) from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise SignInRefused("token") from None
    return claims


def _signed_claims(token: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    from joserfc import jws

    registry = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    registry.max_header_length = _MOST_HEADER_BYTES
    found = jws.extract_compact(token.encode(), registry=registry)
    header = found.headers()
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or "crit" in header or "b64" in header:
        raise SignInRefused("token")
    if not jws.validate_compact(found, _key(keys, header.get("kid"), algorithm), registry=registry):
        raise SignInRefused("token")
    claims = json.loads(found.payload or b"")
    if not isinstance(claims, dict):
        raise SignInRefused("token")
    return claims


def _check(claims: dict[str, Any], sign_in: SignInV1, nonce: str, now_seconds: float) -> None:
    """It is of this provider, for us and nobody else, fresh, and answers our question; raises JoseError too."""
    from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

    options: dict[str, ClaimsOption] = {name: {"essential": True} for name in _DEMANDED}
    options["iss"]["value"], options["aud"]["value"] = sign_in.issuer, sign_in.client_id
    JWTClaimsRegistry(int(now_seconds), _LEEWAY_SECONDS, **options).validate(claims)
    if claims["aud"] not in (sign_in.client_id, [sign_in.client_id]):
        raise SignInRefused("audience")
    if claims.get("azp", sign_in.client_id) != sign_in.client_id:
        raise SignInRefused("audience")
    if claims["iat"] < now_seconds - MOST_SECONDS_OLD:
        raise SignInRefused("too_old")
    if not isinstance(claims["nonce"], str) or not hmac.compare_digest(claims["nonce"].encode(), nonce.encode()):
        raise SignInRefused("nonce")


def _key(keys: Sequence[Mapping[str, Any]], key_id: object, algorithm: str) -> "RSAKey | ECKey":
    """The one key that the token can be signed with; a set that leaves a choice, or none, is refused."""
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
    return key_of(fitting[0], with_private_part=False)
