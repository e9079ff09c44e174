"""What the receipt and the status page say of a case, in the words of one language."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from dsr_intake.domain.dates import long_date, plain_date
from dsr_intake.domain.progress import REACHED_BY, Asked, ProgressStep, progress
from dsr_intake.domain.request_form import NEEDS_NO_PROOF
from dsr_intake.entrypoints.web.page import MonthView, month_label, month_view
from dsr_intake.entrypoints.web.site import Visitor
from dsr_intake.handlers.status_desk import CaseView
from dsr_shared.calendar import due_dates, helsinki_date
from dsr_shared.contracts.cases import KeptV1
from dsr_shared.contracts.words import Language, LetterKind, Stage
from dsr_shared.ui.month_sheet import month_sheet

_ENDED = ("answered", "closed")
_BEFORE_THE_END: Final[tuple[Stage, ...]] = ("erasing", "answered", "awaiting_staff", "gathering", "identifying")
_CONFIRMS_OPT_OUT: Final[LetterKind] = "confirmation"


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step of the timeline with its day, where it is known."""

    words: str
    """The texts that tell of it, `step.<words>`."""
    name: str
    state: str
    says_now: bool
    date: str | None


def what_next(case: Mapping[str, Any]) -> str:
    """What the receipt tells to expect: a link to open, an acknowledgement, or that it is done at once."""
    if case["whose"] != "self":
        return f"staff.{case['whose']}"
    return {"challenge": "proof", "acknowledgement": "staff", "confirmation": "no_proof"}[case["first_letter"]]


def is_taken_back(case: Mapping[str, Any]) -> bool:
    """Whether the person took the request back and it was not answered all the same: nothing more will come."""
    if case["stage"] in ("answered", "destroyed") or not case["withdrawn_at"]:
        return False
    answered = json.loads(case["reached"]).get("answered")
    is_answered_since = answered is not None and datetime.fromisoformat(answered) >= case["withdrawn_at"]
    return case["stage"] != "closed" or not is_answered_since


def status_values(visitor: Visitor, view: CaseView, *, is_open: bool) -> dict[str, Any]:
    case, package = view.case, view.package
    language, stage = visitor.language, case["stage"]
    received, first_due = helsinki_date(case["received_at"]), case["due_on"]
    due = case["extended_due_on"] or first_due
    is_destroyed = stage == "destroyed"
    has_no_due = stage in (*_ENDED, "destroyed") or is_taken_back(case)
    is_late = not has_no_due and _today() > due
    return {
        "headline": _headline(visitor, case, due, is_late=is_late),
        "lead": visitor.t(_lead(case)),
        "is_late": is_late,
        "is_destroyed": is_destroyed,
        "due": None if has_no_due else long_date(due, language),
        "extended_from": long_date(first_due, language) if case["extended_due_on"] and not has_no_due else None,
        "package_until": day_of(package["expires_at"], language) if package else None,
        "progress": () if is_destroyed else steps(case, language, view.letters),
        "sheet": None if is_destroyed or is_taken_back(case) else sheet_of(visitor, received, due),
        "counting": _counting(case, language),
        "kept": _kept(case["kept"], language) if is_open and not is_destroyed else [],
        "updated": day_of(case["changed_at"], language) if case["changed_at"] else None,
    }


def _lead(case: Mapping[str, Any]) -> str:
    stage = case["stage"]
    if stage == "destroyed":
        return "status.destroyed.text"
    if is_taken_back(case):
        return "status.withdrawn.text"
    is_organisation = stage == "identifying" and case["whose"] == "organisation"
    return "stage.identifying.organisation" if is_organisation else f"stage.{stage}"


def _headline(visitor: Visitor, case: Mapping[str, Any], due: date, *, is_late: bool) -> str:
    stage = case["stage"]
    if is_late:
        return str(visitor.t("status.late"))
    if is_taken_back(case):
        return str(visitor.t("status.withdrawn.h1"))
    if stage in (*_ENDED, "destroyed"):
        return str(visitor.t(f"status.{stage}"))
    return str(visitor.t("status.due", due=long_date(due, visitor.language)))


def sheet_of(visitor: Visitor, received: date, due: date) -> MonthView:
    today = _today()
    cells = month_sheet(received, today, due)
    label = month_label(visitor.t, received, today, due)
    return month_view(visitor.t, cells, label, with_receipt=today != received)


def steps(case: Mapping[str, Any], language: Language, letters: Sequence[Any] = ()) -> list[ShownStep]:
    """The timeline; of a request that was taken back only what was done, for nothing more will come."""
    reached = json.loads(case["reached"])
    confirmed_at = min((one["sent_at"] for one in letters if one["kind"] == _CONFIRMS_OPT_OUT), default=None)
    days = {"received": case["received_at"]} | {
        name: datetime.fromisoformat(reached[stage]) for name, stage in REACHED_BY.items() if stage in reached
    }
    days["opt_out"] = confirmed_at
    asked = Asked(
        tuple(case["rights"]),
        case["whose"],
        case["first_letter"],
        was_searched="gathering" in reached,
        was_erasing="erasing" in reached,
        is_opted_out=confirmed_at is not None,
    )
    shown = [_shown_step(step, days.get(step.name), asked, language) for step in progress(_stage(case), asked)]
    return [step for step in shown if step.state == "was" or not is_taken_back(case)]


def _stage(case: Mapping[str, Any]) -> Stage:
    """How far the case came; one that was taken back is closed without the steps in between."""
    stage: Stage = case["stage"]
    if stage != "closed" or not is_taken_back(case):
        return stage
    reached = json.loads(case["reached"])
    return next((one for one in _BEFORE_THE_END if one in reached), "received")


def _shown_step(step: ProgressStep, at: datetime | None, asked: Asked, language: Language) -> ShownStep:
    day = day_of(at, language) if at and step.state == "was" else None
    words = _opt_out_words(asked) if step.name == "opt_out" else step.name
    return ShownStep(words, step.name, step.state, step.says_now, day)


def _opt_out_words(asked: Asked) -> str:
    wanted = [right for right in asked.rights if right in NEEDS_NO_PROOF]
    return "opt_out" if len(wanted) > 1 else f"opt_out.{wanted[0]}"


def letters_of(letters: Sequence[Any], visitor: Visitor) -> list[dict[str, str]]:
    return [
        {"what": str(visitor.t(f"letter.{letter['kind']}")), "day": day_of(letter["sent_at"], visitor.language)}
        for letter in letters
    ]


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


def day_of(moment: datetime, language: Language) -> str:
    return plain_date(helsinki_date(moment), language)


def _today() -> date:
    return helsinki_date(datetime.now(UTC))
