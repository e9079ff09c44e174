"""Signing in at a provider that the controller's register names (OpenID Connect Core 1.0, authorisation code flow).

One secret in the browser's cookie binds everything to that browser: the nonce and the PKCE verifier are derived from
it, and the database knows its hash. Whoever holds the code or the state alone holds nothing.

SignInError
├── ProviderUnreachable   the provider does not answer, or not as it must: trying again later may help
└── SignInRefused         the answer proves nothing; `reason` is a word of ours
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from uuid import UUID

from dsr_shared.contracts.controllers import SignInV1
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.contracts.words import Language

Reason = Literal[
    "cancelled", "state", "provider_error",
    "encryption", "token", "key", "audience", "issuer", "nonce", "acr", "too_old",
]  # fmt: skip
_MOST_CHARACTERS: Final = 254
_REQUEST_SECONDS: Final = 600
"""As long as a sign-in may take; brokers advise the same."""
_ASSERTION_SECONDS: Final = 120


class SignInError(Exception):
    """Nothing was proved; no text of it holds anything that came back."""


class ProviderUnreachable(SignInError):
    """The provider does not answer, or not as the standard wants it."""


class SignInRefused(SignInError):
    """An answer came that proves nothing."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"the sign-in was not accepted: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class BrowserSecret:
    """What only the browser that began knows."""

    text: str = field(repr=False)

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """RFC 7636: 43 characters."""
        return self._derived("code verifier")

    @property
    def code_challenge(self) -> str:
        return _base64url(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, what: str) -> str:
        return _base64url(hmac.new(self.text.encode(), what.encode(), hashlib.sha256).digest())


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that began for a case, and whose answer was taken: it can't be taken again."""

    state_hash: str
    case_id: UUID
    secret: BrowserSecret


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser takes along to the provider."""

    redirect_uri: str
    state: str = field(repr=False)
    secret: BrowserSecret
    language: Language


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back from the provider."""

    redirect_uri: str
    code: str = field(repr=False)
    secret: BrowserSecret
    issuer: str | None = None
    """RFC 9207: who says to have answered, where the provider says so."""


def authorisation_query(sign_in: SignInV1, asked: Asked) -> dict[str, str]:
    """The parameters of the authentication request."""
    query = {
        "response_type": "code",
        "client_id": sign_in.client_id,
        "redirect_uri": asked.redirect_uri,
        "scope": " ".join(sign_in.scopes),
        "state": asked.state,
        "nonce": asked.secret.nonce,
        "code_challenge": asked.secret.code_challenge,
        "code_challenge_method": "S256",
        "ui_locales": asked.language,
        "prompt": "login",
    }
    return query | ({"acr_values": " ".join(sign_in.acr_values)} if sign_in.acr_values else {})


def request_object(sign_in: SignInV1, asked: Asked, token_id: str, now_seconds: int) -> dict[str, str | int]:
    """The same parameters, to be signed (RFC 9101). Without `sub`: it can't be taken for a client assertion."""
    return {
        **authorisation_query(sign_in, asked),
        **_signed_by_us(sign_in, sign_in.issuer, token_id, now_seconds, _REQUEST_SECONDS),
    }


def query_of_request(sign_in: SignInV1, signed: str) -> dict[str, str]:
    """The parameters beside a signed request: the three that OpenID Connect wants in clear (Core, section 6.1)."""
    return {
        "response_type": "code",
        "client_id": sign_in.client_id,
        "scope": " ".join(sign_in.scopes),
        "request": signed,
    }


def client_assertion(sign_in: SignInV1, token_endpoint: str, token_id: str, now_seconds: int) -> dict[str, str | int]:
    """Who asks at the token endpoint (RFC 7523, section 3), to be signed; for this one request."""
    return {
        **_signed_by_us(sign_in, token_endpoint, token_id, now_seconds, _ASSERTION_SECONDS),
        "sub": sign_in.client_id,
    }


def _signed_by_us(
    sign_in: SignInV1, audience: str, token_id: str, now_seconds: int, seconds: int
) -> dict[str, str | int]:
    """Who says it, to whom, once, and until when (RFC 7519, section 4.1)."""
    return {
        "iss": sign_in.client_id,
        "aud": audience,
        "jti": token_id,
        "iat": now_seconds,
        "exp": now_seconds + seconds,
    }


def person_of(sign_in: SignInV1, claims: Mapping[str, object]) -> PersonV1:
    """Who signed in, by the claims that the register names; an address counts only where the provider checked it."""
    is_checked = claims.get("email_verified") is True
    named = {name: _text(claims, claim) for name, claim in sign_in.identifier_claims.items()}
    return PersonV1(
        name=_text(claims, sign_in.name_claim),
        email=_text(claims, sign_in.email_claim) if is_checked else None,
        identifiers={name: value for name, value in named.items() if value},
    )


def acr_of(sign_in: SignInV1, claims: Mapping[str, object]) -> str | None:
    """The level of assurance where the register demands one; raises SignInRefused for any other."""
    if not sign_in.acr_values:
        return None
    acr = claims.get("acr")
    if not isinstance(acr, str) or acr not in sign_in.acr_values:
        raise SignInRefused("acr")
    return acr


def _text(claims: Mapping[str, object], claim: str | None) -> str | None:
    value = claims.get(claim) if claim else None
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return text if text and len(text) <= _MOST_CHARACTERS and text.isprintable() else None


def _base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
