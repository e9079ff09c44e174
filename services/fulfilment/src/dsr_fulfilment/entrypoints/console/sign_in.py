"""Signing in and out."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsr_fulfilment.entrypoints.console.dates import clock, plural
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted, posted
from dsr_fulfilment.handlers.accounts import Locked, Refused, SignedIn


class SignInPages:
    """One form; what is wrong is said without telling which names there are."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def show(self, request: Request) -> Response:
        return self._page(request, Posted({}), (), 200, was_ended=self._console.sessions.token_of(request) is not None)

    async def post(self, request: Request) -> Response:
        form = await posted(request)
        errors = _missing(form)
        if errors:
            return self._page(request, form, errors, 422)
        result = await self._console.accounts.sign_in(
            form.text("controller"),
            form.text("name"),
            form.secret("password"),
            self._console.sessions.token_of(request),
        )
        match result:
            case SignedIn(token=token):
                response = RedirectResponse(_where(request), 303)
                self._console.sessions.keep(response, token)
                return response
            case Refused(tries_left=left):
                text = f"Company, name or password is wrong. {_left(left)}"
                return self._page(request, form, [FieldError("password", text)], 401)
            case Locked(until=until):
                text = f"Too many tries. This name can sign in again at {clock(until)}; until then no password works."
                return self._page(request, form, [FieldError("password", text)], 429)

    async def sign_out(self, request: Request) -> Response:
        session, form = await self._console.sessions.session(request), await posted(request)
        self._console.sessions.check_form(session, form)
        await self._console.accounts.sign_out(session.token)
        response = RedirectResponse("/sign-in", 303)
        self._console.sessions.drop(response)
        return response

    def _page(
        self, request: Request, form: Posted, errors: Sequence[FieldError], status_code: int, *, was_ended: bool = False
    ) -> Response:
        return self._console.pages.render(
            "sign_in.html",
            None,
            status_code=status_code,
            errors=errors,
            controller=form.text("controller"),
            name=form.text("name"),
            was_ended=was_ended,
            next=_where(request),
        )


def _missing(form: Posted) -> list[FieldError]:
    wanted = (
        ("controller", "Write your company’s short name."),
        ("name", "Write your user name."),
        ("password", "Write your password."),
    )
    return [FieldError(field, message) for field, message in wanted if not form.secret(field).strip()]


def _left(left: int) -> str:
    if left == 1:
        return "One try is left before sign-in is locked for 15 minutes."
    return f"{plural(left, 'try', 'tries')} are left before sign-in is locked for 15 minutes."


def _where(request: Request) -> str:
    """Back to the page that was asked for, on this console only."""
    wanted = request.query_params.get("next", "")
    parts = urlsplit(wanted)
    is_own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if is_own and wanted.isascii() and wanted.isprintable() else "/"
