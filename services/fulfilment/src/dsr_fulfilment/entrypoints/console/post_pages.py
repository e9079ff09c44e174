"""The letter that somebody prints and posts, and the copy of the data that goes with it."""

from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from dsr_fulfilment.adapters import accounts, packages, work
from dsr_fulfilment.adapters.post_letter import ARTICLES, post_letter
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.forms import posted
from dsr_fulfilment.handlers import looks, post
from dsr_fulfilment.handlers.letters import open_letter
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import LetterKind
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection, database_now


class PostPages:
    """For owners and handlers: it shows name and address, so each look is on record."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def show(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            case = await self._console.case(conn, request)
            if not session.user.may_act:
                return self._console.may_not(session)
            kind, content = await self._letter(conn, case, request)
            person = await looks.person_of(tools, conn, case)
            await accounts.log_access(conn, case, session.user.name, "person", "write")
            has_copy = kind == "access_reply" and await packages.living(conn, case.case_id) is not None
            now, frame = await database_now(conn), await self._console.frame(conn, session, "cases")
        sheet = post_letter(
            kind,
            content,
            tools.registers.get(case.controller_id),
            language=case.language,
            postal_address=(person.postal_address if person else None) or "",
            printed_on=helsinki_date(now),
        )
        letter_id: UUID = request.path_params["letter_id"]
        return self._console.pages.render(
            "post_letter.html", frame, case=case, p=sheet, letter_id=letter_id, has_copy=has_copy
        )

    async def copy(self, request: Request) -> Response:
        """The copy of the data as the person would fetch it; who took it is in the history."""
        session, form = await self._console.sessions.session(request), await posted(request)
        self._console.sessions.check_form(session, form)
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            case = await self._console.case(conn, request)
            if not session.user.may_act:
                return self._console.may_not(session)
            _, content = await self._letter(conn, case, request)
            zipped = await post.copy_to_print(tools, conn, case, content, session.user.name)
        if zipped is None:
            raise HTTPException(404)
        name = f'attachment; filename="{case.reference}.zip"'
        return Response(zipped, media_type="application/zip", headers={"content-disposition": name})

    async def _letter(self, conn: Connection, case: Case, request: Request) -> tuple[LetterKind, LetterContentV1]:
        """A letter of this case for the post; any other does not exist here."""
        letter = await work.load_letter(conn, case.case_id, request.path_params["letter_id"])
        if letter is None or letter.way != "post" or letter.kind not in ARTICLES:
            raise HTTPException(404)
        try:
            content = await open_letter(self._console.tools, conn, case, letter)
        except KeyDestroyed:
            content = None
        if content is None:
            raise HTTPException(404)
        return letter.kind, content
