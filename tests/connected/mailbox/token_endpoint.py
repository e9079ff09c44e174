"""A provider's token endpoint as a small web server: it does as the test says and counts what it was asked."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.connected.in_a_thread import serving_in_a_thread

CLIENT_ID = "kuukausi-client"
CLIENT_SECRET = "canary-client-secret"
REFRESH_TOKEN = "canary-refresh-token"


@dataclass
class TokenEndpoint:
    """Tokens are good for one mailbox each, until they are revoked."""

    port: int
    mailbox: str = ""
    life_seconds: int = 3600
    refusal: tuple[str, str] | None = None
    status: int = 400
    next_refresh_token: str | None = None
    refresh_tokens: set[str] = field(default_factory=lambda: {REFRESH_TOKEN})
    living: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tenant/oauth2/v2.0/token"

    @property
    def introspection_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/introspect"

    def reset(self, mailbox: str) -> None:
        fresh = TokenEndpoint(self.port, mailbox)
        self.__dict__.update(fresh.__dict__)

    def revoke_all(self) -> None:
        self.living.clear()

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.asked.append(form)
        if self.refusal is not None:
            error, description = self.refusal
            return JSONResponse({"error": error, "error_description": description}, self.status)
        if form.get("client_id") != CLIENT_ID or form.get("client_secret") != CLIENT_SECRET:
            return JSONResponse({"error": "invalid_client"}, 401)
        if form["grant_type"] == "refresh_token" and form["refresh_token"] not in self.refresh_tokens:
            return JSONResponse({"error": "invalid_grant"}, 400)
        token = f"canary-token-{secrets.token_urlsafe(16)}"
        self.living[token] = self.mailbox
        answer: dict[str, object] = {"access_token": token, "token_type": "Bearer", "expires_in": self.life_seconds}
        if self.next_refresh_token:
            answer["refresh_token"] = self.next_refresh_token
            self.refresh_tokens = {self.next_refresh_token}
        return JSONResponse(answer)

    async def _introspect(self, request: Request) -> Response:
        token = str((await request.form())["token"])
        mailbox = self.living.get(token)
        return JSONResponse({"active": mailbox is not None, "username": mailbox or ""})

    @contextmanager
    def serving(self) -> Iterator["TokenEndpoint"]:
        routes = [
            Route("/tenant/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route("/introspect", self._introspect, methods=["POST"]),
        ]
        with serving_in_a_thread(routes, port=self.port):
            yield self
