"""Reading the forms of the breach desk: Helsinki times, numbers, and the texts by language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal

from dsr_fulfilment.domain.breach import NoticeFacts
from dsr_fulfilment.domain.breach_case import LETTER_ITEMS, OPTIONAL_LETTER_ITEMS, BreachDetails
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted
from dsr_shared.calendar import HELSINKI
from dsr_shared.contracts.words import Language

MAX_BREACH_FIELDS: Final = 120
MAX_NUMBER: Final = 2_000_000_000
NUMBERS: Final = ("person_count", "record_count")
NOTICE_AREAS: Final = (
    ("nature", "What happened?", "As you know it now. Name no person.", 4),
    ("person_categories", "Whose data?", "For example: customers, employees, children.", 2),
    ("record_categories", "What kinds of data?", "For example: names, addresses, messages, identity codes.", 2),
    ("consequences", "What could it lead to for the people?",
     "For example: phishing in your name, fraud, somebody learns an address.", 3),
    ("measures", "What did you do, and what will you do?",
     "What stopped it, what limits the harm, what prevents the next one.", 3),
)  # fmt: skip
EXEMPTION_CHOICES: Final = (
    ("data_unintelligible", "Nobody can read the data", "Say encrypted, and the key is safe. Article 34(3)(a)"),
    ("risk_removed", "What you did since then keeps the serious harm from coming", "Article 34(3)(b)"),
    ("disproportionate_effort", "Writing to each would be out of proportion: everybody is told in public",
     "As well as letters would. Article 34(3)(c)"),
)  # fmt: skip
LETTER_LABELS: Final = {
    "nature": "What happened",
    "consequences": "What it may lead to",
    "measures": "What you have done",
    "advice": "What they can do themselves (optional)",
    "contact": "Whom they can ask (optional; else the contact of your register)",
}


@dataclass
class Reading:
    """What a form said so far, and what was wrong with it."""

    form: Posted
    errors: list[FieldError] = field(default_factory=list)

    def moment(self, name: str, what: str, fold: Literal[0, 1] = 0) -> datetime | None:
        """A Helsinki time in UTC; of an hour that comes twice `fold` chooses the first or the second."""
        text = self.form.text(name)
        if not text:
            self.errors.append(FieldError(name, f"Write when {what}."))
            return None
        moment = helsinki_moment(text, fold)
        if moment is None:
            hint = "Write a day and a time that were, for example 2026-12-09 16:20, in Finnish time."
            self.errors.append(FieldError(name, f"We can’t read when {what}. {hint}"))
        return moment

    def number(self, name: str) -> int | None:
        text = self.form.text(name).replace(" ", "").replace("\u00a0", "")
        if not text:
            return None
        if text.isascii() and text.isdigit() and int(text[:12]) <= MAX_NUMBER:
            return int(text)
        self.errors.append(FieldError(name, "Write a whole number, or leave it empty."))
        return None


def helsinki_moment(text: str, fold: Literal[0, 1] = 0) -> datetime | None:
    """None for what is no time, and for an hour that the clocks skipped."""
    try:
        local = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        return None
    if local.tzinfo is not None:
        return local.astimezone(UTC)
    moment = local.replace(tzinfo=HELSINKI, fold=fold).astimezone(UTC)
    return moment if moment.astimezone(HELSINKI).replace(tzinfo=None) == local else None


def local_text(moment: datetime) -> str:
    """As an input for a local time wants it."""
    return f"{moment.astimezone(HELSINKI):%Y-%m-%dT%H:%M}"


def letter_field(item: str, language: str) -> str:
    return f"letter-{item}-{language}"


def details_of(reading: Reading, languages: Sequence[Language]) -> BreachDetails:
    """The texts of a form; all may be empty."""
    form = reading.form
    notice = NoticeFacts(
        nature=form.text("nature"),
        person_categories=form.text("person_categories"),
        person_count=reading.number("person_count"),
        record_categories=form.text("record_categories"),
        record_count=reading.number("record_count"),
        contact_name=form.text("contact_name"),
        contact_details=form.text("contact_details"),
        consequences=form.text("consequences"),
        measures=form.text("measures"),
    )
    letters: dict[Language, dict[str, str]] = {
        language: {
            item: text
            for item in (*LETTER_ITEMS, *OPTIONAL_LETTER_ITEMS)
            if (text := form.text(letter_field(item, language)))
        }
        for language in languages
    }
    return BreachDetails(notice, letters, form.text("title"))


def typed_of(details: BreachDetails) -> dict[str, str]:
    """The fields of the form that would say the same."""
    notice = details.notice
    fields: dict[str, str] = {
        "title": details.title,
        **{name: str(getattr(notice, name)) for name, *_ in NOTICE_AREAS},
        "contact_name": notice.contact_name,
        "contact_details": notice.contact_details,
    }
    for name in NUMBERS:
        value = getattr(notice, name)
        fields[name] = "" if value is None else str(value)
    for language, texts in details.letters.items():
        fields |= {letter_field(item, language): text for item, text in texts.items()}
    return fields


def typed_in(form: Posted) -> Mapping[str, str]:
    """What was typed, to be shown again beside what is wrong with it."""
    return {name: form.text(name) for name in form.fields}
