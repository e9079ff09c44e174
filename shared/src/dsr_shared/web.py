"""What every page of ours goes through, public or for staff: its headers, its name, and how much may be sent."""

import ipaddress
from collections.abc import MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

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


def dressed(send: Send, *, is_https: bool) -> Send:
    """Put the security headers on every answer; nothing is cached unless a page says so."""

    async def send_dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            _dress(message, is_https=is_https)
        await send(message)

    return send_dressed


def _dress(message: MutableMapping[str, Any], *, is_https: bool) -> None:
    headers = MutableHeaders(raw=message.setdefault("headers", []))
    for name, value in HEADERS.items():
        headers[name] = value
    headers.setdefault("cache-control", "no-store")
    if is_https:
        headers["strict-transport-security"] = HSTS


def limited(receive: Receive, most_bytes: int) -> Receive:
    """Stop reading a body that grows beyond its limit, whatever its headers say: raises `TooLarge`."""
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > most_bytes:
                raise TooLarge
        return message

    return receive_limited


def peer_of(scope: Scope) -> str:
    """The address at the other end of the connection; empty where there is none."""
    return str(scope["client"][0]) if scope.get("client") else ""


def is_known_host(host: str, scope: Scope, *, configured: str, is_https: bool) -> bool:
    """The configured name; without HTTPS also this machine's own, from this machine alone."""
    if host == configured:
        return True
    is_own_name = urlsplit(f"//{host}").hostname in ("localhost", "127.0.0.1")
    return not is_https and is_own_name and is_loopback(peer_of(scope))


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
