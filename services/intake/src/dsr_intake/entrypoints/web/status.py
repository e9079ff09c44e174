"""The receipt and the status page: did it arrive, what now, by when."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from uuid6 import uuid7

from dsr_intake.domain.dates import long_date
from dsr_intake.domain.form_files import FileTray
from dsr_intake.domain.request_form import MAX_MESSAGE, FormError, clean
from dsr_intake.entrypoints.web.form import ACCEPT, ShownError, shown
from dsr_intake.entrypoints.web.site import Site, Visitor, first_of, posted, token_of
from dsr_intake.entrypoints.web.status_view import (
    day_of,
    is_taken_back,
    letters_of,
    sheet_of,
    status_values,
    steps,
    what_next,
)
from dsr_intake.entrypoints.web.upload import LIMITS, Brought, take
from dsr_intake.handlers.form_files import FilesGone, new_tray
from dsr_intake.handlers.links import NoCode, WrongCode
from dsr_intake.handlers.status_desk import Addition, CaseView, Opened
from dsr_shared.calendar import helsinki_date

_CODE: Final = re.compile(r"^[0-9]{6}$")


@dataclass(frozen=True, slots=True)
class Found:
    """The case of a link, and whether this browser may see and change all of it."""

    visitor: Visitor
    view: CaseView
    token: str
    is_open: bool

    @property
    def base(self) -> str:
        return f"/{self.visitor.controller.id}/status/{self.token}"

    def to(self, page: str = "") -> str:
        return f"{self.base}{page}?lang={self.visitor.language}"


class StatusPages:
    """The pages belong to whoever holds the token; after an address was proved, the details to who gets its mail."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def receipt(self, request: Request) -> Response:
        visitor = await self._site.visitor(request, in_frames=True)
        view = await self._site.desk.find(visitor.controller.id, token_of(request))
        if view is None:
            return self._site.not_yet(request, visitor)
        case = view.case
        if case["stage"] == "destroyed" or is_taken_back(case):
            return RedirectResponse(f"/{visitor.controller.id}/status/{token_of(request)}?lang={visitor.language}", 303)
        received, due = helsinki_date(case["received_at"]), case["extended_due_on"] or case["due_on"]
        return self._site.pages.render(
            "receipt.html",
            language=visitor.language,
            controller=visitor.controller,
            case=case,
            token=token_of(request),
            due=long_date(due, visitor.language),
            next_text=visitor.t(f"receipt.{what_next(case)}"),
            progress=steps(case, visitor.language, view.letters),
            sheet=sheet_of(visitor, received, due),
        )

    async def status(self, request: Request) -> Response:
        found = await self._find(request)
        return found if isinstance(found, Response) else self._status_page(found)

    def _status_page(self, found: Found) -> Response:
        visitor, view = found.visitor, found.view
        return self._site.pages.render(
            "status.html",
            language=visitor.language,
            controller=visitor.controller,
            case=view.case,
            base=found.base,
            is_open=found.is_open,
            may_change=view.may_change,
            letters=letters_of(view.letters, visitor) if found.is_open else [],
            sign_in=self._sign_in_button(found),
            withdrawn=day_of(view.case["withdrawn_at"], visitor.language) if view.case["withdrawn_at"] else None,
            **status_values(visitor, view, is_open=found.is_open),
        )

    def _sign_in_button(self, found: Found) -> str | None:
        """Only while it is open who asks, and where the answer can be a person's own."""
        case = found.view.case
        waits = case["stage"] == "identifying" and case["whose"] == "self" and case["withdrawn_at"] is None
        return self._site.sign_in_button(found.visitor) if waits else None

    async def ask_code(self, request: Request) -> Response:
        found = await self._find(request, counted=True)
        if isinstance(found, Response):
            return found
        asked = await self._site.desk.ask_code(found.visitor.controller.id, found.token)
        if asked == "too_many":
            return self._code_page(found, "package.error.asked", 429)
        return RedirectResponse(found.to("/code" if asked == "asked" else ""), 303)

    async def show_code(self, request: Request) -> Response:
        found = await self._find(request)
        return found if isinstance(found, Response) else self._code_page(found)

    async def try_code(self, request: Request) -> Response:
        found = await self._find(request, counted=True)
        if isinstance(found, Response):
            return found
        code = re.sub(r"[\s-]", "", first_of(await posted(request)).get("code", ""))
        if not _CODE.match(code):
            return self._code_page(found, "package.error.format", 422)
        match await self._site.desk.try_code(found.visitor.controller.id, found.token, code):
            case NoCode():
                return self._code_page(found, "package.error.none", 422)
            case WrongCode(tries_left=left):
                return self._code_page(found, "package.error.wrong", 422, left=left)
            case Opened():
                answer = RedirectResponse(found.to(), 303)
                self._site.remember(answer, found.visitor.controller.id, found.token)
                return answer

    async def show_add(self, request: Request) -> Response:
        found = await self._find_open(request)
        return found if isinstance(found, Response) else self._add_page(found, uuid7())

    async def add(self, request: Request) -> Response:
        found = await self._find_open(request, counted=True)
        if isinstance(found, Response):
            return found
        tray = new_tray(found.view.case_id)

        async def tray_of(_: Mapping[str, str]) -> FileTray:
            return tray

        brought = await take(request, self._site.files, found.visitor.controller.id, tray_of)
        text = clean(brought.fields.get("message", ""))
        errors = _errors_of_addition(text, brought)
        message_id = _uuid(brought.fields.get("id", ""))
        if errors:
            await self._drop(found, brought)
            return self._add_page(found, message_id, text[:MAX_MESSAGE], errors)
        addition = Addition(message_id, text, found.visitor.language, brought.tray or tray)
        try:
            await self._site.desk.add(found.visitor.controller.id, found.view.case_id, addition)
        except FilesGone:
            return self._add_page(found, message_id, text, [FormError("file", "error.file.gone")])
        return self._done(found, "status.added.h1", "status.added.text")

    async def _drop(self, found: Found, brought: Brought) -> None:
        """What was not sent is not kept; the page says that files are to be chosen again."""
        for file in brought.tray.files if brought.tray else ():
            await self._site.files.drop(found.visitor.controller.id, brought.tray, str(file.file_id))  # type: ignore[arg-type]

    async def show_withdraw(self, request: Request) -> Response:
        found = await self._find_open(request)
        if isinstance(found, Response):
            return found
        t = found.visitor.t
        return self._site.act(
            found.visitor,
            "status.withdraw",
            "status.withdraw.h1",
            [t("status.withdraw.text"), t("status.withdraw.more")],
            action=found.to("/withdraw"),
            button=t("status.withdraw.button"),
            link=found.to(),
            link_text=t("status.withdraw.back"),
        )

    async def withdraw(self, request: Request) -> Response:
        found = await self._find_open(request, counted=True)
        if isinstance(found, Response):
            return found
        await self._site.desk.withdraw(found.visitor.controller.id, found.view.case_id)
        return self._done(found, "status.withdrawn.h1", "status.withdrawn.text")

    def _done(self, found: Found, h1: str, text: str) -> Response:
        t = found.visitor.t
        return self._site.act(found.visitor, h1, h1, [t(text)], link=found.to(), link_text=t("status.back"))

    async def _find(self, request: Request, *, counted: bool = False) -> Found | Response:
        """The case of the link, or the page to show instead."""
        visitor = await self._site.visitor(request)
        if counted and await self._site.is_over_limit(visitor, "link"):
            return self._site.busy(visitor)
        token = token_of(request)
        view = await self._site.desk.find(visitor.controller.id, token)
        if view is None:
            if await self._site.is_over_limit(visitor, "link"):
                return self._site.busy(visitor)
            return self._site.not_yet(request, visitor)
        return Found(visitor, view, token, is_open=not view.needs_code or self._site.is_remembered(request, token))

    async def _find_open(self, request: Request, *, counted: bool = False) -> Found | Response:
        """The case, where something may still be changed and this browser may do it; else its status page."""
        found = await self._find(request, counted=counted)
        if isinstance(found, Response) or (found.is_open and found.view.may_change):
            return found
        return RedirectResponse(found.to(), 303)

    def _code_page(self, found: Found, error: str = "", status_code: int = 200, **values: object) -> Response:
        t = found.visitor.t
        return self._site.act(
            found.visitor,
            "status.title",
            "package.code.h1",
            [t("package.code.text")],
            action=found.to("/code"),
            asks_code=True,
            button=t("status.code.open"),
            second_button=t("package.ask_again"),
            second_action=found.to("/ask"),
            errors=[ShownError("code", str(t(error, **values)))] if error else [],
            status_code=status_code,
        )

    def _add_page(self, found: Found, message_id: UUID, text: str = "", errors: Sequence[FormError] = ()) -> Response:
        return self._site.pages.render(
            "status_add.html",
            language=found.visitor.language,
            controller=found.visitor.controller,
            status_code=422 if errors else 200,
            errors=shown(found.visitor, errors),
            action=found.to("/add"),
            back=found.to(),
            message_id=str(message_id),
            text=text,
            limits=LIMITS,
            accept=ACCEPT,
        )


def _errors_of_addition(text: str, brought: Brought) -> list[FormError]:
    errors = list(brought.errors)
    if len(text) > MAX_MESSAGE:
        errors.insert(0, FormError("message", "error.message_long"))
    elif not text and brought.tray is None:
        errors.insert(0, FormError("message", "error.addition"))
    return errors


def _uuid(text: str) -> UUID:
    """The id that the page gave to the message, so that sending it twice is one message."""
    try:
        return UUID(text)
    except ValueError:
        return uuid7()
