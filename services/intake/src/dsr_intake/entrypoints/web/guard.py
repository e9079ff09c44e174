"""What every request passes before a page sees it: who may come, how much may be sent, which headers go out."""

import ipaddress
from collections.abc import Sequence
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dsr_shared.web import dressed, is_known_host, limited, peer_of

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
LOCAL_NETWORKS: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")
)
MAX_BODY_BYTES: Final = 128 * 1024
MAX_URL_BYTES: Final = 2048


class Guard:
    """Refuses what no page shall see, and dresses every answer."""

    def __init__(self, app: ASGIApp, *, public_url: str, trusted_proxies: Sequence[str] = ()) -> None:
        self._app = app
        public = urlsplit(public_url)
        self._host = public.netloc.lower()
        self._is_https = public.scheme == "https"
        self._trusted = tuple(ipaddress.ip_network(network) for network in trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["peer"] = peer = self._peer(scope, headers)
        refusal = self._refusal(scope, headers, peer)
        target: ASGIApp = refusal or self._app
        await target(scope, limited(receive, MAX_BODY_BYTES), dressed(send, is_https=self._is_https))

    def _peer(self, scope: Scope, headers: Headers) -> str:
        """The network address that counts: behind a trusted proxy the one that this proxy saw."""
        direct = peer_of(scope)
        forwarded = headers.get("x-forwarded-for", "")
        if forwarded and _is_in(direct, self._trusted):
            return forwarded.rsplit(",", 1)[-1].strip()
        return direct

    def _refusal(self, scope: Scope, headers: Headers, peer: str) -> PlainTextResponse | None:
        if not self._is_https and not is_local(peer):
            return PlainTextResponse(
                "This service has no HTTPS yet, so it answers local addresses only. Put a TLS proxy in front of it "
                "and set INTAKE_PUBLIC_URL to its https:// address.\n",
                403,
            )
        host = headers.get("host", "").lower()
        if not is_known_host(host, scope, configured=self._host, is_https=self._is_https):
            return PlainTextResponse("This service is not reached under this name.\n", 421)
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > MAX_URL_BYTES:
            return PlainTextResponse("The address is too long.\n", 414)
        if int(_digits(headers.get("content-length", "0"))) > MAX_BODY_BYTES:
            return PlainTextResponse("Too much was sent at once; shorten your message.\n", 413)
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return PlainTextResponse(
                "This form was sent from another site. Open our own page and send it there.\n", 403
            )
        return None


def is_local(address: str) -> bool:
    """Whether an address belongs to this machine or to a private network."""
    return _is_in(address, LOCAL_NETWORKS)


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in networks)


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 19 else str(MAX_BODY_BYTES + 1)
