"""Pages out of templates: one controller's name and colour, one language, texts escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from dsr_intake.adapters.texts import LANGUAGE_NAMES, Texts, chosen_language, load_texts
from dsr_intake.domain.colour import DARK, LIGHT, visible
from dsr_intake.domain.dates import SHORT_WEEKDAYS, cell_date, long_date
from dsr_shared.contracts.controllers import AuthorityV1, ControllerPublishedV1
from dsr_shared.contracts.words import Language
from dsr_shared.ui.month_sheet import DayCell


@dataclass(frozen=True, slots=True)
class ControllerView:
    """A controller as the templates see it."""

    id: str
    register: ControllerPublishedV1

    @property
    def name(self) -> str:
        return self.register.name

    @property
    def email(self) -> str:
        return self.register.contact_email

    @property
    def phone(self) -> str | None:
        return self.register.contact_phone

    @property
    def notice_url(self) -> str | None:
        url = self.register.notice_url
        return url if url and url.startswith(("https://", "http://")) else None

    def notice_link(self, language: Language) -> str:
        """The controller's own notice where its register names one, else the one that is published here."""
        here = f"/{self.id}/notice"
        is_here = self.notice_url in (None, f"{self.register.public_url}{here}")
        return f"{here}?lang={language}" if is_here else str(self.notice_url)

    @property
    def authority(self) -> AuthorityV1:
        return self.register.authority

    @property
    def brand_css(self) -> str:
        """The controller's colour, in light and dark; where it hardly shows, the colour of the text stands in."""
        light, dark = (visible(self.register.brand_colour, *pair) for pair in (LIGHT, DARK))
        return (
            f":root {{ --brand: {light}; }}\n"
            f"@media (prefers-color-scheme: dark) {{ :root {{ --brand: {dark}; }} }}\n"
            "@media print { :root { --brand: #000000; } }\n"
        )

    def phone_hours(self, language: Language) -> str:
        return self.register.phone_hours.get(language, "")

    def authority_name(self, language: Language) -> str:
        names = self.register.authority.name
        return names.get(language) or next(iter(names.values()))


@dataclass(frozen=True, slots=True)
class MonthView:
    """The month sheet with its words."""

    label: str
    weekdays: tuple[str, ...]
    cells: tuple[dict[str, str], ...]
    key: tuple[tuple[str, str], ...]


class Pages:
    """Renders pages; templates are compiled once."""

    def __init__(self) -> None:
        self._environment: Final = Environment(
            loader=PackageLoader("dsr_intake"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def render(
        self,
        template: str,
        *,
        language: Language,
        controller: ControllerView | None,
        status_code: int = 200,
        errors: Sequence[Any] = (),
        language_form: bool = False,
        **values: Any,
    ) -> HTMLResponse:
        languages = controller.register.languages if controller else ()
        text = self._environment.get_template(template).render(
            t=load_texts(language),
            language=language,
            languages=[(code, LANGUAGE_NAMES[code]) for code in languages],
            controller=controller,
            errors=errors,
            has_errors=bool(errors),
            wrong_fields={error.field for error in errors},
            language_form=language_form,
            **values,
        )
        return HTMLResponse(text, status_code)


def language_of(request: Request, register: ControllerPublishedV1 | None) -> Language:
    offered = register.languages if register else ()
    return chosen_language(request.query_params.get("lang"), request.headers.get("accept-language", ""), offered)


def month_view(t: Texts, cells: Sequence[DayCell], label: str, *, with_receipt: bool) -> MonthView:
    language = t.language
    shown = tuple(
        {"css": cell.css, "text": cell_date(cell.day, language, names_month=cell.starts_month)} for cell in cells
    )
    key = (("", str(t("key.got"))),) if with_receipt else ()
    return MonthView(
        label=label,
        weekdays=SHORT_WEEKDAYS[language],
        cells=shown,
        key=(*key, ("now", str(t("key.now"))), ("due", str(t("key.due")))),
    )


def month_label(t: Texts, received: Any, today: Any, due: Any) -> str:
    days = {name: long_date(day, t.language) for name, day in (("received", received), ("today", today), ("due", due))}
    return str(t("month.label", **days))
