"""The public form: what a person fills in step by step, and what is wrong with it. The server decides everything."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal
from uuid import UUID

from dsr_intake.domain.form_files import FileTray
from dsr_intake.domain.organisation import business_id
from dsr_shared.contracts.requests import Whose
from dsr_shared.contracts.words import RIGHTS, Language, Right

Step = Literal["what", "who", "about", "files", "check"]
FormChannel = Literal["form", "api"]
FirstLetter = Literal["challenge", "acknowledgement", "confirmation"]
STEPS: Final[tuple[Step, ...]] = ("what", "who", "about", "files", "check")
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
    subject_name: str = ""
    """Whose data it is about, where that is another person."""
    subject_email: str = ""
    organisation_name: str = ""
    business_id: str = ""
    role: str = ""
    """What the writer is in the organisation."""

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

    @property
    def first_letter(self) -> FirstLetter:
        """What the person finds in their mailbox first."""
        if self.needs_person:
            return "acknowledgement"
        return "challenge" if self.needs_proof else "confirmation"


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
    tray: FileTray | None = None
    channel: FormChannel = "form"


@dataclass(frozen=True, slots=True)
class FormError:
    """One thing to correct: the input it belongs to, the key of its text, and what the text names."""

    field: str
    text: str
    values: Mapping[str, str] | None = None


def steps_of(answers: FormAnswers) -> tuple[Step, ...]:
    """The pages that somebody with these answers goes through; files are asked for only where one is needed."""
    match answers.whose:
        case "self":
            return ("what", "who", "check")
        case "other":
            return ("what", "who", "about", "files", "check")
        case "organisation":
            return ("what", "who", "about", "check")


def step_after(step: Step, answers: FormAnswers) -> Step:
    """The next page of those; from a page that was opened out of turn back to the check."""
    steps = steps_of(answers)
    place = steps.index(step) if step in steps else len(steps)
    return steps[min(place + 1, len(steps) - 1)]


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
            message=clean(fields.get("message", ""))[: MAX_MESSAGE + 1],
        ),
    )


def take_about(state: FormState, fields: Mapping[str, str]) -> FormState:
    typed: dict[str, Any] = {
        name: _one_line(fields.get(name, ""))[: MAX_NAME + 1] for name in _ABOUT[state.answers.whose]
    }
    if typed.get("business_id"):
        typed["business_id"] = business_id(typed["business_id"]) or typed["business_id"]
    return replace(state, answers=replace(state.answers, **typed))


_ABOUT: Final[Mapping[Whose, tuple[str, ...]]] = {
    "self": (),
    "other": ("subject_name", "subject_email"),
    "organisation": ("organisation_name", "business_id", "role"),
}


def errors_of(step: Step, answers: FormAnswers) -> tuple[FormError, ...]:
    """What is to be corrected on a page."""
    match step:
        case "what":
            return errors_of_what(answers)
        case "who":
            return errors_of_who(answers)
        case "about":
            return errors_of_about(answers)
        case "files" | "check":
            return ()


def errors_of_what(answers: FormAnswers) -> tuple[FormError, ...]:
    return () if answers.choices else (FormError("choice-access", "error.choice"),)


def errors_of_who(answers: FormAnswers) -> tuple[FormError, ...]:
    wrong = list(_wrong_name("name", answers.name))
    if not is_address(answers.email):
        wrong.append(FormError("email", "error.email"))
    if len(answers.message) > MAX_MESSAGE:
        wrong.append(FormError("message", "error.message_long"))
    elif not answers.message and needs_words(answers):
        wrong.append(FormError("message", "error.message"))
    return tuple(wrong)


def errors_of_about(answers: FormAnswers) -> tuple[FormError, ...]:
    """An association may have no Y-tunnus; one that is given must be a right one."""
    match answers.whose:
        case "self":
            return ()
        case "other":
            wrong = [*_wrong_name("subject_name", answers.subject_name)]
            if answers.subject_email and not is_address(answers.subject_email):
                wrong.append(FormError("subject_email", "error.email"))
        case "organisation":
            wrong = [*_wrong_name("organisation_name", answers.organisation_name)]
            if answers.business_id and business_id(answers.business_id) is None:
                wrong.append(FormError("business_id", "error.business_id"))
            wrong += _wrong_name("role", answers.role)
    return tuple(wrong)


def _wrong_name(name: str, value: str) -> tuple[FormError, ...]:
    if not value:
        return (FormError(name, f"error.{name}"),)
    return (FormError(name, "error.name_long"),) if len(value) > MAX_NAME else ()


def first_wrong_step(answers: FormAnswers) -> Step | None:
    """The step to go back to before the request can be sent."""
    return next((step for step in steps_of(answers) if errors_of(step, answers)), None)


def needs_words(answers: FormAnswers) -> bool:
    """Only the person can say what is wrong, missing or meant."""
    return any(choice in answers.choices for choice in ("rectification", "completion", UNSURE))


def is_address(text: str) -> bool:
    return len(text) <= MAX_EMAIL and _EMAIL.match(text) is not None


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def clean(text: str) -> str:
    """Normalised, without control characters other than line breaks and tabs."""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(sign for sign in unified if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
