"""The page of a case, and the forms on it."""

from collections.abc import Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dsr_fulfilment.domain.lifecycle import IllegalTransition
from dsr_fulfilment.entrypoints.console.acts import ACTS, REVEAL_REASONS, Act, Acting
from dsr_fulfilment.entrypoints.console.case_page import case_view_of
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted, posted
from dsr_fulfilment.entrypoints.console.sender_view import NO_PROOF
from dsr_fulfilment.entrypoints.console.session import Session
from dsr_fulfilment.entrypoints.console.words import RIGHT_NAMES, RIGHT_ORDER
from dsr_fulfilment.handlers import line, looks
from dsr_fulfilment.handlers.sealed import NothingToOpen
from dsr_fulfilment.handlers.staff import StaffError
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import database_now

NO_FORM = Posted({})


class CasePages:
    """GET shows the record; each POST is one act, and shows the page again where something is missing."""

    def __init__(self, console: Console) -> None:
        self._console = console

    async def show(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        return await self._page(request, session)

    async def act(self, request: Request) -> Response:
        session, form = await self._console.sessions.session(request), await posted(request)
        self._console.sessions.check_form(session, form)
        name: str = request.path_params["act"]
        act = ACTS.get(name)
        if act is None:
            raise HTTPException(404)
        if not session.user.may_act:
            await self._only_own(request, session)
            return self._console.may_not(session)
        errors, status_code = await self._try(request, session, form, act)
        if errors:
            return await self._page(request, session, errors=errors, form=form, act=name, status_code=status_code)
        target = f"/cases/{request.path_params['reference']}"
        return RedirectResponse(f"{target}/person" if name == "reveal" else target, 303)

    async def person(self, request: Request) -> Response:
        """Name and addresses in clear, for five minutes after a reason was given."""
        session = await self._console.sessions.session(request)
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            case = await self._console.case(conn, request)
            until = await looks.shown_until(conn, case, session.user.name)
            person = await looks.person_of(tools, conn, case)
            signed_in = await looks.signed_in(tools, conn, case) if until and person else ()
            now, frame = await database_now(conn), await self._console.frame(conn, session, "cases")
        if until is None or person is None:
            return RedirectResponse(f"/cases/{case.reference}#who", 303)
        page = self._console.pages.render(
            "person.html", frame, case=case, person=person, until=until, signed_in=signed_in
        )
        page.headers["refresh"] = f"{int((until - now).total_seconds()) + 1}; url=/cases/{case.reference}"
        return page

    async def _only_own(self, request: Request, session: Session) -> None:
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            await self._console.case(conn, request)

    async def _try(
        self, request: Request, session: Session, form: Posted, act: Act
    ) -> tuple[Sequence[FieldError], int]:
        """Do it in one transaction; what could not be done changed nothing."""
        tools = self._console.tools
        try:
            async with tools.database.transaction(session.user.controller_id) as conn:
                case = await self._console.case(conn, request)
                earlier = await line.passed_over(conn, case) if act.keeps_line and case.is_open else ()
                errors = [*_earlier_first(earlier), *act.check(form)]
                if not errors:
                    await act.do(Acting(tools, conn, case, form, session.user.name))
                return errors, 422
        except (StaffError, IllegalTransition) as error:
            return [FieldError(act.anchor, str(error))], 409
        except (NothingToOpen, KeyDestroyed):
            text = "The key of this case is destroyed: nothing of it can be opened or sent."
            return [FieldError(act.anchor, text)], 409

    async def _page(
        self,
        request: Request,
        session: Session,
        *,
        errors: Sequence[FieldError] = (),
        form: Posted = NO_FORM,
        act: str = "",
        status_code: int = 200,
    ) -> Response:
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            case = await self._console.case(conn, request)
            view = await case_view_of(tools, conn, case, session.user.name)
            frame, now = await self._console.frame(conn, session, "cases"), await database_now(conn)
        return self._console.pages.render(
            "case.html",
            frame,
            status_code=status_code,
            errors=errors,
            c=view,
            now=now,
            typed=_typed(form, act),
            chosen=form.all("right") if act == "rights" else view.case.rights,
            rights=[(right, *RIGHT_NAMES[right]) for right in RIGHT_ORDER],
            reveal_reasons=REVEAL_REASONS,
            no_proof=NO_PROOF,
        )


def _earlier_first(earlier: Sequence[str]) -> Sequence[FieldError]:
    if not earlier:
        return ()
    return (FieldError("ahead-reason", f"{earlier[0]} came earlier. Write why you take this one first."),)


def _typed(form: Posted, act: str) -> Mapping[str, str]:
    """What was typed into the form of one act, by `<act>-<field>` or, for tasks, `<field>-<task>`."""
    task = form.text("task_id")
    if act in ("task", "settle", "send-again", "posted"):
        return {f"{name}-{task}": form.text(name) for name in form.fields}
    return {f"{act}-{name}": form.text(name) for name in form.fields}
