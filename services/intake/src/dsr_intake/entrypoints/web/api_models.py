"""What goes in and out of the API, as JSON; the document that programmers read is generated from it."""

from datetime import date, datetime
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails

from dsr_intake.adapters.texts import load_texts
from dsr_intake.domain.request_form import (
    CHOICES,
    MAX_EMAIL,
    MAX_MESSAGE,
    MAX_NAME,
    UNSURE,
    FormAnswers,
    FormError,
    FormState,
    errors_of,
    steps_of,
    take_about,
    take_what,
    take_who,
)
from dsr_intake.entrypoints.web.api_problems import FieldProblem
from dsr_shared.contracts.requests import Whose
from dsr_shared.contracts.words import RIGHTS, Language, Right, Stage

_POINTERS: Final = {"choice-access": "rights"}
_ABOUT: Final = ("subject_name", "subject_email", "organisation_name", "business_id", "role")
_TYPED: Final = frozenset({"name", "email", "message", "whose", *_ABOUT})
Line = Annotated[str, Field(pattern=r"^[^\u0000-\u001f\u007f]*$")]


class RequestIn(BaseModel):
    """A person's request, with the same answers as the form."""

    model_config = ConfigDict(
        extra="forbid",
        strict=False,
        json_schema_extra={
            "examples": [
                {"rights": ["access"], "name": "Aino Esimerkki", "email": "aino@posti.example", "language": "fi"}
            ]
        },
    )

    rights: list[Right] = Field(
        max_length=len(RIGHTS),
        description="What the person asks for; empty where they do not know: then a person reads",
    )
    whose: Whose = Field(default="self", description="Whose data it is about: the writer's own or somebody else's")
    name: Line = Field(min_length=1, max_length=MAX_NAME, description="Who writes")
    email: Line = Field(min_length=3, max_length=MAX_EMAIL, description="Where answers go; a link there proves it")
    message: str = Field(
        default="",
        max_length=MAX_MESSAGE,
        description="In the person's own words; needed for rectification, completion and where `rights` is empty",
    )
    subject_name: Line = Field(default="", max_length=MAX_NAME, description="Needed with `other`: the person concerned")
    subject_email: Line = Field(default="", max_length=MAX_EMAIL, description="With `other`: that person's address")
    organisation_name: Line = Field(default="", max_length=MAX_NAME, description="Needed with `organisation`")
    business_id: Line = Field(default="", max_length=20, description="With `organisation`: its Y-tunnus, if it has one")
    role: Line = Field(
        default="", max_length=MAX_NAME, description="Needed with `organisation`: what the writer is there"
    )
    language: Language | None = Field(
        default=None, description="Language of the letters; the company's first one where it is left out"
    )


class RequestOut(BaseModel):
    """The receipt: what is told is committed."""

    status_token: str = Field(
        description="Shows how the case stands; keep it like a password, and give it to the person"
    )
    status_url: str = Field(description="The person's status page")
    received_at: datetime
    due_on: date = Field(description="Last day of the month that the law gives, Europe/Helsinki")


class StateOut(BaseModel):
    """How a case stands; nothing about the person."""

    reference: str | None = Field(description="For example K-2026-0034; none for the first moments")
    stage: Stage
    rights: list[Right]
    received_at: datetime
    due_on: date
    extended_due_on: date | None = Field(description="Last day after an extension that took effect")
    changed_at: datetime | None


def answers_of(body: RequestIn, state: FormState) -> FormAnswers:
    """Cleaned by the same functions as the form's pages."""
    chosen: list[str] = list(body.rights) or [UNSURE]
    fields = body.model_dump(include=set(_TYPED))
    answered = take_who(take_what(state, [choice for choice in CHOICES if choice in chosen]), fields)
    return take_about(answered, fields).answers


def field_problems(answers: FormAnswers, language: Language) -> list[FieldProblem]:
    """What the form would show, with its words."""
    wrong = [one for step in steps_of(answers) for one in errors_of(step, answers)]
    return [
        FieldProblem(pointer=f"/{_POINTERS.get(one.field, one.field)}", detail=words_of(language, one)) for one in wrong
    ]


def words_of(language: Language, error: FormError) -> str:
    """An error in the words of the form."""
    return str(load_texts(language)(error.text, **(error.values or {})))


def shape_problems(errors: list[ErrorDetails]) -> list[FieldProblem]:
    """What does not fit the schema, without a word of what was sent."""
    return [FieldProblem(pointer=_pointer(error["loc"]), detail=f"{error['msg']}.") for error in errors]


def _pointer(location: tuple[int | str, ...]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)
