"""The staff console as one ASGI application."""

import logging
from collections.abc import Awaitable, Callable
from urllib.parse import quote

import asyncpg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dsr_fulfilment.adapters.registers import UnknownController
from dsr_fulfilment.config import FulfilmentSettings
from dsr_fulfilment.entrypoints.console.breach_pages import BreachPages
from dsr_fulfilment.entrypoints.console.case_pages import CasePages
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.entry_pages import ENTRY_PATH, EntryPages
from dsr_fulfilment.entrypoints.console.file_pages import FilePages
from dsr_fulfilment.entrypoints.console.guard import Guard
from dsr_fulfilment.entrypoints.console.lists import Lists
from dsr_fulfilment.entrypoints.console.pages import Pages
from dsr_fulfilment.entrypoints.console.post_pages import PostPages
from dsr_fulfilment.entrypoints.console.record_pages import RecordPages
from dsr_fulfilment.entrypoints.console.session import NotSignedIn, Sessions
from dsr_fulfilment.entrypoints.console.sign_in import SignInPages
from dsr_fulfilment.handlers.accounts import Accounts
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.ui import stylesheet
from dsr_shared.web import TooLarge

DATABASE_TROUBLE = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, ConnectionError, TimeoutError)
ExceptionHandler = Callable[[Request, Exception], Awaitable[Response]]
_log = logging.getLogger(__name__)


def console_app(tools: Tools, settings: FulfilmentSettings, accounts: Accounts | None = None) -> Guard:
    """All pages of staff; nothing here opens a connection by itself."""
    accounts = accounts or Accounts(tools.database, tools.ring)
    console = Console(tools, Pages(), accounts, Sessions(accounts, settings.console_url))
    pages = Starlette(routes=_routes(console), exception_handlers=_trouble(console))
    return Guard(pages, console_url=settings.console_url, upload_path=ENTRY_PATH)


def _routes(console: Console) -> list[Route]:
    sign_in, lists, cases = SignInPages(console), Lists(console), CasePages(console)
    posting = PostPages(console)
    css = stylesheet()

    async def kuukausi_css(_: Request) -> Response:
        return Response(css, media_type="text/css", headers={"cache-control": "public, max-age=3600"})

    return [
        Route("/static/kuukausi.css", kuukausi_css),
        Route("/sign-in", sign_in.show, methods=["GET"]),
        Route("/sign-in", sign_in.post, methods=["POST"]),
        Route("/sign-out", sign_in.sign_out, methods=["POST"]),
        Route("/", lists.today),
        Route("/cases", lists.cases),
        Route("/tasks", lists.tasks),
        Route("/letters", lists.letters),
        Route("/users", lists.users),
        Route("/cases/{reference}", cases.show, methods=["GET"]),
        Route("/cases/{reference}/person", cases.person, methods=["GET"]),
        Route("/cases/{reference}/attachments/{attachment}", FilePages(console).fetch, methods=["GET"]),
        Route("/cases/{reference}/letters/{letter_id:uuid}", posting.show, methods=["GET"]),
        Route("/cases/{reference}/letters/{letter_id:uuid}/copy", posting.copy, methods=["POST"]),
        Route("/cases/{reference}/{act}", cases.act, methods=["POST"]),
        *EntryPages(console).routes(),
        *BreachPages(console).routes(),
        *RecordPages(console).routes(),
    ]


def _trouble(console: Console) -> dict[int | type[Exception], ExceptionHandler]:
    """Pages for what went wrong; none of them says more than staff need."""

    def say(title: str, line: str, status_code: int) -> ExceptionHandler:
        async def page(_: Request, error: Exception) -> Response:
            text = error.detail if isinstance(error, HTTPException) and status_code in (400, 403) else line
            return console.pages.say(None, title, [text], status_code=status_code, link=("/", "Today"))

        return page

    async def not_signed_in(request: Request, _: Exception) -> Response:
        wanted = request.url.path if request.method == "GET" else "/"
        return RedirectResponse("/sign-in" + (f"?next={quote(wanted)}" if wanted != "/" else ""), 303)

    async def too_large(_: Request, __: Exception) -> Response:
        return PlainTextResponse("Too much was sent at once; shorten your text.\n", 413)

    async def down(_: Request, error: Exception) -> Response:
        _log.error("A page of the console could not be served.", exc_info=error)
        line = "The database does not answer. Nothing was changed. Try again in a minute."
        return console.pages.say(None, "Not now", [line], status_code=503, link=("/", "Try again"))

    missing = say("There is no such page", "It does not exist, or it belongs to another company.", 404)
    return {
        400: say("This form can’t be read", "Open the page again.", 400),
        403: say("Not from here", "Open the page again.", 403),
        404: missing,
        405: missing,
        500: say(
            "This page could not be made", "Nothing was changed. Whoever runs Kuukausi finds more in the log.", 500
        ),
        NotSignedIn: not_signed_in,
        TooLarge: too_large,
        UnknownController: say("No register", "Your company’s register was taken away. Ask who runs Kuukausi.", 503),
        **dict.fromkeys(DATABASE_TROUBLE, down),
    }
