"""Errors of the API as RFC 9457 problem details: what is wrong, in plain words, and nothing about anybody."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

PROBLEM_TYPE: Final = "application/problem+json"


class FieldProblem(BaseModel):
    """One field to correct."""

    pointer: str = Field(description="JSON pointer into the body, for example /email")
    detail: str = Field(description="What is wrong and what to do, in the language of the request")


class ProblemDetails(BaseModel):
    """An error (RFC 9457)."""

    type: str = Field(description="Which problem it is; the same word always means the same")
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = Field(default=None, description="Fields to correct")


class Problem(Exception):
    """Ends a call with an error; `what` names the kind of problem."""

    def __init__(
        self,
        status: int,
        what: str,
        title: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self._details = ProblemDetails(
            type=f"urn:kuukausi:problem:{what}",
            title=title,
            status=status,
            detail=detail,
            errors=list(errors) or None,
        )
        self._headers = headers

    def response(self) -> JSONResponse:
        return JSONResponse(
            self._details.model_dump(exclude_none=True),
            self._details.status,
            headers=dict(self._headers or {}),
            media_type=PROBLEM_TYPE,
        )


def unauthorised() -> Problem:
    """The same for a missing, unknown, expired and revoked key, and for a company that does not exist."""
    return Problem(
        401,
        "unauthorised",
        "No valid key",
        "Send a living key of this company as `Authorization: Bearer kk_…`. `kuukausi api-key add` makes one.",
        headers={"www-authenticate": 'Bearer realm="kuukausi"'},
    )


def missing() -> Problem:
    return Problem(404, "missing", "Nothing here", "There is nothing under this address, or this key may not see it.")


def wrong_method(allowed: Sequence[str]) -> Problem:
    names = ", ".join(allowed)
    detail = f"This address answers {names} only."
    return Problem(405, "wrong-method", "Wrong method", detail, headers={"allow": names})


def too_many(seconds: int) -> Problem:
    detail = "There were too many calls in this hour. Wait until the next one. This request was not received."
    return Problem(429, "too-many", "Too many calls", detail, headers={"retry-after": str(seconds)})


def too_large() -> Problem:
    detail = "JSON has at most 128 KiB, a body with files 64 MiB. This request was not received."
    return Problem(413, "too-large", "Too much at once", detail)


def wrong_type() -> Problem:
    detail = "Send application/json in UTF-8, or multipart/form-data with a part `request` and files."
    return Problem(415, "wrong-type", "Neither JSON nor a form with parts", detail)


def malformed(detail: str) -> Problem:
    return Problem(400, "malformed", "The call cannot be read", detail)


def invalid(errors: Sequence[FieldProblem]) -> Problem:
    detail = "Correct the fields that `errors` names and send it again. This request was not received."
    return Problem(422, "invalid", "Something is missing or wrong", detail, errors=errors)


def other_body() -> Problem:
    detail = "This Idempotency-Key came before with another body. Use a new key for a new request."
    return Problem(422, "idempotency-key-reused", "The key was used before", detail)


def down() -> Problem:
    detail = "We cannot store anything at the moment. This request was not received: send it again."
    return Problem(503, "down", "Not received", detail, headers={"retry-after": "30"})
