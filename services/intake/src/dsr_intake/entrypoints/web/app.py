"""The public web as one ASGI application."""

import logging
from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dsr_intake.adapters.controller_book import DATABASE_TROUBLE
from dsr_intake.adapters.texts import load_texts
from dsr_intake.entrypoints.web.api import api_routes
from dsr_intake.entrypoints.web.form import FormPages
from dsr_intake.entrypoints.web.guard import Guard
from dsr_intake.entrypoints.web.links import PackagePages, VerifyPages
from dsr_intake.entrypoints.web.notice import NoticePages
from dsr_intake.entrypoints.web.page import language_of
from dsr_intake.entrypoints.web.sign_in import SignInPages
from dsr_intake.entrypoints.web.site import Site
from dsr_intake.entrypoints.web.status import StatusPages
from dsr_intake.entrypoints.web.unsubscribe import unsubscribe_routes
from dsr_shared.blobs import BlobError
from dsr_shared.sealing import CannotOpen
from dsr_shared.ui import stylesheet
from dsr_shared.web import TooLarge

_CACHED = {"cache-control": "public, max-age=3600"}
_log = logging.getLogger(__name__)
Endpoint = Callable[[Request], Awaitable[Response]]


def build_app(site: Site, *, public_url: str, trusted_proxies: Sequence[str] = ()) -> Starlette:
    """All public pages; nothing here opens a connection by itself."""
    trouble = _Trouble(site)
    return Starlette(
        routes=_routes(site, public_url),
        middleware=[Middleware(Guard, public_url=public_url, trusted_proxies=trusted_proxies)],
        exception_handlers={
            404: trouble.missing,
            405: trouble.missing,
            TooLarge: trouble.too_large,
            **dict.fromkeys((*DATABASE_TROUBLE, BlobError, CannotOpen), trouble.down),
        },
    )


def _routes(site: Site, public_url: str) -> list[Route]:
    form, status, verify, package = FormPages(site), StatusPages(site), VerifyPages(site), PackagePages(site)
    notice, sign_in, css = NoticePages(site), SignInPages(site), stylesheet()

    async def kuukausi_css(_: Request) -> Response:
        return Response(css, media_type="text/css", headers=_CACHED)

    async def brand_css(request: Request) -> Response:
        visitor = await site.visitor(request)
        return Response(visitor.controller.brand_css, media_type="text/css", headers=_CACHED)

    return [
        Route("/static/kuukausi.css", kuukausi_css),
        Route("/{controller}/brand.css", brand_css),
        Route("/{controller}/", form.show, methods=["GET"]),
        Route("/{controller}/", form.post, methods=["POST"]),
        Route("/{controller}/files", form.post_files, methods=["POST"]),
        Route("/{controller}/notice", notice.newest),
        Route("/{controller}/notice/{version}", notice.older),
        Route("/{controller}/receipt/{token}", status.receipt),
        Route("/{controller}/status/{token}", status.status),
        Route("/{controller}/status/{token}/ask", status.ask_code, methods=["POST"]),
        Route("/{controller}/status/{token}/code", status.show_code, methods=["GET"]),
        Route("/{controller}/status/{token}/code", status.try_code, methods=["POST"]),
        Route("/{controller}/status/{token}/add", status.show_add, methods=["GET"]),
        Route("/{controller}/status/{token}/add", status.add, methods=["POST"]),
        Route("/{controller}/status/{token}/withdraw", status.show_withdraw, methods=["GET"]),
        Route("/{controller}/status/{token}/withdraw", status.withdraw, methods=["POST"]),
        Route("/{controller}/verify/{token}", verify.show, methods=["GET"]),
        Route("/{controller}/verify/{token}", verify.post, methods=["POST"]),
        Route("/{controller}/sign-in/done", sign_in.done, methods=["GET"]),
        Route("/{controller}/sign-in/jwks.json", sign_in.keys, methods=["GET"]),
        Route("/{controller}/sign-in/thanks", sign_in.thanks, methods=["GET"]),
        Route("/{controller}/{way}/{token}/sign-in", sign_in.begin, methods=["POST"]),
        Route("/{controller}/package/{token}", package.show, methods=["GET"]),
        Route("/{controller}/package/{token}", package.ask, methods=["POST"]),
        Route("/{controller}/package/{token}/code", package.show_code, methods=["GET"]),
        Route("/{controller}/package/{token}/code", package.fetch, methods=["POST"]),
        *unsubscribe_routes(site),
        *api_routes(site, public_url),
    ]


class _Trouble:
    """Pages for what went wrong; none of them says more than the person needs."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def missing(self, request: Request, _: Exception) -> Response:
        """Neutral: it does not tell which controllers there are."""
        return self._page(request, "missing", 404)

    async def down(self, request: Request, error: Exception) -> Response:
        _log.error("A public page could not be served.", exc_info=error)
        return self._page(request, "down.other", 503)

    async def too_large(self, _request: Request, _: Exception) -> Response:
        return PlainTextResponse("Too much was sent at once; shorten your message.\n", 413)

    def _page(self, request: Request, what: str, status_code: int) -> Response:
        language = language_of(request, None)
        lines = [load_texts(language)(f"{what}.text")]
        return self._site.say(language, None, f"{what}.h1", f"{what}.h1", lines, status_code=status_code)
