"""The API: programs hand in requests with a company's key. Every answer is JSON, every error a problem (RFC 9457)."""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uuid6 import uuid7

from dsr_intake.adapters.controller_book import DATABASE_TROUBLE
from dsr_intake.domain.api_key import ApiKeyText
from dsr_intake.domain.request_form import FormState
from dsr_intake.entrypoints.web import api_problems as problems
from dsr_intake.entrypoints.web.api_document import IDEMPOTENCY_KEY_PATTERN, document
from dsr_intake.entrypoints.web.api_models import (
    RequestIn,
    RequestOut,
    StateOut,
    answers_of,
    field_problems,
)
from dsr_intake.entrypoints.web.api_problems import Problem
from dsr_intake.entrypoints.web.api_reading import handed_in
from dsr_intake.entrypoints.web.site import Site, Visitor, token_of
from dsr_intake.handlers.api_requests import ApiCall, OtherBody
from dsr_intake.handlers.form_files import FilesGone
from dsr_shared.contracts.words import Language
from dsr_shared.web import TooLarge

Answer = Callable[[Request], Awaitable[Response]]
_IDEMPOTENCY_KEY: Final = re.compile(IDEMPOTENCY_KEY_PATTERN)
_log = logging.getLogger(__name__)


class Endpoint:
    """One address of the API: which method is answered by what."""

    def __init__(self, answers: Mapping[str, Answer]) -> None:
        self._answers = answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            if not self._answers:
                raise problems.missing()
            answer = self._answers.get(request.method)
            if answer is None:
                raise problems.wrong_method(tuple(self._answers))
            return await answer(request)
        except Problem as problem:
            return problem.response()
        except HTTPException:
            return problems.missing().response()
        except TooLarge:
            return problems.too_large().response()
        except DATABASE_TROUBLE as error:
            _log.error("A call of the API could not be served.", exc_info=error)
            return problems.down().response()


class Api:
    """Translates calls; the handlers decide and store."""

    def __init__(self, site: Site, public_url: str) -> None:
        self._site = site
        self._public_url = public_url

    async def document(self, request: Request) -> Response:
        visitor = await self._site.visitor(request)
        return JSONResponse(document(visitor.controller.id, visitor.controller.name, self._public_url))

    async def place(self, request: Request) -> Response:
        visitor, key_id = await self._caller(request)
        idempotency_key, arrival_id = _idempotency_key(request), uuid7()
        handed = await handed_in(request, self._site.files, visitor.controller.id, arrival_id)
        language = self._language(visitor, handed.body)
        state = FormState(arrival_id, "", 0, visitor.controller.id, language)
        answers = answers_of(handed.body, state)
        if wrong := [*field_problems(answers, language), *handed.problems_in(language)]:
            raise problems.invalid(wrong)
        call = ApiCall(
            controller_id=visitor.controller.id,
            key_id=key_id,
            idempotency_key=idempotency_key,
            arrival_id=arrival_id,
            language=language,
            answers=answers,
            body=handed.plain,
            tray=handed.tray,
        )
        try:
            token = await self._site.api.place(call)
        except OtherBody:
            raise problems.other_body() from None
        except FilesGone:
            raise problems.down() from None
        return await self._receipt(visitor, token, language)

    async def state(self, request: Request) -> Response:
        visitor, _ = await self._caller(request)
        row = await self._site.api.state(visitor.controller.id, token_of(request))
        if row is None:
            raise problems.missing()
        return _json(StateOut(**{name: row[name] for name in StateOut.model_fields}))

    async def _receipt(self, visitor: Visitor, token: str, language: Language) -> Response:
        row = await self._site.api.state(visitor.controller.id, token)
        if row is None:
            raise problems.down()
        path = f"/{visitor.controller.id}/status/{token}?lang={language}"
        receipt = RequestOut(
            status_token=token,
            status_url=self._public_url + path,
            received_at=row["received_at"],
            due_on=row["due_on"],
        )
        location = f"/{visitor.controller.id}/api/v1/requests/{token}"
        return _json(receipt, 201, {"location": location})

    async def _caller(self, request: Request) -> tuple[Visitor, UUID]:
        """Who calls; a company that does not exist looks like a wrong key."""
        try:
            visitor = await self._site.visitor(request)
        except HTTPException:
            raise problems.unauthorised() from None
        key = ApiKeyText.read(request.headers.get("authorization", ""))
        key_id = await self._site.api_keys.find(visitor.controller.id, key) if key else None
        if key_id is None:
            if await self._site.is_over_limit(visitor, "link"):
                raise problems.too_many(_seconds_left())
            raise problems.unauthorised()
        if await self._site.visits.is_too_many(visitor.controller.id, "api", str(key_id)):
            raise problems.too_many(_seconds_left())
        return visitor, key_id

    def _language(self, visitor: Visitor, body: RequestIn) -> Language:
        offered = visitor.controller.register.languages
        return body.language if body.language in offered and body.language is not None else offered[0]


def _idempotency_key(request: Request) -> str | None:
    """The header's value; the draft writes it in quotes, many programs don't."""
    text = request.headers.get("idempotency-key")
    if text is None:
        return None
    if not _IDEMPOTENCY_KEY.match(text):
        raise problems.malformed("Idempotency-Key: 1 to 128 visible ASCII characters, for example a UUID.")
    return text.strip('"')


def _json(model: Any, status_code: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(model.model_dump_json(), status_code, headers=dict(headers or {}), media_type="application/json")


def _seconds_left() -> int:
    """Until the next full hour, when counting begins anew."""
    now = datetime.now(UTC)
    following = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return max(1, int((following - now).total_seconds()))


def api_routes(site: Site, public_url: str) -> list[Route]:
    api = Api(site, public_url)
    root = "/{controller}/api"
    return [
        Route(f"{root}/v1/openapi.json", Endpoint({"GET": api.document})),
        Route(f"{root}/v1/requests", Endpoint({"POST": api.place})),
        Route(f"{root}/v1/requests/{{token}}", Endpoint({"GET": api.state})),
        Route(f"{root}/{{rest:path}}", Endpoint({})),
    ]
