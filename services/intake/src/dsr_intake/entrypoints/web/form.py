"""The form: what, who, check, receipt. Each step is a page of its own; what was answered travels sealed in it."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from uuid6 import uuid7

from dsr_intake.adapters.controller_book import DATABASE_TROUBLE
from dsr_intake.adapters.form_seal import FormForged, is_fresh
from dsr_intake.domain.dates import long_date
from dsr_intake.domain.request_form import (
    CHOICES,
    NEEDS_NO_PROOF,
    WHOSE,
    FormError,
    FormState,
    Step,
    errors_of_what,
    errors_of_who,
    first_wrong_step,
    needs_words,
    take_what,
    take_who,
)
from dsr_intake.entrypoints.web.site import Site, Visitor, first_of, posted
from dsr_shared.calendar import due_dates
from dsr_shared.sealing import new_token


@dataclass(frozen=True, slots=True)
class ShownError:
    """An error with its text."""

    field: str
    message: str


class FormPages:
    """GET shows the first step; every POST carries the sealed state and says which step it comes from."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def show(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        return self._page(visitor, "what", _fresh_state(visitor))

    async def post(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        fields = await posted(request)
        first = first_of(fields)
        state = self._state(visitor, first)
        if state is None:
            return self._page(visitor, "what", _fresh_state(visitor), (FormError("choice-access", "error.form_old"),))
        visitor = replace(visitor, language=state.language)
        step = first.get("step")
        if step == "check" and not first.get("go") and not first.get("lang"):
            return await self._send(visitor, state)
        state = _taken(step, state, fields, first)
        if (language := first.get("lang")) in visitor.controller.register.languages:
            visitor = replace(visitor, language=language)
            return self._page(visitor, _known_step(step), replace(state, language=language))
        return self._next(visitor, state, first.get("go") or "", step)

    def _next(self, visitor: Visitor, state: FormState, go: str, step: str | None) -> Response:
        """Back to where the person wants, or on to where nothing is missing."""
        if go in ("what", "who"):
            return self._page(visitor, _known_step(go), state)
        errors = errors_of_what(state.answers)
        if errors:
            return self._page(visitor, "what", state, errors)
        if step != "who":
            return self._page(visitor, "who", state)
        errors = errors_of_who(state.answers)
        return self._page(visitor, "who" if errors else "check", state, errors)

    async def _send(self, visitor: Visitor, state: FormState) -> Response:
        """Answer "received" only after the commit; else say plainly that we have nothing."""
        if not is_fresh(state, time.time()):
            renewed = _renewed(state)
            return self._page(visitor, "check", renewed, (FormError("form", "error.form_old"),))
        if wrong := first_wrong_step(state.answers):
            errors = errors_of_what(state.answers) or errors_of_who(state.answers)
            return self._page(visitor, wrong, state, errors)
        try:
            if await self._site.is_over_limit(visitor, "form"):
                return self._site.busy(visitor)
            await self._site.submit(state)
        except DATABASE_TROUBLE:
            return self._not_received(visitor, state)
        return RedirectResponse(f"/{visitor.controller.id}/receipt/{state.status_token}?lang={state.language}", 303)

    def _not_received(self, visitor: Visitor, state: FormState) -> Response:
        page = self._site.pages.render(
            "down.html",
            language=visitor.language,
            controller=visitor.controller,
            status_code=503,
            sealed=self._site.seal.seal(state),
        )
        page.headers["retry-after"] = "30"
        return page

    def _state(self, visitor: Visitor, fields: Mapping[str, str]) -> FormState | None:
        try:
            return self._site.seal.open(fields.get("state", ""), visitor.controller.id)
        except FormForged:
            return None

    def _page(self, visitor: Visitor, step: Step, state: FormState, errors: Sequence[FormError] = ()) -> HTMLResponse:
        due = long_date(due_dates(datetime.now(UTC)).due, visitor.language)
        return self._site.pages.render(
            f"form_{step}.html",
            language=visitor.language,
            controller=visitor.controller,
            status_code=422 if errors else 200,
            errors=[ShownError(error.field, str(visitor.t(error.text))) for error in errors],
            language_form=True,
            answers=state.answers,
            sealed=self._site.seal.seal(state),
            choices=CHOICES,
            whose_choices=WHOSE,
            words_needed=needs_words(state.answers),
            at_once=any(choice in NEEDS_NO_PROOF for choice in state.answers.choices),
            due_strong=Markup('<strong class="nb">{}</strong>').format(escape(due)),
        )


def _fresh_state(visitor: Visitor) -> FormState:
    return FormState(uuid7(), new_token(), int(time.time()), visitor.controller.id, visitor.language)


def _renewed(state: FormState) -> FormState:
    """A form that lay open too long keeps its answers and its id: if it was sent before, it stays one request."""
    return replace(state, issued_at=int(time.time()))


def _taken(
    step: str | None, state: FormState, fields: Mapping[str, Sequence[str]], first: Mapping[str, str]
) -> FormState:
    if step == "what":
        return take_what(state, fields.get("choice", ()))
    return take_who(state, first) if step == "who" else state


def _known_step(step: str | None) -> Step:
    match step:
        case "who" | "check":
            return step
        case _:
            return "what"
