"""What every page of ours goes through, public or for staff: its headers, its name, and how much may be sent."""

import ipaddress
import re
from collections.abc import MutableMapping, Sequence
from functools import lru_cache
from typing import Any, Final

from starlette.types import Message, Receive, Scope, Send

HSTS: Final = "max-age=31536000; includeSubDomains"
_NO_FRAMES: Final = "frame-ancestors 'none'"
_ORIGIN: Final = re.compile(r"https://[a-z0-9.-]+(?::\d{1,5})?")
SANDBOXED: Final = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; " + _NO_FRAMES
"""For what others sent and we hand out as a file: whatever it is, it runs nowhere."""
HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; " + _NO_FRAMES
    ),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_OURS: Final = frozenset(name.encode() for name in (*HEADERS, "strict-transport-security"))


class TooLarge(Exception):
    """The body is longer than any form of ours."""


def dressed(send: Send, *, is_https: bool, scope: Scope | None = None) -> Send:
    """Put the security headers on every answer; nothing is cached unless a page says so.

    A page may name in `scope["frame_origins"]` the origins that may show it in a frame; without them nobody may.
    """

    async def send_dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            _dress(message, is_https=is_https, frame_origins=(scope or {}).get("frame_origins", ()))
        await send(message)

    return send_dressed


def _dress(message: MutableMapping[str, Any], *, is_https: bool, frame_origins: Sequence[str]) -> None:
    given: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
    is_sandboxed = (b"content-security-policy", SANDBOXED.encode()) in given
    kept = [header for header in given if header[0] not in _OURS]
    if not any(name == b"cache-control" for name, _ in kept):
        kept.append((b"cache-control", b"no-store"))
    message["headers"] = [*kept, *_ours(is_https, is_sandboxed, tuple(frame_origins))]


@lru_cache(maxsize=256)
def _ours(is_https: bool, is_sandboxed: bool, frame_origins: tuple[str, ...]) -> tuple[tuple[bytes, bytes], ...]:
    """The security headers of an answer; there are only a few kinds of answers."""
    headers = dict(HEADERS)
    if is_sandboxed:
        headers["content-security-policy"] = SANDBOXED
    origins = [origin for origin in frame_origins if _ORIGIN.fullmatch(origin)]
    if origins:
        policy = HEADERS["content-security-policy"].replace(_NO_FRAMES, f"frame-ancestors {' '.join(origins)}")
        headers["content-security-policy"] = policy
        del headers["x-frame-options"]
    if is_https:
        headers["strict-transport-security"] = HSTS
    return tuple((name.encode(), value.encode()) for name, value in headers.items())


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
    name, _, port = host.partition(":")
    is_own_name = name in ("localhost", "127.0.0.1") and (not port or port.isdigit())
    return not is_https and is_own_name and is_loopback(peer_of(scope))


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
