"""Who is asking: the cookie, the session behind it, and the mark that every form of it carries."""

import hmac
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dsr_fulfilment.adapters.accounts import User
from dsr_fulfilment.entrypoints.console.forms import Posted
from dsr_fulfilment.handlers.accounts import LIFE, Accounts

FORM_FIELD: Final = "form_token"


@dataclass(frozen=True)
class Session:
    """A signed-in user."""

    user: User
    token: str
    form_token: str


class NotSignedIn(Exception):
    """Nobody, or the session ended; the sign-in page says so."""


class Sessions:
    """Sessions by cookie. With HTTPS the cookie is Secure and bound to this host by its name."""

    def __init__(self, accounts: Accounts, console_url: str) -> None:
        self._accounts = accounts
        self._is_https = console_url.startswith("https://")
        self._cookie = "__Host-kuukausi" if self._is_https else "kuukausi"

    def token_of(self, request: Request) -> str | None:
        return request.cookies.get(self._cookie)

    async def session(self, request: Request) -> Session:
        """Raises `NotSignedIn`."""
        token = self.token_of(request)
        user = await self._accounts.user_of(token) if token else None
        if token is None or user is None:
            raise NotSignedIn
        return Session(user, token, self._accounts.form_token(token))

    def check_form(self, session: Session, form: Posted) -> None:
        """Only a page of this very session knows its mark."""
        if not hmac.compare_digest(form.secret(FORM_FIELD).encode(), session.form_token.encode()):
            raise HTTPException(403, "This form is of an older session. Open the page again and send it once more.")

    def keep(self, response: Response, token: str) -> None:
        response.set_cookie(
            self._cookie,
            token,
            max_age=int(LIFE.total_seconds()),
            path="/",
            httponly=True,
            secure=self._is_https,
            samesite="lax",
        )

    def drop(self, response: Response) -> None:
        response.delete_cookie(self._cookie, path="/", httponly=True, secure=self._is_https, samesite="lax")
