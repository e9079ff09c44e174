"""What every request passes before a page sees it: who may come, how much may be sent, which headers go out."""

import ipaddress
import re
from collections.abc import Sequence
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dsr_intake.entrypoints.web.api_problems import Problem
from dsr_shared.web import dressed, is_known_host, limited, peer_of

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
LOCAL_NETWORKS: Final[tuple[Network, ...]] = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10")
)
MAX_BODY_BYTES: Final = 128 * 1024
MAX_FILES_BYTES: Final = 64 * 1024 * 1024
"""On the pages that take files: more than they keep, so that they can say what was too much."""
_TAKES_FILES: Final = re.compile(r"^/[a-z][a-z0-9-]{1,39}/(?:files|status/[A-Za-z0-9_-]{43}/add|api/v1/requests)$")
_OF_API: Final = re.compile(r"^/[a-z][a-z0-9-]{1,39}/api/")
MAX_URL_BYTES: Final = 2048
MAX_ANSWER_URL_BYTES: Final = 8192
"""Back from a provider of sign-ins, whose codes may be long."""
_ANSWERS: Final = re.compile(r"^/[a-z][a-z0-9-]{1,39}/sign-in/done$")
_NEEDS_NO_PAGE: Final = re.compile(r"^/[a-z][a-z0-9-]{1,39}/(?:unsubscribe/[A-Za-z0-9_-]+|api/.*)$")
"""Posted by programs: the token in the path, or the key in a header that no browser adds by itself, decides."""


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
        most_bytes = _most_bytes(scope)
        refusal = self._refusal(scope, headers, peer, most_bytes)
        target: ASGIApp = refusal or self._app
        await target(scope, limited(receive, most_bytes), dressed(send, is_https=self._is_https, scope=scope))

    def _peer(self, scope: Scope, headers: Headers) -> str:
        """The network address that counts: behind a trusted proxy the one that this proxy saw."""
        direct = peer_of(scope)
        forwarded = headers.get("x-forwarded-for", "")
        if forwarded and _is_in(direct, self._trusted):
            return forwarded.rsplit(",", 1)[-1].strip()
        return direct

    def _refusal(self, scope: Scope, headers: Headers, peer: str, most_bytes: int) -> Response | None:
        if not self._is_https and not is_local(peer):
            text = (
                "This service has no HTTPS yet, so it answers local addresses only. Put a TLS proxy in front of it "
                "and set INTAKE_PUBLIC_URL to its https:// address."
            )
            return _refused(scope, 403, "no-https", text)
        host = headers.get("host", "").lower()
        if not is_known_host(host, scope, configured=self._host, is_https=self._is_https):
            return _refused(scope, 421, "other-name", "This service is not reached under this name.")
        longest = MAX_ANSWER_URL_BYTES if _ANSWERS.match(scope["path"]) else MAX_URL_BYTES
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > longest:
            return _refused(scope, 414, "long-address", "The address is too long.")
        if int(_digits(headers.get("content-length", "0"))) > most_bytes:
            return _refused(scope, 413, "too-large", "Too much was sent at once; shorten your message.")
        is_form = scope["method"] == "POST" and not _NEEDS_NO_PAGE.match(scope["path"])
        if is_form and not self._is_own_form(headers, host):
            text = "This form was sent from another site. Open our own page and send it there."
            return _refused(scope, 403, "other-site", text)
        return None

    def _is_own_form(self, headers: Headers, host: str) -> bool:
        """Whether a page of ours sent it: browsers say so, old ones by the origin alone. Our pages send no referrer,
        so their own forms come with the origin `null`; that says nothing, and the sealed state decides."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin", "null")
        return origin == "null" or urlsplit(origin).netloc.lower() == host


def _refused(scope: Scope, status: int, what: str, text: str) -> Response:
    """One sentence for a person; for a program a problem like all others of the API."""
    if _OF_API.match(scope["path"]):
        return Problem(status, what, "Not taken", text).response()
    return PlainTextResponse(f"{text}\n", status)


def is_local(address: str) -> bool:
    """Whether an address belongs to this machine or to a private network."""
    return _is_in(address, LOCAL_NETWORKS)


def _is_in(address: str, networks: Sequence[Network]) -> bool:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in network for network in networks)


def _most_bytes(scope: Scope) -> int:
    """How long a body may be: files come to their own pages only."""
    takes_files = scope["method"] == "POST" and _TAKES_FILES.match(scope["path"])
    return MAX_FILES_BYTES if takes_files else MAX_BODY_BYTES


def _digits(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 19 else str(MAX_FILES_BYTES + 1)
