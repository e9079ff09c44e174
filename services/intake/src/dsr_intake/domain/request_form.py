"""The public form: what a person fills in step by step, and what is wrong with it. The server decides everything."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal
from uuid import UUID

from dsr_shared.contracts.words import RIGHTS, Language, Right

Step = Literal["what", "who", "check"]
Whose = Literal["self", "other", "organisation"]
WHOSE: Final[tuple[Whose, ...]] = ("self", "other", "organisation")
UNSURE: Final = "unsure"
CHOICES: Final[tuple[str, ...]] = (
    *("access", "erasure", "rectification", "completion", "marketing_opt_out", "consent_withdrawal"),
    *("restriction", "objection", "portability", UNSURE),
)
NEEDS_NO_PROOF: Final[frozenset[str]] = frozenset({"marketing_opt_out", "consent_withdrawal"})
MAX_NAME: Final = 200
MAX_EMAIL: Final = 254
MAX_MESSAGE: Final = 8000
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@(?:{_LABEL}\.)+[A-Za-z0-9-]{{2,63}}$")


@dataclass(frozen=True, slots=True)
class FormAnswers:
    """What was answered so far."""

    choices: tuple[str, ...] = ()
    whose: Whose = "self"
    name: str = ""
    email: str = ""
    message: str = ""

    @property
    def rights(self) -> tuple[Right, ...]:
        """In the order of the vocabulary; empty where the person does not know which one fits."""
        return tuple(right for right in RIGHTS if right in self.choices)

    @property
    def needs_person(self) -> bool:
        """Whether somebody must choose the right, or look at an authority."""
        return UNSURE in self.choices or self.whose != "self"

    @property
    def needs_proof(self) -> bool:
        """Whether anything is asked that only a verified person gets."""
        return any(choice not in NEEDS_NO_PROOF for choice in self.choices)


@dataclass(frozen=True, slots=True)
class FormState:
    """What travels, sealed, between the steps; ids are given with the form, so that a double post is one request."""

    arrival_id: UUID
    status_token: str
    issued_at: int
    """Seconds since 1970."""
    controller_id: str
    language: Language
    answers: FormAnswers = field(default_factory=FormAnswers)


@dataclass(frozen=True, slots=True)
class FormError:
    """One thing to correct: the input it belongs to and the key of its text."""

    field: str
    text: str


def take_what(state: FormState, choices: Sequence[str]) -> FormState:
    known = tuple(choice for choice in CHOICES if choice in choices)
    return replace(state, answers=replace(state.answers, choices=known))


def take_who(state: FormState, fields: Mapping[str, str]) -> FormState:
    whose = fields.get("whose", "self")
    return replace(
        state,
        answers=replace(
            state.answers,
            whose=next((known for known in WHOSE if known == whose), "self"),
            name=_one_line(fields.get("name", ""))[: MAX_NAME + 1],
            email=_one_line(fields.get("email", ""))[: MAX_EMAIL + 1],
            message=_clean(fields.get("message", ""))[: MAX_MESSAGE + 1],
        ),
    )


def errors_of_what(answers: FormAnswers) -> tuple[FormError, ...]:
    return () if answers.choices else (FormError("choice-access", "error.choice"),)


def errors_of_who(answers: FormAnswers) -> tuple[FormError, ...]:
    wrong = []
    if not answers.name:
        wrong.append(FormError("name", "error.name"))
    elif len(answers.name) > MAX_NAME:
        wrong.append(FormError("name", "error.name_long"))
    if len(answers.email) > MAX_EMAIL or not _EMAIL.match(answers.email):
        wrong.append(FormError("email", "error.email"))
    if len(answers.message) > MAX_MESSAGE:
        wrong.append(FormError("message", "error.message_long"))
    elif not answers.message and needs_words(answers):
        wrong.append(FormError("message", "error.message"))
    return tuple(wrong)


def first_wrong_step(answers: FormAnswers) -> Step | None:
    """The step to go back to before the request can be sent."""
    if errors_of_what(answers):
        return "what"
    return "who" if errors_of_who(answers) else None


def needs_words(answers: FormAnswers) -> bool:
    """Only the person can say what is wrong, missing or meant."""
    return any(choice in answers.choices for choice in ("rectification", "completion", UNSURE))


def _one_line(text: str) -> str:
    return " ".join(_clean(text).split())


def _clean(text: str) -> str:
    """Normalised, without control characters other than line breaks and tabs."""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in unified if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
