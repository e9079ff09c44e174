"""Today: the queue in order of arrival on one axis, and the one thing that is most urgent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dsr_fulfilment.adapters.desk import OpenCase
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.queue import QueuedCase, in_order_of_arrival, overdue
from dsr_fulfilment.entrypoints.console import words
from dsr_fulfilment.entrypoints.console.badges import SOON_WORKING_DAYS, Badge, days_text, due_badge
from dsr_fulfilment.entrypoints.console.dates import plural, short_date, weekday_date
from dsr_fulfilment.entrypoints.console.month import MonthView, month_view
from dsr_fulfilment.entrypoints.console.strip import Axis, Strip
from dsr_fulfilment.handlers.letters import last_day
from dsr_shared.calendar import helsinki_date, working_days_between


@dataclass(frozen=True)
class QueueRow:
    """One case in line."""

    reference: str
    title: str
    meta: str
    who: str | None
    due: date
    first_due: date | None
    """Set where more time was taken: the first date stays in view."""
    badge: Badge
    strip: Strip
    button: str
    is_first: bool


@dataclass(frozen=True)
class Urgent:
    """The answer block of the day."""

    h1: str
    text: str
    reference: str
    button: str
    clock: str
    due: date
    month: MonthView


@dataclass(frozen=True)
class TodayView:
    """The page of the day."""

    now: datetime
    urgent: Urgent | None
    axis: Axis | None
    rows: tuple[QueueRow, ...]
    late: int


def queued(case: OpenCase) -> QueuedCase:
    """The case as the rules of the line see it."""
    one = case.case
    return QueuedCase(one.case_id, one.reference, one.state, one.received_at, last_day(one), one.needs_person)


def today_view(cases: Sequence[OpenCase], names: Mapping[UUID, str], now: datetime) -> TodayView:
    """`cases` are all open ones, whatever they wait for; nothing that is due is left out."""
    today = helsinki_date(now)
    by_id = {one.case.case_id: one for one in cases}
    line = [by_id[one.case_id] for one in in_order_of_arrival(queued(one) for one in cases)]
    if not line:
        return TodayView(now, None, None, (), 0)
    axis = Axis.over([(helsinki_date(one.case.received_at), last_day(one.case)) for one in line], today)
    first = next((one for one in line if one.waits_for_staff), None)
    rows = tuple(_row(one, names, axis, is_first=one is first) for one in line)
    late = overdue([queued(one) for one in line], now)
    return TodayView(now, _urgent(line, len(late), today), axis, rows, len(late))


def meta_of(case: Case) -> str:
    """How and when it came, and what it waits for."""
    language = f" in {words.LANGUAGES[case.language]}" if case.language != "fi" else ""
    received = short_date(helsinki_date(case.received_at))
    return f"{words.CHANNELS[case.channel]}{language}, received {received} · {words.STATES[case.state]}"


def _row(one: OpenCase, names: Mapping[UUID, str], axis: Axis, *, is_first: bool) -> QueueRow:
    case, due = one.case, last_day(one.case)
    return QueueRow(
        reference=case.reference,
        title=words.headline(case.rights),
        meta=meta_of(case),
        who=names.get(case.case_id),
        due=due,
        first_due=case.due_on if case.extended_due_on else None,
        badge=due_badge(axis.today, due),
        strip=axis.strip(helsinki_date(case.received_at), due),
        button=_button(one),
        is_first=is_first,
    )


def _button(one: OpenCase) -> str:
    waiting = "Do what waits" if one.waits_for_staff else "See the case"
    return words.NEXT_BUTTONS.get(one.case.state, waiting)


def _urgent(line: Sequence[OpenCase], late: int, today: date) -> Urgent:
    """What is due first; among equals what came first, and what staff can act on before what waits for others."""
    one = min(line, key=lambda one: (last_day(one.case), not one.waits_for_staff))
    due = last_day(one.case)
    next_up = next((other for other in line if other.waits_for_staff), None)
    button = f"{_button(one)} of {one.case.reference}" if one.waits_for_staff else f"See {one.case.reference}"
    return Urgent(
        h1=_urgent_h1(late, len(line), working_days_between(today, due), is_today=today == due),
        text=_urgent_text(one, next_up, late),
        reference=one.case.reference,
        button=button.replace(" the message of ", " the message in "),
        clock=days_text(today, due),
        due=due,
        month=month_view(helsinki_date(one.case.received_at), today, due),
    )


def _urgent_h1(late: int, in_all: int, days_left: int, *, is_today: bool) -> str:
    if late:
        if late == 1:
            return "One request is late." + (" Do it before anything else." if in_all > 1 else "")
        return f"{late} requests are late." + (" Do them before anything else." if in_all > late else "")
    if is_today:
        return "One thing can’t wait: an answer is due today, until midnight."
    if days_left <= SOON_WORKING_DAYS:
        return f"One thing can’t wait: an answer is due in {plural(days_left, 'working day')}."
    return f"Nothing is due for {plural(days_left, 'working day')}. The rest can wait until morning."


def _urgent_text(one: OpenCase, next_up: OpenCase | None, late: int) -> str:
    when = "was due" if late else "is due"
    text = (
        f"{one.case.reference} {when} {weekday_date(last_day(one.case))}: {words.headline(one.case.rights).lower()}. "
        f"It is {words.STATES[one.case.state]}."
    )
    if next_up is None:
        return text + " Nothing waits for you."
    return text if next_up is one else f"{text} First in line for you is {next_up.case.reference}."
