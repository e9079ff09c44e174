"""Destroying the keys of a case, hearing the other services confirm it, and cases that an event got stuck on."""

from datetime import datetime
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence, messages, packages, work
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.blobs import give_up
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import fact_context
from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.dead_letters import DeadLetteredV1
from dsr_shared.contracts.deliveries import NotifierKeyDestroyedV1
from dsr_shared.contracts.requests import IntakeKeyDestroyedV1
from dsr_shared.contracts.words import SERVICES
from dsr_shared.inbox import Received
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import seal


class CaseStillRuns(Exception):
    """An open case needs its keys to be answered."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"{case.reference} is not closed yet ({case.state}); answer it first, then destroy its key")


async def destroy_case_key(tools: Tools, conn: Connection, case_id: UUID, reason: str, user: str) -> Case:
    """Destroy every data key of a closed case here, and ask the others to; raises `CaseStillRuns`.

    The evidence stays: it names nobody. "Irrecoverable" is said only after the wrapping keys of that time were retired.
    """
    case = await cases.lock(conn, case_id)
    if case.is_open:
        raise CaseStillRuns(case)
    package = await packages.living(conn, case_id)
    if package is not None:
        await give_up(conn, case, package.blob.name)
        await packages.deleted(conn, package.package_id)
    for blob in await messages.forget_attachments(conn, case_id):
        await give_up(conn, case, blob.name)
    moved = await move(tools, conn, case, "destroy_key")
    await cases.forget(conn, case_id)
    destroyed = await tools.keys.destroy(conn, case.controller_id, case_id)
    why = await _kept_reason(tools, conn, case, reason)
    facts = {"service": "fulfilment", "keys": destroyed, "by": user, **why}
    await evidence.add(conn, tools.ring, moved, "key_destroyed", facts)
    event = CaseKeyDestroyedV1(destroyed_at=await database_now(conn))
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case_id, event))
    return moved


async def _kept_reason(tools: Tools, conn: Connection, case: Case, reason: str) -> dict[str, Any]:
    """Why, under a key of its own: the case has none any more, and the reason must outlive it."""
    key = await tools.keys.new(conn, case.controller_id, uuid7(), "gathered", opens_case=True)
    sealed = seal(key, reason.strip().encode(), fact_context(case.case_id, "reason"))
    return {"reason": sealed.model_dump(mode="json")}


async def who_destroyed(conn: Connection, case_id: UUID) -> tuple[str, ...]:
    """The services whose keys of the case are gone, in the order of their confirmations."""
    entries = await evidence.entries(conn, case_id)
    return tuple(str(entry.facts["service"]) for entry in entries if entry.kind == "key_destroyed")


async def say_irrecoverable(tools: Tools, kept_since: datetime) -> int:
    """Note for whose keys every wrapping key of their time is gone, so that no backup opens them; returns how many.

    `kept_since` is when the oldest wrapping key that any service still holds was made.
    """
    noted = 0
    for register in tools.registers:
        async with tools.database.transaction(register.id) as conn:
            for case in await cases.destroyed_beyond_recall(conn, kept_since, len(SERVICES)):
                facts = {"oldest_wrapping_key": kept_since.isoformat()}
                await evidence.add(conn, tools.ring, case, "irrecoverable", facts)
                noted += 1
    return noted


async def on_intake_key_destroyed(
    tools: Tools, conn: Connection, received: Received, event: IntakeKeyDestroyedV1
) -> None:
    """Intake holds no key of the case any more."""
    await _confirm(tools, conn, received.envelope.case_id, "intake", event.keys_destroyed)


async def on_notifier_key_destroyed(
    tools: Tools, conn: Connection, received: Received, event: NotifierKeyDestroyedV1
) -> None:
    """The notifier holds no key of the case any more."""
    await _confirm(tools, conn, received.envelope.case_id, "notifier", event.keys_destroyed)


async def _confirm(tools: Tools, conn: Connection, case_id: UUID, service: str, keys: int) -> None:
    case = await cases.find(conn, case_id)
    if case is not None:
        await evidence.add(conn, tools.ring, case, "key_destroyed", {"service": service, "keys": keys})


async def on_dead_lettered(tools: Tools, conn: Connection, received: Received, event: DeadLetteredV1) -> None:
    """An event of the case was set aside somewhere: the case shows that it needs a person."""
    case = await cases.find(conn, received.envelope.case_id)
    if case is None:
        return
    stuck = await cases.set_needs_person(conn, case.case_id, f"dead_letter:{event.service}")
    await work.add_task(conn, stuck, "needs_person", purpose=f"dead_letter:{event.dead_letter_id}")
    facts = {"service": event.service, "topic": event.source_topic, "reason": event.reason}
    await evidence.add(conn, tools.ring, stuck, "dead_lettered", facts)
