"""A small OpenID provider on this machine: it signs people in as a test says, and lies where a test asks it to."""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwe, jwt
from joserfc.jwe import JWERegistry
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from joserfc.registry import HeaderParameter
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from tests.connected.in_a_thread import serving_in_a_thread

CLIENT_ID = "kuukausi client"
CLIENT_SECRET = "canary:secret of the client"
ACR = "http://ftn.ficora.fi/2017/loa2"
Claims = dict[str, Any]
RSA_KEY, OTHER_RSA_KEY = (RSAKey.generate_key(2048) for _ in range(2))
EC_KEY = ECKey.generate_key("P-256")


@dataclass
class OpenIdProvider:
    """One sign-in after the other; `change` alters what the next ID token says, `sign` how it is signed."""

    sock: socket.socket
    host: str = "127.0.0.1"
    person: Claims = field(default_factory=lambda: {"name": "Aino Esimerkki", "customer_no": "C-1"})
    change: Callable[[Claims], Claims] = lambda claims: claims
    sign: Callable[[Claims], str] | None = None
    says: Claims = field(default_factory=dict)
    error: str | None = None
    is_down: bool = False
    client_keys: Claims | None = None
    """The client's JWK Set, of a client that shows who it is by private_key_jwt and by nothing else."""
    encrypt: Callable[[str], str] | None = None
    codes: dict[str, Claims] = field(default_factory=dict)
    token_ids: set[str] = field(default_factory=set)
    asked: list[tuple[str, Claims]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self.sock.getsockname()[1]}/oidc"

    def reset(self) -> None:
        self.__dict__.update(OpenIdProvider(self.sock, self.host).__dict__)

    def signed(self, claims: Claims, key: Any = RSA_KEY, algorithm: str = "RS256", **header: Any) -> str:
        """Whatever is asked for, be it ever so wrong: joserfc itself would refuse to make some of it."""
        body = _joined({"alg": algorithm, "kid": "r1", **header}, claims)
        return f"{body}.{_base64url(JWSRegistry.algorithms[algorithm].sign(body.encode(), key))}"

    def encrypted(self, token: str, key: Any = None, **header: Any) -> str:
        """To the client's key, by whatever is asked for; a header of None is left out."""
        assert self.client_keys is not None
        published = next(key for key in self.client_keys["keys"] if key["use"] == "enc")
        header = {"alg": "RSA-OAEP", "enc": "A128GCM", "cty": "JWT", "kid": published["kid"], **header}
        header = {name: value for name, value in header.items() if value is not None}
        known = JWERegistry.algorithms
        registry = JWERegistry({"x": HeaderParameter("", "str")}, [*known["alg"], *known["enc"], *known["zip"]])
        registry.max_protected_header_length = 10**6
        return jwe.encrypt_compact(header, token, key or RSAKey.import_key(published), registry=registry)

    def signed_with_the_public_key(self, claims: Claims) -> str:
        """HS256 with the bytes of the RSA key that everybody knows."""
        body = _joined({"alg": "HS256", "kid": "r1"}, claims)
        return f"{body}.{_base64url(hmac.new(RSA_KEY.as_pem(private=False), body.encode(), hashlib.sha256).digest())}"

    async def _configuration(self, _: Request) -> Response:
        if self.is_down:
            return Response(status_code=503)
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        said = {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in places.items()}}
        return JSONResponse(said | self.says)

    async def _authorize(self, request: Request) -> Response:
        query = dict(request.query_params)
        if self.client_keys:
            query = self._request(query)
        self.asked.append(("authorize", query))
        back = {"state": query["state"]}
        if self.error:
            return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back | {'error': self.error})}", 302)
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return RedirectResponse(f"{query['redirect_uri']}?{urlencode(back | {'code': code})}", 302)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.asked.append(("token", form | {"authorization": request.headers.get("authorization", "")}))
        if not self._is_client(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        begun = self.codes.pop(form["code"], None)
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        is_same = begun is not None and begun["code_challenge"] == _base64url(challenge)
        if begun is None or not is_same or begun["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT_ID, "exp": now + 300, "iat": now, "acr": ACR}
        claims = self.change({**claims, "nonce": begun["nonce"], **self.person})
        token = (self.sign or self.signed)(claims)
        if self.client_keys:
            token = (self.encrypt or self.encrypted)(token)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def _is_client(self, request: Request, form: Claims) -> bool:
        if self.client_keys:
            return self._is_assertion(form)
        if form.get("client_secret") == CLIENT_SECRET:
            return form.get("client_id") == CLIENT_ID
        given = base64.b64decode(request.headers.get("authorization", "Basic ")[6:]).decode()
        return dict(parse_qsl(given.replace(":", "=", 1))) == {CLIENT_ID: CLIENT_SECRET}

    def _is_assertion(self, form: Claims) -> bool:
        """RFC 7523, section 3, as strict as a provider may be."""
        if form.get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer":
            return False
        claims = self._said(form["client_assertion"])
        is_of_client = claims["iss"] == claims["sub"] == form.get("client_id") == CLIENT_ID
        return is_of_client and claims["aud"] == f"{self.issuer}/token" and "client_secret" not in form

    def _request(self, query: Claims) -> Claims:
        """RFC 9101: what was signed counts, and nothing beside it."""
        assert set(query) == {"response_type", "client_id", "scope", "request"}
        asked = self._said(query["request"])
        assert all(asked[name] == query[name] for name in ("response_type", "client_id", "scope"))
        assert (asked["iss"], asked["aud"], "sub" in asked) == (CLIENT_ID, self.issuer, False)
        return {name: value for name, value in asked.items() if name not in ("iss", "aud", "jti", "iat", "exp")}

    def _said(self, token: str) -> Claims:
        """What the client signed, soon to end and never told before."""
        assert self.client_keys is not None
        found = jwt.decode(token, KeySet.import_key_set(self.client_keys), algorithms=["RS256"])
        assert found.header["kid"] == self.client_keys["keys"][0]["kid"]
        now = time.time()
        assert now - 5 < found.claims["iat"] <= now < found.claims["exp"] <= now + 600
        assert len(found.claims["jti"]) > 20
        assert found.claims["jti"] not in self.token_ids
        self.token_ids.add(found.claims["jti"])
        return found.claims

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [RSA_KEY.as_dict(kid="r1", use="sig"), EC_KEY.as_dict(kid="e1")]})

    @contextmanager
    def serving(self) -> Iterator["OpenIdProvider"]:
        base = urlsplit(self.issuer).path
        routes = [
            Route(f"{base}/.well-known/openid-configuration", self._configuration),
            Route(f"{base}/authorize", self._authorize),
            Route(f"{base}/token", self._token, methods=["POST"]),
            Route(f"{base}/jwks", self._jwks),
        ]
        with serving_in_a_thread(routes, sock=self.sock):
            yield self


def _joined(*parts: Claims) -> str:
    return ".".join(_base64url(json.dumps(part).encode()) for part in parts)


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
