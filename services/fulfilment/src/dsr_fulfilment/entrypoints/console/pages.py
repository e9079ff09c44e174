"""Pages out of templates: who is signed in, the navigation with its numbers, everything escaped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from dsr_fulfilment.adapters.desk import Counts
from dsr_fulfilment.entrypoints.console import dates
from dsr_fulfilment.entrypoints.console.forms import FieldError
from dsr_fulfilment.entrypoints.console.session import Session

REFUSED: Final = frozenset({401, 409, 429})
"""Answers to a form that was whole and yet did not work."""


@dataclass(frozen=True)
class Frame:
    """What surrounds every page of a signed-in user; `at` says which line of the navigation it belongs to."""

    session: Session
    company: str
    counts: Counts
    at: str = ""


class Pages:
    """Renders pages; templates are compiled once."""

    def __init__(self) -> None:
        self._environment: Final = Environment(
            loader=PackageLoader("dsr_fulfilment"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters.update(
            long_date=dates.long_date,
            weekday_date=dates.weekday_date,
            short_date=dates.short_date,
            short_year_date=dates.short_year_date,
            short_weekday_date=dates.short_weekday_date,
            short_moment=dates.short_moment,
            long_moment=dates.long_moment,
            machine_moment=dates.machine_moment,
            clock=dates.clock,
        )
        self._environment.globals.update(plural=dates.plural)

    def render(
        self,
        template: str,
        frame: Frame | None,
        *,
        status_code: int = 200,
        errors: Sequence[FieldError] = (),
        **values: Any,
    ) -> HTMLResponse:
        text = self._environment.get_template(template).render(
            frame=frame,
            errors=errors,
            wrong={error.field: error.message for error in errors},
            was_refused=status_code in REFUSED,
            **values,
        )
        return HTMLResponse(text, status_code)

    def say(
        self, frame: Frame | None, title: str, lines: Sequence[str], *, status_code: int, link: tuple[str, str] | None
    ) -> HTMLResponse:
        """A page with one thing to say and where to go next."""
        return self.render("say.html", frame, status_code=status_code, title=title, lines=lines, link=link)
