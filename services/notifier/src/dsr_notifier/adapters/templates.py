"""The letters' templates: one folder a letter and language, with subject, text and HTML that say the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from dsr_notifier.domain import wording
from dsr_notifier.domain.addresses import greeting_name
from dsr_notifier.domain.letters import LETTERS, remedy_of
from dsr_notifier.ports import Letter
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.words import LANGUAGES, Language, Right

_BLANK_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Rendered:
    """A letter in words."""

    subject: str
    text: str
    html: str


class Templates:
    """Renders letters; a field that a template needs and the letter lacks is an error, never a gap."""

    def __init__(self) -> None:
        self._environments: Mapping[Language, Environment] = {
            language: _environment(language) for language in LANGUAGES
        }

    def render(self, letter: Letter, controller: ControllerPublishedV1) -> Rendered:
        values = _values(letter, controller)
        subject = " ".join(self._render(letter, "subject.txt", values).split())
        text = _BLANK_LINES.sub("\n\n", self._render(letter, "body.txt", values)).strip() + "\n"
        return Rendered(subject, text, self._render(letter, "body.html", values | {"subject": subject}))

    def _render(self, letter: Letter, name: str, values: Mapping[str, object]) -> str:
        template = self._environments[letter.language].get_template(f"{letter.kind}/{letter.language}/{name}")
        return template.render(values)


def _environment(language: Language) -> Environment:
    environment = Environment(
        loader=PackageLoader("dsr_notifier"),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        auto_reload=False,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "short_day": partial(wording.short_day, language=language),
        "due_day": partial(wording.due_day, language=language),
        "on_day": partial(wording.on_day, language=language),
        "until_day": partial(wording.until_day, language=language),
        "in_words": partial(wording.rights_in_words, language=language),
        "local": partial(wording.in_language, language=language),
        "done": partial(_done, language=language),
        "sentence": _sentence,
        "paragraphs": _paragraphs,
    }
    return environment


def _values(letter: Letter, controller: ControllerPublishedV1) -> dict[str, object]:
    content = {name: getattr(letter.content, name) for name in type(letter.content).model_fields}
    return content | {
        "language": letter.language,
        "name": greeting_name(letter.content.recipient_name),
        "controller": controller,
        "hours": wording.in_language(controller.phone_hours, letter.language),
        "authority_name": wording.in_language(controller.authority.name, letter.language),
        "breach": {"advice": "", "contact": "", **letter.content.breach},
        "notice_link": _notice_link(controller, letter.language),
        "takes_reply": LETTERS[letter.kind].takes_reply,
        "remedy": remedy_of(letter.kind, letter.content),
    }


def _notice_link(controller: ControllerPublishedV1, language: Language) -> str | None:
    """The published notice; ours speaks the letter's language."""
    url = controller.notice_url
    if not url or not url.startswith(("https://", "http://")):
        return None
    return f"{url}?lang={language}" if url.startswith(f"{controller.public_url}/") else url


def _done(right: Right, language: Language) -> str:
    return wording.DONE_WORDS[language][right]


def _sentence(text: str) -> str:
    """The text with an end: register texts come with a full stop or without."""
    tidy = text.strip()
    return tidy if tidy.endswith((".", "!", "?")) else f"{tidy}."


def _paragraphs(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
