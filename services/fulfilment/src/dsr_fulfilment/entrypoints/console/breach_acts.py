"""What staff can do with a breach, each act with what its form must hold; decisions go through the handlers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args
from uuid import UUID

from starlette.exceptions import HTTPException

from dsr_fulfilment.domain.breach import Exemption, ExemptionKind, Risk
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.entrypoints.console.breach_forms import Reading, details_of
from dsr_fulfilment.entrypoints.console.entry_form import is_address
from dsr_fulfilment.entrypoints.console.forms import FieldError, Posted
from dsr_fulfilment.handlers import breach_letters, breach_people, breaches, looks
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.postgres import Connection, database_now

BreachPage = Literal["breach", "write", "people"]
REACH_REASONS: Final = {code: looks.REASONS[code] for code in ("reach", "check")}


@dataclass(frozen=True)
class BreachActing:
    """One act on one breach by one user, inside one transaction."""

    tools: Tools
    conn: Connection
    breach: Breach
    form: Posted
    user: str


@dataclass(frozen=True)
class BreachAct:
    """Errors show on `page`; those of the handlers at `anchor`. What is wrong is returned, and then nothing is done."""

    do: Callable[[BreachActing], Awaitable[Sequence[FieldError]]]
    page: BreachPage
    anchor: str


async def _write(acting: BreachActing) -> Sequence[FieldError]:
    reading = Reading(acting.form)
    details = details_of(reading, acting.tools.registers.get(acting.breach.controller_id).languages)
    if not reading.errors:
        await breaches.write_details(acting.tools, acting.conn, acting.breach.breach_id, details, acting.user)
    return reading.errors


async def _risk(acting: BreachActing) -> Sequence[FieldError]:
    risk, reason = acting.form.text("risk"), acting.form.text("reason")
    errors = []
    if risk not in get_args(Risk):
        errors.append(FieldError("risk-none", "Say how bad it is for the people."))
    if not reason:
        errors.append(FieldError("reason", "Write why you think so: the register of breaches needs it."))
    if not errors:
        await breaches.judge_risk(
            acting.tools,
            acting.conn,
            acting.breach.breach_id,
            risk=cast("Risk", risk),
            reason=reason,
            user=acting.user,
        )
    return errors


async def _exempt(acting: BreachActing) -> Sequence[FieldError]:
    form = acting.form
    if form.text("tell_all"):
        await breaches.take_exemption_back(acting.tools, acting.conn, acting.breach.breach_id, acting.user)
        return ()
    kind, reason, errors = form.text("exemption"), form.text("exemption_reason"), []
    if kind not in get_args(ExemptionKind):
        errors.append(FieldError("exemption-data_unintelligible", "Choose the ground on which nobody is written to."))
    if not reason:
        errors.append(FieldError("exemption_reason", "Write why: the authority may ask for it (Article 34(4))."))
    if kind == "disproportionate_effort" and not form.text("public_notice"):
        errors.append(FieldError("public_notice", "Write what you tell in public, and where it stands."))
    if not errors:
        now = await database_now(acting.conn)
        exemption = Exemption(cast("ExemptionKind", kind), reason, acting.user, now, form.text("public_notice"))
        happened = bool(form.text("has_happened"))
        await breaches.exempt(acting.tools, acting.conn, acting.breach.breach_id, exemption, happened=happened)
    return errors


async def _told(acting: BreachActing) -> Sequence[FieldError]:
    reading, form, breach = Reading(acting.form), acting.form, acting.breach
    at = reading.moment("told_at", "the authority was told")
    is_first = breach.authority_notified_at is None
    if at is not None and is_first and at > breach.authority_due_at and not form.text("delay_reason"):
        text = "The time was over: write the reasons for the delay (Article 33(1))."
        reading.errors.append(FieldError("delay_reason", text))
    if at is None or reading.errors:
        return reading.errors
    try:
        await breaches.note_notified(
            acting.tools,
            acting.conn,
            breach.breach_id,
            at=at,
            delay_reason=form.text("delay_reason"),
            user=acting.user,
            receipt=form.text("receipt"),
            rest_follows=bool(form.text("rest_follows")),
        )
    except breaches.TextsMissing as error:
        parts = ", ".join(error.missing)
        return [FieldError("rest_follows", f"Not written yet: {parts}. Write them, or say that they follow later.")]
    return ()


async def _letters(acting: BreachActing) -> Sequence[FieldError]:
    if not acting.form.text("sure"):
        text = "Tick the box to say that you have read the letter and the list. Sent letters can’t be called back."
        return [FieldError("sure", text)]
    await breach_letters.approve_letters(acting.tools, acting.conn, acting.breach.breach_id, acting.user)
    return ()


async def _reveal(acting: BreachActing) -> Sequence[FieldError]:
    why = acting.form.text("why")
    reason = why if why in REACH_REASONS else acting.form.text("other")
    if not reason:
        return [FieldError("why-reach", "Say why you need to see the names.")]
    await breach_people.reveal(acting.tools, acting.conn, acting.breach, user=acting.user, reason=reason)
    return ()


def _task_id(form: Posted) -> UUID:
    try:
        return UUID(form.text("task_id"))
    except ValueError:
        raise HTTPException(404) from None


async def _send_again(acting: BreachActing) -> Sequence[FieldError]:
    task_id, address = _task_id(acting.form), acting.form.text("email")
    if address and not is_address(address):
        return [FieldError(f"email-{task_id}", "Write the whole e-mail address, or leave it empty for the same one.")]
    await breach_letters.send_again(
        acting.tools, acting.conn, acting.breach.breach_id, task_id, address=address or None, user=acting.user
    )
    return ()


async def _settle(acting: BreachActing) -> Sequence[FieldError]:
    task_id = _task_id(acting.form)
    done = acting.form.text("what_was_done")
    if not done:
        return [FieldError(f"done-{task_id}", "Write what you did about it.")]
    await breaches.settle_task(
        acting.tools, acting.conn, acting.breach.breach_id, task_id, what_was_done=done, user=acting.user
    )
    return ()


BREACH_ACTS: Final[Mapping[str, BreachAct]] = {
    "write": BreachAct(_write, "write", "title"),
    "risk": BreachAct(_risk, "breach", "risk"),
    "exempt": BreachAct(_exempt, "breach", "exempt"),
    "told": BreachAct(_told, "breach", "told_at"),
    "letters": BreachAct(_letters, "people", "approve"),
    "reveal": BreachAct(_reveal, "people", "reveal"),
    "send-again": BreachAct(_send_again, "breach", "todo"),
    "settle": BreachAct(_settle, "breach", "todo"),
}
