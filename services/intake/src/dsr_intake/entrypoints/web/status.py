"""The receipt and the status page: did it arrive, what now, by when."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dsr_intake.domain.dates import long_date, plain_date
from dsr_intake.domain.progress import REACHED_BY, ProgressStep, needs_proof, progress
from dsr_intake.entrypoints.web.page import MonthView, month_label, month_view
from dsr_intake.entrypoints.web.site import Site, Visitor, token_of
from dsr_shared.calendar import due_dates, helsinki_date
from dsr_shared.contracts.cases import KeptV1
from dsr_shared.contracts.words import Language
from dsr_shared.ui.month_sheet import month_sheet

_ENDED = ("answered", "closed")


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the timeline with its day, where it is known."""

    name: str
    state: str
    says_now: bool
    date: str | None


class StatusPages:
    """Both pages belong to whoever holds the token, and say nothing about the person."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def receipt(self, request: Request) -> Response:
        visitor, case, _ = await self._case(request)
        if case is None or case["stage"] == "destroyed":
            return await self.status(request)
        received, due = helsinki_date(case["received_at"]), case["extended_due_on"] or case["due_on"]
        language = visitor.language
        return self._site.pages.render(
            "receipt.html",
            language=language,
            controller=visitor.controller,
            case=case,
            token=token_of(request),
            due=long_date(due, language),
            needs_proof=needs_proof(case["rights"]),
            progress=_steps(case, language),
            sheet=_sheet(visitor, received, due),
        )

    async def status(self, request: Request) -> Response:
        visitor, case, package = await self._case(request)
        if case is None:
            return self._site.wrong_link(visitor)
        return self._site.pages.render(
            "status.html",
            language=visitor.language,
            controller=visitor.controller,
            case=case,
            **_status_values(visitor, case, package),
        )

    async def _case(self, request: Request) -> tuple[Visitor, Any, Any]:
        visitor = await self._site.visitor(request)
        found = await self._site.links.case_of_status_token(visitor.controller.id, token_of(request))
        return (visitor, *found) if found else (visitor, None, None)


def _status_values(visitor: Visitor, case: Mapping[str, Any], package: Mapping[str, Any] | None) -> dict[str, Any]:
    language, stage = visitor.language, case["stage"]
    received, first_due = helsinki_date(case["received_at"]), case["due_on"]
    due = case["extended_due_on"] or first_due
    is_destroyed = stage == "destroyed"
    is_late = not is_destroyed and stage not in _ENDED and _today() > due
    return {
        "headline": _headline(visitor, stage, due, is_late=is_late),
        "lead": visitor.t("status.destroyed.text" if is_destroyed else f"stage.{stage}"),
        "is_late": is_late,
        "is_destroyed": is_destroyed,
        "due": None if stage in (*_ENDED, "destroyed") else long_date(due, language),
        "extended_from": long_date(first_due, language) if case["extended_due_on"] and not is_destroyed else None,
        "package_until": _day(package["expires_at"], language) if package else None,
        "progress": () if is_destroyed else _steps(case, language),
        "sheet": None if is_destroyed else _sheet(visitor, received, due),
        "counting": _counting(case, language),
        "kept": [] if is_destroyed else _kept(case["kept"], language),
        "updated": _day(case["changed_at"], language) if case["changed_at"] else None,
    }


def _headline(visitor: Visitor, stage: str, due: date, *, is_late: bool) -> str:
    if is_late:
        return str(visitor.t("status.late"))
    if stage in (*_ENDED, "destroyed"):
        return str(visitor.t(f"status.{stage}"))
    return str(visitor.t("status.due", due=long_date(due, visitor.language)))


def _sheet(visitor: Visitor, received: date, due: date) -> MonthView:
    today = _today()
    cells = month_sheet(received, today, due)
    label = month_label(visitor.t, received, today, due)
    return month_view(visitor.t, cells, label, with_receipt=today != received)


def _steps(case: Mapping[str, Any], language: Language) -> list[ShownStep]:
    reached = json.loads(case["reached"])
    days = {"received": case["received_at"]} | {
        name: datetime.fromisoformat(reached[stage]) for name, stage in REACHED_BY.items() if stage in reached
    }
    return [_shown(step, days.get(step.name), language) for step in progress(case["stage"], case["rights"])]


def _shown(step: ProgressStep, at: datetime | None, language: Language) -> ShownStep:
    day = _day(at, language) if at and step.state == "was" else None
    return ShownStep(step.name, step.state, step.says_now, day)


def _counting(case: Mapping[str, Any], language: Language) -> dict[str, str | None]:
    dates = due_dates(case["received_at"])
    is_rolled = dates.due != dates.nominal
    return {
        "received": plain_date(dates.received, language),
        "nominal": plain_date(dates.nominal, language),
        "rolled": long_date(dates.due, language) if is_rolled else None,
    }


def _kept(document: str, language: Language) -> list[dict[str, Any]]:
    kept = [KeptV1.model_validate(item) for item in json.loads(document)]
    return [
        {
            "label": _in(item.label, language),
            "ground": _in(item.ground, language),
            "count": item.count,
            "until": plain_date(item.until, language) if item.until else None,
        }
        for item in kept
    ]


def _in(texts: Mapping[Language, str], language: Language) -> str:
    return texts.get(language) or next(iter(texts.values()), "")


def _day(moment: datetime, language: Language) -> str:
    return plain_date(helsinki_date(moment), language)


def _today() -> date:
    return helsinki_date(datetime.now(UTC))
