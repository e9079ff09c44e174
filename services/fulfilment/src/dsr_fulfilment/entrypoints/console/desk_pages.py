"""What the pages share: the signed-in user, the company, the frame around a page, and the cases of one controller."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from dsr_fulfilment.adapters import desk
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.entrypoints.console.pages import Frame, Pages
from dsr_fulfilment.entrypoints.console.session import Session, Sessions
from dsr_fulfilment.handlers.accounts import Accounts
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.postgres import Connection

Endpoint = Callable[[Request], Awaitable[Response]]
PRINTABLE_REFERENCE_CHARACTERS = 40


@dataclass(frozen=True)
class Console:
    """The parts that the pages are made of."""

    tools: Tools
    pages: Pages
    accounts: Accounts
    sessions: Sessions

    def company(self, session: Session) -> str:
        """The controller's name; raises `UnknownController` where its register was taken away."""
        return self.tools.registers.get(session.user.controller_id).name

    async def frame(self, conn: Connection, session: Session, at: str) -> Frame:
        return Frame(session, self.company(session), await desk.counts(conn), at)

    async def case(self, conn: Connection, request: Request) -> Case:
        """The case of the address; another controller's does not exist here."""
        reference: str = request.path_params["reference"]
        case = await desk.case_by_reference(conn, reference[:PRINTABLE_REFERENCE_CHARACTERS])
        if case is None:
            raise HTTPException(404)
        return case

    def may_not(self, session: Session) -> HTMLResponse:
        lines = [f"Your role is {session.user.role}: you see everything and change nothing. Ask an owner or a handler."]
        return self.pages.say(None, "You can’t do this", lines, status_code=403, link=("/", "Today"))
