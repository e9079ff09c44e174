"""What a program hands in: JSON alone, or JSON and files as a form with parts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dsr_intake.domain.form_files import FileTray
from dsr_intake.domain.request_form import FormError
from dsr_intake.entrypoints.web import api_problems as problems
from dsr_intake.entrypoints.web.api_models import RequestIn, shape_problems, words_of
from dsr_intake.entrypoints.web.api_problems import FieldProblem
from dsr_intake.entrypoints.web.guard import MAX_BODY_BYTES
from dsr_intake.entrypoints.web.upload import take
from dsr_intake.handlers.form_files import FormFiles, new_tray
from dsr_shared.contracts.words import Language
from dsr_shared.web import TooLarge

REQUEST_PART: Final = "request"
FILES_PART: Final = "files"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The call's content; its files lie sealed already."""

    body: RequestIn = field(repr=False)
    tray: FileTray | None = None
    file_errors: tuple[FormError, ...] = ()
    file_hashes: tuple[str, ...] = ()

    @property
    def plain(self) -> bytes:
        """What tells this call from another one with the same idempotency key."""
        return "\n".join((self.body.model_dump_json(), *self.file_hashes)).encode()

    def problems_in(self, language: Language) -> list[FieldProblem]:
        """Files that were refused: one of them refuses the call, so that none is missed by who sent it."""
        return [FieldProblem(pointer=f"/{FILES_PART}", detail=words_of(language, one)) for one in self.file_errors]


async def handed_in(request: Request, files: FormFiles, controller_id: str, arrival_id: UUID) -> HandedIn:
    """Read the body to its end; raises a `Problem` for what is not as described."""
    match request.headers.get("content-type", "").partition(";")[0].strip().lower():
        case "application/json":
            return HandedIn(_checked(await _whole(request)))
        case "multipart/form-data":
            return await _with_files(request, files, controller_id, arrival_id)
        case _:
            raise problems.wrong_type()


async def _with_files(request: Request, files: FormFiles, controller_id: str, arrival_id: UUID) -> HandedIn:
    async def tray_of(fields: Mapping[str, str]) -> FileTray | None:
        """The files are kept only behind a request, so that nobody leaves files without one."""
        _checked(_request_part(fields))
        return new_tray(arrival_id)

    try:
        brought = await take(request, files, controller_id, tray_of)
    except TimeoutError:
        raise problems.malformed("The upload took too long. Send it again, with smaller files.") from None
    except HTTPException as error:
        if error.status_code == 413:
            raise problems.too_large() from None
        raise problems.malformed("The multipart body is broken or has too many parts.") from None
    body = _checked(_request_part(brought.fields))
    if len(brought.fields) > 1:
        raise problems.malformed(f"Beside `{REQUEST_PART}` every part is a file, and needs a file name.")
    return HandedIn(body, brought.tray, tuple(brought.errors), tuple(brought.file_hashes))


def _request_part(fields: Mapping[str, str]) -> str:
    if REQUEST_PART not in fields:
        raise problems.malformed(
            f"The first part must be `{REQUEST_PART}`, the JSON of the request, without a file name."
        )
    return fields[REQUEST_PART]


async def _whole(request: Request) -> bytes:
    """A body without files is short; raises `TooLarge`."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > MAX_BODY_BYTES:
            raise TooLarge
    return bytes(content)


def _checked(text: bytes | str) -> RequestIn:
    try:
        values: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise problems.malformed("The request is not JSON in UTF-8.") from None
    try:
        return RequestIn.model_validate(values)
    except ValidationError as error:
        raise problems.invalid(shape_problems(error.errors(include_input=False, include_url=False))) from None
