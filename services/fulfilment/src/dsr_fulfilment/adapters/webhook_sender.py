"""Sends one call to a company's own program: HTTPS to the host that the register names, at an address of the public
internet, without redirects. What comes back is read no further than its status.
"""

import asyncio
import hashlib
import hmac
import ipaddress
import re
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
SECONDS: Final = 10
_STATUS: Final = re.compile(rb"^HTTP/1\.[01] (\d{3})\b")
_TUNNELS: Final = tuple(
    ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)
"""IPv6 networks whose addresses stand for IPv4 ones behind them."""


class NotDelivered(Exception):
    """It was not taken; `code` says why and holds nothing that came back."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_public(address: Address) -> bool:
    """Whether an address is nobody's own network, this machine's least of all."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


def signature(secret: str, seconds: int, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA256 over the time, a dot and the body, so that an old call cannot be sent again."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={signed}"


async def resolve(host: str, port: int) -> Sequence[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return [str(place[0]) for *_, place in found]


class WebhookSender:
    """One for the process; `may_go_to` and `context` are others in tests alone."""

    def __init__(
        self,
        *,
        may_go_to: Callable[[Address], bool] = is_public,
        context: ssl.SSLContext | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._may_go_to = may_go_to
        self._context = context or ssl.create_default_context()
        self._resolve = resolve

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> None:
        """Return when it was taken with a 2xx; raises NotDelivered for anything else."""
        try:
            async with asyncio.timeout(SECONDS):
                status = await self._post(url, body, headers)
        except TimeoutError:
            raise NotDelivered("timeout") from None
        except ssl.SSLError:
            raise NotDelivered("certificate") from None
        except (OSError, ValueError, asyncio.IncompleteReadError):
            raise NotDelivered("no_connection") from None
        if not 200 <= status <= 299:
            raise NotDelivered(f"status_{status}")

    async def _post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        if parts.scheme != "https" or not host:
            raise NotDelivered("not_https")
        address = await self._address(host, port)
        reader, writer = await asyncio.open_connection(address, port, ssl=self._context, server_hostname=host)
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            writer.write(_head(target, parts.netloc, len(body), headers) + body)
            await writer.drain()
            match = _STATUS.match(await reader.readline())
        finally:
            writer.close()
        if match is None:
            raise NotDelivered("not_http")
        return int(match[1])

    async def _address(self, host: str, port: int) -> str:
        """The one that is connected to is the one that was looked at; one private address among them refuses all."""
        addresses = await self._resolve(host, port)
        if not addresses or not all(self._may_go_to(ipaddress.ip_address(one.partition("%")[0])) for one in addresses):
            raise NotDelivered("private_address")
        return addresses[0]


def _head(target: str, host: str, length: int, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"POST {target} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Content-Length: {length}",
        "User-Agent: Kuukausi",
        "Connection: close",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")
