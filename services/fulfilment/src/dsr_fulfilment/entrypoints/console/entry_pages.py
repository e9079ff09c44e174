"""Entering a letter, a visit or a call: first the day that counts, with its due date, then what came."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from uuid6 import uuid7

from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.counting import counting
from dsr_fulfilment.entrypoints.console.desk_pages import Console
from dsr_fulfilment.entrypoints.console.entry_form import CHANNELS, WHOSE, EntryReading, Received, read_received
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted
from dsr_fulfilment.entrypoints.console.month import month_view
from dsr_fulfilment.entrypoints.console.session import Session
from dsr_fulfilment.entrypoints.console.uploads import posted_with_file
from dsr_fulfilment.handlers.entry import EntryError, enter
from dsr_fulfilment.handlers.post import moment_of
from dsr_shared.calendar import helsinki_date
from dsr_shared.postgres import database_now

ENTRY_PATH = "/entries/new"


class EntryPages:
    """Two pages without a script: the day, then the rest. A double click opens one case."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def routes(self) -> list[Route]:
        return [
            Route(ENTRY_PATH, self.show, methods=["GET"]),
            Route(ENTRY_PATH, self.save, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The day first; with a day that can be, the rest of the form and the due date."""
        session = await self._console.sessions.session(request)
        if not session.user.may_act:
            return self._console.may_not(session)
        query = request.query_params
        form = Posted({name: [query[name]] for name in ("channel", "received_on", "old_day") if name in query})
        if not form.fields:
            return await self._day_page(session, form)
        received, errors = await self._received(session, form)
        if received is None or errors:
            return await self._day_page(session, form, received, errors)
        return await self._page(session, form, received)

    async def save(self, request: Request) -> Response:
        session = await self._console.sessions.session(request)
        if not session.user.may_act:
            return self._console.may_not(session)
        form, scan = await posted_with_file(request, "scan")
        self._console.sessions.check_form(session, form)
        received, errors = await self._received(session, form)
        if received is None or errors:
            return await self._day_page(session, form, received, errors)
        reading = EntryReading(form, scan, self._console.tools.registers.get(session.user.controller_id))
        entry = reading.entry(received)
        if entry is None:
            if scan is not None:
                reading.errors.append(FieldError("scan", "Choose the file once more: browsers forget it."))
            return await self._page(session, form, received, reading.errors)
        tools, controller_id = self._console.tools, session.user.controller_id
        try:
            async with tools.database.transaction(controller_id) as conn:
                case = await enter(tools, conn, controller_id, entry, session.user.name)
        except EntryError as error:
            return await self._page(session, form, received, [FieldError("said", str(error))])
        return RedirectResponse(f"/cases/{case.reference}", 303)

    async def _received(self, session: Session, form: Posted) -> tuple[Received | None, Sequence[FieldError]]:
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            return read_received(form, helsinki_date(await database_now(conn)))

    async def _day_page(
        self, session: Session, form: Posted, received: Received | None = None, errors: Sequence[FieldError] = ()
    ) -> Response:
        return await self._render(session, "entry_day.html", form, errors, received=received)

    async def _page(
        self, session: Session, form: Posted, received: Received, errors: Sequence[FieldError] = ()
    ) -> Response:
        register = self._console.tools.registers.get(session.user.controller_id)
        return await self._render(
            session,
            "entry.html",
            form,
            errors,
            received=received,
            entry_id=form.text("entry_id") or str(uuid7()),
            rights=[(right, *words.RIGHT_NAMES[right]) for right in words.RIGHT_ORDER],
            chosen=form.all("right"),
            whose=WHOSE,
            languages=[(language, words.LANGUAGES[language]) for language in register.languages],
            identifiers=sorted(register.identifier_names() - {"email", "name"}),
        )

    async def _render(
        self, session: Session, template: str, form: Posted, errors: Sequence[FieldError], **values: Any
    ) -> Response:
        async with self._console.tools.database.transaction(session.user.controller_id) as conn:
            now, frame = await database_now(conn), await self._console.frame(conn, session, "cases")
        received: Received | None = values["received"]
        today = helsinki_date(now)
        if received is not None:
            values["month"] = month_view(received.day, today, received.dates.due)
            values["counting"] = counting(moment_of(received.day, now))
        typed = {name: form.text(name) for name in form.fields}
        return self._console.pages.render(
            template,
            frame,
            status_code=422 if errors else 200,
            errors=errors,
            typed=typed,
            today=today,
            channels=CHANNELS,
            **values,
        )
