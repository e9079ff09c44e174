"""The breach desk: all breaches, one form to register, the page of a breach, its people, and the authority's notice."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from dsr_fulfilment.adapters import breaches, desk
from dsr_fulfilment.adapters.breach_notice import Notice, notice_document, notice_html, notice_text
from dsr_fulfilment.adapters.breaches import NoSuchBreach
from dsr_fulfilment.domain.breach_case import (
    Breach,
    NewBreach,
)
from dsr_fulfilment.entrypoints.console import breach_view as view
from dsr_fulfilment.entrypoints.console.breach_acts import BREACH_ACTS, BreachAct, BreachActing
from dsr_fulfilment.entrypoints.console.breach_forms import (
    MAX_BREACH_FIELDS,
    Reading,
    details_of,
    local_text,
    typed_in,
)
from dsr_fulfilment.entrypoints.console.breach_record import (
    breach_values,
    form_values,
    people_values,
    record_of,
    write_values,
)
from dsr_fulfilment.entrypoints.console.desk_pages import PRINTABLE_REFERENCE_CHARACTERS, Console
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted, posted
from dsr_fulfilment.entrypoints.console.session import Session
from dsr_fulfilment.entrypoints.console.words import LANGUAGES
from dsr_fulfilment.handlers import looks
from dsr_fulfilment.handlers.breaches import BreachError, register_breach
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import Register
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection, database_now

NO_FORM: Final = Posted({})


class BreachPages:
    """GET shows; each POST is one act, and shows its page again where something is missing."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def routes(self) -> list[Route]:
        """All addresses of the desk."""
        return [
            Route("/breaches", self.all),
            Route("/breaches/new", self.new, methods=["GET"]),
            Route("/breaches/new", self.register, methods=["POST"]),
            Route("/breaches/{reference}", self.show, methods=["GET"]),
            Route("/breaches/{reference}/write", self.show, methods=["GET"]),
            Route("/breaches/{reference}/people", self.show, methods=["GET"]),
            Route("/breaches/{reference}/notice", self.notice, methods=["GET"]),
            Route("/breaches/{reference}/notice.txt", self.notice_text, methods=["GET"]),
            Route("/breaches/{reference}/{act}", self.act, methods=["POST"]),
        ]

    async def all(self, request: Request) -> Response:
        """Every breach, also those that nobody was told of, with why (Art. 33(5))."""
        session, tools = await self._console.sessions.session(request), self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            now, frame = await database_now(conn), await self._console.frame(conn, session, "breaches")
            records = [await record_of(tools, conn, breach, now) for breach in await breaches.every(conn)]
        rows = [(record, view.state_badge(record.breach, now), view.risk_text(record.breach)) for record in records]
        return self._console.pages.render("breaches.html", frame, rows=rows, now=now)

    async def new(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        if not session.user.may_act:
            return self._console.may_not(session)
        return await self._new_page(session, typed=await self._prefilled(session, request.query_params.get("from", "")))

    async def register(self, request: Request) -> Response:
        session, form = await self._session_and_form(request)
        if not session.user.may_act:
            return self._console.may_not(session)
        tools, controller_id = self._console.tools, session.user.controller_id
        reading = Reading(form)
        new = _new_breach(reading, tools.registers.get(controller_id))
        if new is not None:
            try:
                async with tools.database.transaction(controller_id) as conn:
                    breach = await register_breach(tools, conn, controller_id, new, session.user.name)
                return RedirectResponse(f"/breaches/{breach.reference}", 303)
            except BreachError as error:
                reading.errors.append(FieldError("aware_at", str(error)))
        return await self._new_page(session, typed=typed_in(form), errors=reading.errors, systems=form.all("system"))

    async def show(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        page = request.url.path.rpartition("/")[2]
        return await self._page(request, session, page if page in ("write", "people") else "breach")

    async def act(self, request: Request) -> Response:
        session, form = await self._session_and_form(request)
        act = BREACH_ACTS.get(request.path_params["act"])
        if act is None:
            raise HTTPException(404)
        if not session.user.may_act:
            async with self._console.tools.database.transaction(session.user.controller_id) as conn:
                await self._breach(conn, request)
            return self._console.may_not(session)
        errors, status_code = await self._try(request, session, form, act)
        if errors:
            return await self._page(request, session, act.page, errors=errors, form=form, status_code=status_code)
        target = f"/breaches/{request.path_params['reference']}"
        return RedirectResponse(target + ("/people" if act.page == "people" else ""), 303)

    async def notice(self, request: Request) -> Response:
        document, reference = await self._notice(request)
        return HTMLResponse(notice_html(document, reference=reference))

    async def notice_text(self, request: Request) -> Response:
        document, _ = await self._notice(request)
        return PlainTextResponse(notice_text(document))

    async def _session_and_form(self, request: Request) -> tuple[Session, Posted]:
        session, form = await self._console.sessions.session(request), await posted(request, MAX_BREACH_FIELDS)
        self._console.sessions.check_form(session, form)
        return session, form

    async def _breach(self, conn: Connection, request: Request) -> Breach:
        """The breach of the address; another controller's does not exist here."""
        reference: str = request.path_params["reference"]
        try:
            return (await breaches.by_reference(conn, reference[:PRINTABLE_REFERENCE_CHARACTERS]))[0]
        except NoSuchBreach:
            raise HTTPException(404) from None

    async def _notice(self, request: Request) -> tuple[Notice, str]:
        session, tools = await self._console.sessions.session(request), self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            breach = await self._breach(conn, request)
            record = await record_of(tools, conn, breach, await database_now(conn))
        wanted = request.query_params.get("lang", "")
        language = next((one for one in LANGUAGES if one == wanted), record.register.languages[0])
        document = notice_document(
            record.breach,
            record.facts,
            record.register,
            language=language,
            now=record.now,
            letters=record.letters.asked,
        )
        return document, breach.reference

    async def _try(
        self, request: Request, session: Session, form: Posted, act: BreachAct
    ) -> tuple[Sequence[FieldError], int]:
        """Do it in one transaction; what could not be done changed nothing."""
        tools = self._console.tools
        try:
            async with tools.database.transaction(session.user.controller_id) as conn:
                breach = await self._breach(conn, request)
                return await act.do(BreachActing(tools, conn, breach, form, session.user.name)), 422
        except BreachError as error:
            return [FieldError(act.anchor, str(error))], 409
        except KeyDestroyed:
            text = "The key of this breach is destroyed: nothing of it can be opened or sent."
            return [FieldError(act.anchor, text)], 409

    async def _prefilled(self, session: Session, reference: str) -> Mapping[str, str]:
        """From the case in which somebody reported it: we knew when it came, which is the safe side."""
        if not reference:
            return {}
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            case = await desk.case_by_reference(conn, reference[:PRINTABLE_REFERENCE_CHARACTERS])
            if case is None:
                raise HTTPException(404)
            message = await looks.read_message(tools, conn, case, session.user.name)
        typed = {"from": case.reference, "aware_at": local_text(case.received_at)}
        if message is not None:
            typed |= {"title": message.subject[:200], "nature": message.text[:4000]}
        return typed

    async def _new_page(
        self,
        session: Session,
        *,
        typed: Mapping[str, str],
        errors: Sequence[FieldError] = (),
        systems: Sequence[str] = (),
    ) -> Response:
        register = self._console.tools.registers.get(session.user.controller_id)
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            now, frame = await database_now(conn), await self._console.frame(conn, session, "breaches")
        return self._console.pages.render(
            "breach_new.html",
            frame,
            status_code=422 if errors else 200,
            errors=errors,
            now=now,
            typed=typed,
            chosen=systems,
            systems=[(system.id, in_language(system.label, "en"), system.kind) for system in register.systems],
            **form_values(register),
        )

    async def _page(
        self,
        request: Request,
        session: Session,
        page: str,
        *,
        errors: Sequence[FieldError] = (),
        form: Posted = NO_FORM,
        status_code: int = 200,
    ) -> Response:
        tools = self._console.tools
        async with tools.database.transaction(session.user.controller_id) as conn:
            breach = await self._breach(conn, request)
            record = await record_of(tools, conn, breach, await database_now(conn))
            frame = await self._console.frame(conn, session, "breaches")
            match page:
                case "write":
                    values = write_values(record, form)
                case "people":
                    values = await people_values(tools, conn, record, session.user.name)
                case _:
                    values = await breach_values(tools, conn, record)
        template = {"write": "breach_write.html", "people": "breach_people.html"}.get(page, "breach.html")
        values = {"typed": typed_in(form), **values}
        return self._console.pages.render(
            template,
            frame,
            status_code=status_code,
            errors=errors,
            r=record,
            breach=record.breach,
            now=record.now,
            **values,
        )


def _new_breach(reading: Reading, register: Register) -> NewBreach | None:
    """None where something is missing; then `reading` says what."""
    form = reading.form
    if not form.text("title"):
        reading.errors.append(FieldError("title", "Say in a few words what happened."))
    aware = reading.moment("aware_at", "you were sure")
    began, ended = reading.moment("began_at", "it began"), reading.moment("ended_at", "it ended", fold=1)
    if began is not None and ended is not None and ended < began:
        reading.errors.append(FieldError("ended_at", "It can’t end before it begins."))
    known = [system.id for system in register.systems if system.id in form.all("system")]
    if not known:
        reading.errors.append(FieldError(f"system-{register.systems[0].id}", "Choose at least one place."))
    details = details_of(reading, register.languages)
    if reading.errors or aware is None or began is None or ended is None:
        return None
    return NewBreach(aware, began, ended, tuple(known), details, form.text("from") or None)
