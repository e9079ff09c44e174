"""The erasure plan as a table: place, now, after, why; and what can't be undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dsr_fulfilment.adapters.cases import SystemState
from dsr_fulfilment.adapters.desk import PlanGroup, ShownPlan
from dsr_fulfilment.domain.grace import execute_after
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import Badge
from dsr_fulfilment.entrypoints.console.dates import clock, plural, short_moment, short_year_date, weekday_date
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import PaperSystem, Register, System
from dsr_fulfilment.register.rules import ground_text, label_text
from dsr_shared.calendar import helsinki_date

SETTLED = {"erased": Badge("Erased", "done", "check"), "kept": Badge("Kept", "kept", "lock")}


@dataclass(frozen=True)
class PlanRow:
    """One line of the table; `goes` puts the minus sign before what is there now. `group` is for programs that read."""

    place: str
    now: str
    goes: bool
    after: Badge | None
    why: str
    is_held: bool = False
    group: PlanGroup | None = None


@dataclass(frozen=True)
class PlanView:
    """A plan as staff read it before they approve it."""

    hash: str
    state: str
    rows: tuple[PlanRow, ...]
    summary: str
    erased: int
    kept: int
    button: str
    warnings: tuple[str, ...]
    can_take_back: bool
    approved: str | None


def plan_view(plan: ShownPlan, register: Register, systems: Sequence[SystemState], now: datetime) -> PlanView:
    erased, kept = plan.count("erase"), plan.count("keep")
    paper = [state for state in systems if state.outcome == "found" and _is_paper(register, state.system)]
    return PlanView(
        hash=plan.hash,
        state=plan.state,
        rows=(*(_row(register, group) for group in plan.groups), *_other_rows(plan, register, systems)),
        summary=_summary(plan, register, len(paper)),
        erased=erased,
        kept=kept,
        button=f"Erase {plural(erased, 'item')}, keep {kept}",
        warnings=_warnings(register, now, erased, kept, len(paper)),
        can_take_back=plan.state == "approved",
        approved=_approved(plan),
    )


def _row(register: Register, group: PlanGroup) -> PlanRow:
    system, label = system_label(register, group.system), table_label(register, group.system, group.table_name)
    place = system if label == system else f"{system}: {label}"
    now = plural(group.items, "row") + _dates(group)
    if group.action == "keep":
        return PlanRow(place, now, False, _kept_badge(group), _ground(register, group), is_held=True, group=group)
    done = SETTLED.get(group.outcome or "")
    if group.is_redacted:
        needed = table_label(register, group.system, group.needed_by or group.table_name)
        why = f"{needed} that are kept need the row, so its personal details are overwritten"
        return PlanRow(place, now, True, done or Badge("Overwritten", "", "bin"), why, group=group)
    badge = done or _trouble(group) or Badge("Erased", "", "bin")
    return PlanRow(place, now, True, badge, "No rule of yours keeps it", group=group)


def system_label(register: Register, system_id: str) -> str:
    """The place's name; its id where the register no longer has it."""
    known = {system.id: in_language(system.label, "en") for system in register.systems}
    return known.get(system_id, system_id)


def table_label(register: Register, system_id: str, table_name: str) -> str:
    """The table's name; as the database spells it where the register no longer has it."""
    try:
        return in_language(label_text(register, system_id, table_name), "en")
    except KeyError:
        return table_name


def _trouble(group: PlanGroup) -> Badge | None:
    if group.outcome in ("failed", "unknown"):
        return Badge(words.OUTCOMES[group.outcome], "late", "warning")
    return None


def _dates(group: PlanGroup) -> str:
    if group.first_date is None or group.last_date is None:
        return ""
    if group.first_date == group.last_date:
        return f", {short_year_date(group.first_date)}"
    return f", {short_year_date(group.first_date)} to {short_year_date(group.last_date)}"


def _kept_badge(group: PlanGroup) -> Badge:
    until = f"Kept until {short_year_date(group.kept_until)}" if group.kept_until else "Kept"
    return Badge(until, "kept", "lock")


def _ground(register: Register, group: PlanGroup) -> str:
    is_known = any(system.id == group.system for system in register.systems)
    text = ground_text(register, group.system, group.table_name, group.ground or "") if is_known else None
    why = in_language(text, "en") if text else (group.ground or "A rule of your register")
    return f"{why}. Erased by itself the day after." if group.kept_until else f"{why}. Looked at again by itself."


def _other_rows(plan: ShownPlan, register: Register, systems: Sequence[SystemState]) -> tuple[PlanRow, ...]:
    """Paper, and every place that was searched and holds nothing: that is a row too."""
    planned = {group.system for group in plan.groups}
    outcomes = {state.system: state for state in systems}
    rest = [system for system in register.systems if system.id not in planned]
    return tuple(_other_row(system, outcomes.get(system.id)) for system in rest)


def _other_row(system: System, state: SystemState | None) -> PlanRow:
    label = in_language(system.label, "en")
    outcome = state.outcome if state else None
    if isinstance(system, PaperSystem):
        return _paper_row(f"{label}, {system.shelf}", state)
    names = sorted({one.name.replace("_", " ") for table in system.tables for one in table.identifiers})
    if outcome == "nothing_found":
        return PlanRow(label, "Nothing found", False, None, f"Searched by {' and '.join(names)}")
    return PlanRow(label, words.OUTCOMES[outcome] if outcome else "Not searched yet", False, None, "")


def _paper_row(place: str, state: SystemState | None) -> PlanRow:
    match state.outcome if state else None:
        case "found":
            why = "The case can’t close before it is done"
            return PlanRow(place, "1 folder", False, Badge("You do this", "soon", "pen"), why)
        case "erased":
            return PlanRow(place, "1 folder", True, SETTLED["erased"], "Destroyed by a person")
        case "kept":
            return PlanRow(place, "1 folder", False, SETTLED["kept"], _reason(state), is_held=True)
        case "nothing_found":
            return PlanRow(place, "Nothing found", False, None, "Searched by a person")
        case "not_searched":
            return PlanRow(place, "Not searched", False, None, _reason(state))
        case _:
            return PlanRow(place, "Not searched yet", False, Badge("You do this", "soon", "pen"), "")


def _reason(state: SystemState | None) -> str:
    return words.reason_text(state.reason) if state else ""


def _is_paper(register: Register, system_id: str) -> bool:
    return any(system.id == system_id and isinstance(system, PaperSystem) for system in register.systems)


def _summary(plan: ShownPlan, register: Register, paper: int) -> str:
    made = weekday_date(helsinki_date(plan.created_at))
    paper_text = f" {plural(paper, 'paper folder waits', 'paper folders wait')} for you." if paper else ""
    return f"All {plural(len(register.systems), 'place')} of your register were searched on {made}.{paper_text}"


def _warnings(register: Register, now: datetime, erased: int, kept: int, paper: int) -> tuple[str, ...]:
    after, what = execute_after(register.erasure_grace, now), plural(erased, "item is", "items are")
    stays = " and the paper" if paper else ""
    untouched = f"The {plural(kept, 'kept item')}{stays} {'is' if kept == 1 and not paper else 'are'} not touched."
    if after <= now:
        gone = f"When you press the button, {what} gone for good. We can’t bring them back, and neither can you."
        return (gone, *([untouched] if kept or paper else []))
    when = f"{clock(after)} on {weekday_date(helsinki_date(after))}"
    return (
        f"From {when}, {what} gone for good. We can’t bring them back, and neither can you.",
        "Until then you can take the approval back on this page.",
        *([untouched] if kept or paper else []),
    )


def _approved(plan: ShownPlan) -> str | None:
    if plan.approved_at is None:
        return None
    by = f"Approved by {plan.approved_by} on {short_moment(plan.approved_at)}."
    if plan.executed_at is not None:
        return f"{by} Carried out {short_moment(plan.executed_at)}."
    return f"{by} It takes effect {short_moment(plan.execute_after)}." if plan.execute_after else by
