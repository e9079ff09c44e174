"""Talks to a provider of the register: what it says of itself, its keys, and an ID token for a code.

Every request goes to the issuer's own scheme, host and port, whatever the provider writes into its configuration:
a register names one host, and no answer can send us, or our secret, to another. Redirects are not followed.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus, urlencode, urlsplit

from dsr_intake.adapters.client_keys import ClientKeyFiles, ClientKeys
from dsr_intake.adapters.encrypted_tokens import opened_token
from dsr_intake.adapters.id_tokens import verified_claims
from dsr_intake.domain.sign_in import (
    Answer,
    Asked,
    ProviderUnreachable,
    SignInRefused,
    authorisation_query,
    client_assertion,
    query_of_request,
    request_object,
)
from dsr_shared.contracts.controllers import SignInV1
from dsr_shared.sealing import new_token

if TYPE_CHECKING:
    import httpx

_SECONDS: Final = 10.0
_MAX_ANSWER_BYTES: Final = 256 * 1024
_MAX_SECRET_BYTES: Final = 4096
_ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class SignInSecrets:
    """Client secrets as files named for their controller, in one directory; read at each use, so a new one counts."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    def of(self, controller_id: str) -> str | None:
        """None where there is none: then nobody is offered to sign in."""
        if self._directory is None:
            return None
        try:
            text = (self._directory / controller_id).read_bytes()[:_MAX_SECRET_BYTES].decode().strip()
        except (OSError, UnicodeDecodeError):
            return None
        return text or None


@dataclass(frozen=True, slots=True)
class _Configuration:
    """OpenID Connect Discovery 1.0, as far as we need it."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_secret_in_form: bool
    says_who_answers: bool


class OpenIdProvider:
    """Nothing is remembered between sign-ins: they are rare, and a provider may change its keys at any time."""

    def __init__(
        self,
        secrets: SignInSecrets,
        keys: ClientKeyFiles,
        *,
        may_be_local: bool,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secrets = secrets
        self._keys = keys
        self._may_be_local = may_be_local
        self._clock = clock

    def is_ready(self, controller_id: str, sign_in: SignInV1 | None) -> bool:
        """Whether there is a provider that we may talk to, and a secret or keys for it."""
        if sign_in is None or not self._is_safe(sign_in.issuer):
            return False
        if sign_in.client_authentication == "private_key_jwt":
            return self._keys.of(controller_id) is not None
        return self._secrets.of(controller_id) is not None

    def public_keys(self, controller_id: str, sign_in: SignInV1 | None) -> dict[str, Any] | None:
        """The JWK Set by which a provider knows us; None where we have no keys for it."""
        if sign_in is None or sign_in.client_authentication != "private_key_jwt":
            return None
        keys = self._keys.of(controller_id)
        return keys.public if keys else None

    async def address(self, controller_id: str, sign_in: SignInV1, asked: Asked) -> str:
        """Where the browser goes to sign in; raises ProviderUnreachable."""
        async with self._client() as client:
            configuration = await self._discover(client, sign_in)
        endpoint = configuration.authorization_endpoint
        joint = "&" if urlsplit(endpoint).query else "?"
        return f"{endpoint}{joint}{urlencode(self._query(controller_id, sign_in, asked))}"

    def _query(self, controller_id: str, sign_in: SignInV1, asked: Asked) -> dict[str, str]:
        if sign_in.client_authentication == "private_key_jwt":
            told = request_object(sign_in, asked, new_token(), int(self._clock()))
            return query_of_request(sign_in, self._keys_of(controller_id).signed(told))
        return authorisation_query(sign_in, asked)

    async def claims(self, controller_id: str, sign_in: SignInV1, answer: Answer) -> dict[str, Any]:
        """What the provider proves about whoever signed in; raises SignInError."""
        async with self._client() as client:
            configuration = await self._discover(client, sign_in)
            if answer.issuer != sign_in.issuer and (answer.issuer or configuration.says_who_answers):
                raise SignInRefused("issuer")
            token = await self._redeem(client, configuration, controller_id, sign_in, answer)
            keys = _objects((await self._ask(client, "GET", configuration.jwks_uri)).get("keys"))
        return verified_claims(token, keys, sign_in, answer.secret.nonce, self._clock())

    async def _discover(self, client: "httpx.AsyncClient", sign_in: SignInV1) -> _Configuration:
        if not self._is_safe(sign_in.issuer):
            raise ProviderUnreachable("the issuer is not an https:// address")
        said = await self._ask(client, "GET", f"{sign_in.issuer.rstrip('/')}/.well-known/openid-configuration")
        if said.get("issuer") != sign_in.issuer:
            raise ProviderUnreachable("the provider calls itself otherwise than the register does")
        endpoints = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if not all(_is_at(sign_in.issuer, said.get(name)) for name in endpoints):
            raise ProviderUnreachable("an endpoint of the provider lies elsewhere than its issuer")
        methods = said.get("token_endpoint_auth_methods_supported")
        return _Configuration(
            authorization_endpoint=said["authorization_endpoint"],
            token_endpoint=said["token_endpoint"],
            jwks_uri=said["jwks_uri"],
            takes_secret_in_form=isinstance(methods, list) and "client_secret_basic" not in methods,
            says_who_answers=said.get("authorization_response_iss_parameter_supported") is True,
        )

    async def _redeem(
        self,
        client: "httpx.AsyncClient",
        configuration: _Configuration,
        controller_id: str,
        sign_in: SignInV1,
        answer: Answer,
    ) -> str:
        """The signed ID token for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": answer.code,
            "redirect_uri": answer.redirect_uri,
            "code_verifier": answer.secret.verifier,
        }
        proven = self._proven(form, configuration, controller_id, sign_in)
        token = (await self._ask(client, "POST", configuration.token_endpoint, **proven)).get("id_token")
        if not isinstance(token, str):
            raise SignInRefused("provider_error")
        if sign_in.client_authentication == "private_key_jwt":
            return opened_token(token, self._keys_of(controller_id).opening)
        return token

    def _proven(
        self, form: dict[str, str], configuration: _Configuration, controller_id: str, sign_in: SignInV1
    ) -> dict[str, Any]:
        """The form, and that it comes from the client (OpenID Connect Core, section 9)."""
        if sign_in.client_authentication == "private_key_jwt":
            told = client_assertion(sign_in, configuration.token_endpoint, new_token(), int(self._clock()))
            assertion = self._keys_of(controller_id).signed(told)
            form |= {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}
            return {"data": form | {"client_id": sign_in.client_id}}
        secret = self._secrets.of(controller_id)
        if secret is None:
            raise ProviderUnreachable("there is no client secret for this controller")
        if configuration.takes_secret_in_form:
            return {"data": form | {"client_id": sign_in.client_id, "client_secret": secret}}
        return {"data": form, "auth": (quote_plus(sign_in.client_id), quote_plus(secret))}

    def _keys_of(self, controller_id: str) -> ClientKeys:
        keys = self._keys.of(controller_id)
        if keys is None:
            raise ProviderUnreachable("there are no keys for this controller")
        return keys

    async def _ask(self, client: "httpx.AsyncClient", method: str, url: str, **values: Any) -> dict[str, Any]:
        """The JSON object that comes back; raises ProviderUnreachable, or SignInRefused where a code is not taken."""
        import httpx

        try:
            async with asyncio.timeout(_SECONDS), client.stream(method, url, **values) as response:
                body = await _read(response)
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            text = f"the provider cannot be reached ({type(error).__name__})"
            raise ProviderUnreachable(text) from None  # its text may hold what was sent
        if method == "POST" and response.status_code == 400:
            raise SignInRefused("provider_error")
        if response.status_code != 200:
            raise ProviderUnreachable(f"the provider answers with HTTP {response.status_code}")
        return _object(body)

    def _client(self) -> "httpx.AsyncClient":
        import httpx  # only where a register names a provider: 10 MB

        context = ssl.create_default_context()
        plain = {"accept": "application/json", "accept-encoding": "identity"}
        return httpx.AsyncClient(timeout=_SECONDS, verify=context, follow_redirects=False, headers=plain)

    def _is_safe(self, issuer: str) -> bool:
        parts = urlsplit(issuer)
        if parts.scheme == "https":
            return bool(parts.hostname) and parts.username is None
        return self._may_be_local and parts.scheme == "http" and _is_loopback(parts.hostname or "")


async def _read(response: "httpx.Response") -> bytes:
    """The bytes as they came: nothing is unpacked, so none can grow."""
    body = b""
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > _MAX_ANSWER_BYTES:
            raise ProviderUnreachable("the provider's answer is too long")
    return body


def _is_at(issuer: str, place: object) -> bool:
    """Whether an endpoint lies at the very origin that the register names."""
    if not isinstance(place, str) or not place.isascii() or not place.isprintable() or " " in place:
        return False
    here, there = urlsplit(issuer), urlsplit(place)
    return (here.scheme, here.netloc) == (there.scheme, there.netloc) and not there.fragment


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _object(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise ProviderUnreachable("the provider does not answer as it must")
    return answer


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
