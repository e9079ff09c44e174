"""What staff can do with a case: each act with what its form must hold. All decisions go through `handlers.staff`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast
from uuid import UUID

from starlette.exceptions import HTTPException

from dsr_fulfilment.adapters import work
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.entrypoints.console.entry_form import is_address
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted
from dsr_fulfilment.entrypoints.console.task_view import CHOICES
from dsr_fulfilment.handlers import line, looks, post, settle, staff, withdrawals
from dsr_fulfilment.handlers.staff import PaperOutcome
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.words import RIGHTS, Right
from dsr_shared.postgres import Connection

NEEDS_PROOF: Final = {
    "erased": "Write the proof: who destroyed it, when and how.",
    "kept": "Write why it is kept: the person has a right to the reason.",
    "not_searched": "Write why it was not searched: without a reason the case can’t close.",
}
REVEAL_REASONS: Final = {code: looks.REASONS[code] for code in ("write", "check")}


@dataclass(frozen=True)
class Acting:
    """One act on one case by one user, inside one transaction."""

    tools: Tools
    conn: Connection
    case: Case
    form: Posted
    user: str


@dataclass(frozen=True)
class Act:
    """`anchor` is where on the page it happens; with `keeps_line` a later case asks for a reason first."""

    check: Callable[[Posted], Sequence[FieldError]]
    do: Callable[[Acting], Awaitable[object]]
    anchor: str
    keeps_line: bool = True


def _nothing(_: Posted) -> Sequence[FieldError]:
    return ()


def _text_needed(field: str, element: str, message: str) -> Callable[[Posted], Sequence[FieldError]]:
    def check(form: Posted) -> Sequence[FieldError]:
        return () if form.text(field) else (FieldError(element, message),)

    return check


def _check_approve(form: Posted) -> Sequence[FieldError]:
    if form.text("sure"):
        return ()
    return (
        FieldError("sure", "Tick the box to say that you have read the plan. What is erased can’t be brought back."),
    )


async def _approve(acting: Acting) -> None:
    plan_hash = acting.form.text("plan_hash")
    await staff.approve_plan(acting.tools, acting.conn, acting.case.case_id, plan_hash, acting.user)


async def _withdraw(acting: Acting) -> None:
    await staff.withdraw_approval(acting.tools, acting.conn, acting.case.case_id, acting.user)


def _check_task(form: Posted) -> Sequence[FieldError]:
    task, outcome = form.text("task_id"), form.text("outcome")
    if outcome not in {value for choices in CHOICES.values() for value, _ in choices}:
        return (FieldError(f"outcome-{task}", "Say what came of it."),)
    if outcome in NEEDS_PROOF and not form.text("proof"):
        return (FieldError(f"proof-{task}", NEEDS_PROOF[outcome]),)
    return ()


async def _task(acting: Acting) -> None:
    task = await _task_of(acting)
    outcome = acting.form.text("outcome")
    if outcome not in {value for value, _ in CHOICES.get(task.kind, ())}:
        raise staff.StaffError(
            "This outcome does not fit the task. Open the case again and choose one of those offered."
        )
    await staff.finish_paper_task(
        acting.tools,
        acting.conn,
        task.task_id,
        outcome=cast("PaperOutcome", outcome),
        proof=acting.form.text("proof"),
        user=acting.user,
    )


async def _task_of(acting: Acting) -> work.Task:
    """The task of the form; one of another case or controller does not exist here."""
    try:
        task_id = UUID(acting.form.text("task_id"))
    except ValueError:
        raise HTTPException(404) from None
    task = await work.load_task(acting.conn, task_id)
    if task is None or task.case_id != acting.case.case_id:
        raise HTTPException(404)
    return task


async def _settle(acting: Acting) -> None:
    task = await _task_of(acting)
    await settle.settle_task(acting.tools, acting.conn, task, acting.form.text("what_was_done"), acting.user)


def _check_settle(form: Posted) -> Sequence[FieldError]:
    if form.text("what_was_done"):
        return ()
    return (FieldError(f"what_was_done-{form.text('task_id')}", "Write what you did about it."),)


def _check_rights(form: Posted) -> Sequence[FieldError]:
    if form.all("right") or form.text("nothing_asked"):
        return ()
    return (FieldError("right-access", "Choose what is asked, or say that nothing is."),)


async def _rights(acting: Acting) -> None:
    chosen: tuple[Right, ...] = tuple(right for right in RIGHTS if right in acting.form.all("right"))
    if chosen and acting.form.text("nothing_asked"):
        raise staff.StaffError("Something is asked, or nothing is: choose one of the two.")
    await staff.confirm_rights(acting.tools, acting.conn, acting.case.case_id, chosen, acting.user)


async def _identity(acting: Acting) -> None:
    reason = acting.form.text("reason")
    await staff.decide_identity(acting.tools, acting.conn, acting.case.case_id, reason, acting.user)


async def _not_identified(acting: Acting) -> None:
    await staff.cannot_identify(acting.tools, acting.conn, acting.case.case_id, acting.user)


async def _decide(acting: Acting) -> None:
    done = acting.form.text("what_was_done")
    await staff.decide_by_hand(acting.tools, acting.conn, acting.case.case_id, done, acting.user)


async def _more_time(acting: Acting) -> None:
    await staff.extend(acting.tools, acting.conn, acting.case.case_id, acting.form.text("reason"), acting.user)


async def _refuse(acting: Acting) -> None:
    await staff.refuse(acting.tools, acting.conn, acting.case.case_id, acting.form.text("reason"), acting.user)


async def _withdrawn(acting: Acting) -> None:
    await withdrawals.close_withdrawn(acting.tools, acting.conn, acting.case, acting.user)


async def _ahead(acting: Acting) -> None:
    await line.take_first(acting.tools, acting.conn, acting.case, acting.form.text("reason"), acting.user)


def _check_reveal(form: Posted) -> Sequence[FieldError]:
    if form.text("why") in REVEAL_REASONS or (form.text("why") == "other" and form.text("reason")):
        return ()
    if form.text("why") == "other":
        return (FieldError("reveal-reason", "Write your reason for looking."),)
    return (FieldError("why-write", "Say why you need to see name and address."),)


async def _reveal(acting: Acting) -> None:
    why = acting.form.text("why")
    reason = why if why in REVEAL_REASONS else acting.form.text("reason")
    await looks.reveal_person(acting.tools, acting.conn, acting.case, acting.user, reason)


def _check_address(form: Posted) -> Sequence[FieldError]:
    errors = []
    if not is_address(form.text("email")):
        errors.append(FieldError("address-email", "Write an e-mail address, as name@example.fi."))
    if not form.text("reason"):
        errors.append(FieldError("address-reason", "Write how you know that this is their address."))
    return errors


async def _address(acting: Acting) -> None:
    await post.set_address(
        acting.tools,
        acting.conn,
        acting.case.case_id,
        address=acting.form.text("email"),
        reason=acting.form.text("reason"),
        user=acting.user,
    )


async def _send_again(acting: Acting) -> None:
    await post.send_again(acting.tools, acting.conn, await _task_of(acting), acting.user)


def _check_posted(form: Posted) -> Sequence[FieldError]:
    try:
        date.fromisoformat(form.text("posted_on"))
    except ValueError:
        text = "Write the day you brought it to the post, for example 2026-11-20."
        return (FieldError(f"posted_on-{form.text('task_id')}", text),)
    return ()


async def _posted(acting: Acting) -> None:
    posted_on = date.fromisoformat(acting.form.text("posted_on"))
    await post.note_posted(acting.tools, acting.conn, await _task_of(acting), posted_on, acting.user)


ACTS: Final[Mapping[str, Act]] = {
    "approve": Act(_check_approve, _approve, "approve"),
    "withdraw": Act(_nothing, _withdraw, "withdraw"),
    "task": Act(_check_task, _task, "todo"),
    "settle": Act(_check_settle, _settle, "todo"),
    "rights": Act(_check_rights, _rights, "rights"),
    "identity": Act(
        _text_needed("reason", "identity-reason", "Write how you know who it is: the record needs it."),
        _identity,
        "identity",
    ),
    "not-identified": Act(_nothing, _not_identified, "identity"),
    "decide": Act(
        _text_needed("what_was_done", "decide-what_was_done", "Write what was done: the person gets these words."),
        _decide,
        "decide",
    ),
    "more-time": Act(
        _text_needed("reason", "more-time-reason", "Write why you need more time: the person gets these words."),
        _more_time,
        "more-time",
    ),
    "refuse": Act(
        _text_needed("reason", "refuse-reason", "Write why you can’t do it: the person gets these words."),
        _refuse,
        "refuse",
    ),
    "withdrawn": Act(_nothing, _withdrawn, "withdrawn", keeps_line=False),
    "ahead": Act(
        _text_needed("reason", "ahead-reason", "Write why this one is taken before the earlier ones."),
        _ahead,
        "ahead",
        keeps_line=False,
    ),
    "address": Act(_check_address, _address, "address", keeps_line=False),
    "send-again": Act(_nothing, _send_again, "todo", keeps_line=False),
    "posted": Act(_check_posted, _posted, "todo", keeps_line=False),
    "reveal": Act(_check_reveal, _reveal, "who", keeps_line=False),
}
