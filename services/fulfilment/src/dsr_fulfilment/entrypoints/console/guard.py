"""What every request passes before a page sees it: under which name, how much, from which site; and the headers."""

from typing import Final
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dsr_fulfilment.entrypoints.console.uploads import MAX_UPLOAD_BYTES
from dsr_shared.web import dressed, is_known_host, limited

MAX_BODY_BYTES: Final = 64 * 1024
MAX_URL_BYTES: Final = 2048


class Guard:
    """Refuses what no page shall see, and dresses every answer."""

    def __init__(self, pages: Starlette, *, console_url: str, upload_path: str) -> None:
        self.pages = pages
        self._upload_path = upload_path
        address = urlsplit(console_url)
        self._host = address.netloc.lower()
        self._is_https = address.scheme == "https"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.pages(scope, receive, send)
            return
        target: ASGIApp = self._refusal(scope, Headers(scope=scope)) or self.pages
        most = MAX_UPLOAD_BYTES if scope["path"] == self._upload_path else MAX_BODY_BYTES
        await target(scope, limited(receive, most), dressed(send, is_https=self._is_https))

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        host = headers.get("host", "").lower()
        if not is_known_host(host, scope, configured=self._host, is_https=self._is_https):
            return PlainTextResponse("The console is not reached under this name.\n", 421)
        if len(scope.get("raw_path") or b"") + len(scope.get("query_string", b"")) > MAX_URL_BYTES:
            return PlainTextResponse("The address is too long.\n", 414)
        if scope["method"] == "POST" and not _is_own(headers):
            return PlainTextResponse("This form was sent from another site. Open the console and send it there.\n", 403)
        return None


def _is_own(headers: Headers) -> bool:
    """Whether a form comes from a page of ours; a browser says so, a script of the staff says nothing.

    Our pages send no referrer, so their own forms come with the origin `null`: then the form's mark decides.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin", "null")
    if site is not None and site not in ("same-origin", "none"):
        return False
    return origin == "null" or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
