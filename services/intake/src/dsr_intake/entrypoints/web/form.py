"""The form, step by step, to its receipt. Each step is a page of its own; what was answered travels sealed in it."""

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
from dsr_intake.domain.form_files import ENDINGS, FileTray
from dsr_intake.domain.request_form import (
    CHOICES,
    NEEDS_NO_PROOF,
    STEPS,
    WHOSE,
    FormError,
    FormState,
    Step,
    errors_of,
    first_wrong_step,
    needs_words,
    step_after,
    take_about,
    take_what,
    take_who,
)
from dsr_intake.entrypoints.web.site import Site, Visitor, first_of, posted
from dsr_intake.entrypoints.web.upload import LIMITS, take
from dsr_intake.handlers.form_files import FilesGone, new_tray
from dsr_shared.calendar import due_dates
from dsr_shared.sealing import new_token

_OLD = FormError("choice-access", "error.form_old")


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
        visitor = await self._site.visitor(request, in_frames=True)
        return self._page(visitor, "what", _fresh_state(visitor))

    async def post(self, request: Request) -> Response:
        visitor = await self._site.visitor(request, in_frames=True)
        fields = await posted(request)
        first = first_of(fields)
        state = self._state(visitor, first)
        if state is None:
            return self._page(visitor, "what", _fresh_state(visitor), (_OLD,))
        visitor = replace(visitor, language=state.language)
        step = first.get("step")
        if step == "check" and not first.get("go") and not first.get("lang"):
            return await self._send(visitor, state)
        return self._next(visitor, _taken(step, state, fields, first), first, _known_step(step))

    async def post_files(self, request: Request) -> Response:
        """The page with the files: what was chosen is kept sealed, whichever button was pressed."""
        visitor = await self._site.visitor(request, in_frames=True)

        async def tray_of(fields: Mapping[str, str]) -> FileTray | None:
            state = self._state(visitor, fields)
            if state is None or await self._site.is_over_limit(visitor, "file"):
                return None
            return state.tray or new_tray(state.arrival_id)

        brought = await take(request, self._site.files, visitor.controller.id, tray_of)
        state = self._state(visitor, brought.fields)
        if state is None:
            return self._page(visitor, "what", _fresh_state(visitor), (_OLD,))
        visitor = replace(visitor, language=state.language)
        state = replace(state, tray=brought.tray or state.tray)
        if (gone := brought.fields.get("remove")) and state.tray is not None:
            state = replace(state, tray=await self._site.files.drop(visitor.controller.id, state.tray, gone))
            return self._page(visitor, "files", state)
        if brought.errors or (brought.fields.get("act") == "add" and not brought.fields.get("go")):
            return self._page(visitor, "files", state, brought.errors or _missing(brought.has_new))
        return self._next(visitor, state, brought.fields, "files")

    def _next(self, visitor: Visitor, state: FormState, fields: Mapping[str, str], step: Step) -> Response:
        """Another language, back to where the person wants, or on to where nothing is missing."""
        if (language := fields.get("lang")) in visitor.controller.register.languages:
            visitor = replace(visitor, language=language)
            return self._page(visitor, step, replace(state, language=language))
        if (go := fields.get("go")) in STEPS:
            return self._page(visitor, _known_step(go), state)
        wrong = next((known for known in STEPS[: STEPS.index(step) + 1] if errors_of(known, state.answers)), None)
        if wrong is not None:
            return self._page(visitor, wrong, state, errors_of(wrong, state.answers))
        return self._page(visitor, step_after(step, state.answers), state)

    async def _send(self, visitor: Visitor, state: FormState) -> Response:
        """Answer "received" only after the commit; else say plainly that we have nothing."""
        if not is_fresh(state, time.time()):
            return self._page(visitor, "check", _renewed(state), (replace(_OLD, field="form"),))
        if wrong := first_wrong_step(state.answers):
            return self._page(visitor, wrong, state, errors_of(wrong, state.answers))
        try:
            if await self._site.is_over_limit(visitor, "form"):
                return self._site.busy(visitor)
            await self._submit(state)
        except FilesGone:
            return self._page(visitor, "files", replace(state, tray=None), (FormError("file", "error.file.gone"),))
        except DATABASE_TROUBLE:
            return self._not_received(visitor, state)
        return RedirectResponse(f"/{visitor.controller.id}/receipt/{state.status_token}?lang={state.language}", 303)

    async def _submit(self, state: FormState) -> None:
        if state.tray is not None and state.tray.files:
            await self._site.submit_with_files(state)
        else:
            await self._site.submit(state)

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
        answers = state.answers
        return self._site.pages.render(
            f"form_{step}.html",
            language=visitor.language,
            controller=visitor.controller,
            status_code=422 if errors else 200,
            errors=shown(visitor, errors),
            language_form=True,
            answers=answers,
            sealed=self._site.seal.seal(state),
            choices=CHOICES,
            whose_choices=WHOSE,
            words_needed=needs_words(answers),
            at_once=any(choice in NEEDS_NO_PROOF for choice in answers.choices),
            due_strong=Markup('<strong class="nb">{}</strong>').format(escape(due)),
            files=state.tray.files if state.tray is not None else (),
            limits=LIMITS,
            accept=ACCEPT,
        )


ACCEPT = ",".join(ending for endings in ENDINGS.values() for ending in endings)


def shown(visitor: Visitor, errors: Sequence[FormError]) -> list[ShownError]:
    return [ShownError(error.field, str(visitor.t(error.text, **(error.values or {})))) for error in errors]


def _missing(has_new: bool) -> tuple[FormError, ...]:
    return () if has_new else (FormError("file", "error.file.none"),)


def _fresh_state(visitor: Visitor) -> FormState:
    return FormState(uuid7(), new_token(), int(time.time()), visitor.controller.id, visitor.language)


def _renewed(state: FormState) -> FormState:
    """A form that lay open too long keeps its answers and its id: if it was sent before, it stays one request."""
    return replace(state, issued_at=int(time.time()))


def _taken(
    step: str | None, state: FormState, fields: Mapping[str, Sequence[str]], first: Mapping[str, str]
) -> FormState:
    match step:
        case "what":
            return take_what(state, fields.get("choice", ()))
        case "who":
            return take_who(state, first)
        case "about":
            return take_about(state, first)
        case _:
            return state


def _known_step(step: str | None) -> Step:
    return next((known for known in STEPS if known == step), "what")
