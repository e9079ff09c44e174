"""What every request passes before a page sees it: under which name, how much, from which site; and the headers."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES: Final = 64 * 1024
MAX_URL_BYTES: Final = 2048
HSTS: Final = "max-age=31536000; includeSubDomains"
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class TooLarge(Exception):
    """The body is longer than any form of ours."""


class Guard:
    """Refuses what no page shall see, and dresses every answer."""

    def __init__(self, pages: Starlette, *, console_url: str) -> None:
        self.pages = pages
        address = urlsplit(console_url)
        self._host = address.netloc.lower()
        self._is_https = address.scheme == "https"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        target: ASGIApp = self._refusal(scope, Headers(scope=scope)) or self.pages
        await target(scope, _limited(receive), self._dressed(send))

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        if not self._knows_host(headers.get("host", "").lower(), scope):
            return PlainTextResponse("The console is not reached under this name.\n", 421)
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > MAX_URL_BYTES:
            return PlainTextResponse("The address is too long.\n", 414)
        if scope["method"] == "POST" and not _is_own(headers):
            return PlainTextResponse("This form was sent from another site. Open the console and send it there.\n", 403)
        return None

    def _knows_host(self, host: str, scope: Scope) -> bool:
        """The configured name; without HTTPS also this machine's own, from this machine alone."""
        if host == self._host:
            return True
        client = scope["client"][0] if scope.get("client") else ""
        is_own_name = urlsplit(f"//{host}").hostname in ("localhost", "127.0.0.1")
        return not self._is_https and is_own_name and _is_loopback(client)

    def _dressed(self, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if self._is_https:
                    headers["strict-transport-security"] = HSTS
            await send(message)

        return dressed


def _is_own(headers: Headers) -> bool:
    """Whether a form comes from a page of ours; a browser says so, a script of the staff says nothing."""
    origin = headers.get("origin")
    is_own_origin = origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return is_own_origin and headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _limited(receive: Receive) -> Receive:
    """Stops reading a body that grows beyond its limit, whatever its headers say."""
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > MAX_BODY_BYTES:
                raise TooLarge
        return message

    return limited
