"""What reached the controller: requests, later messages, answered challenges, opened and fetched packages."""

from datetime import timedelta
from typing import Final

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, desk, evidence, messages, packages, work
from dsr_fulfilment.adapters.cases import Origin
from dsr_fulfilment.adapters.codes import code_hash, new_code
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.letters import content_for, move, publish_stage, request_letter
from dsr_fulfilment.handlers.opt_out import add_first_jobs
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.cases import DownloadCodeIssuedV1
from dsr_shared.contracts.requests import (
    ChallengeAnsweredV1,
    MessageReceivedV1,
    PackageDownloadedV1,
    PackageOpenedV1,
    RequestReceivedV1,
)
from dsr_shared.inbox import Received
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now

CODE_LIFE: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5


async def on_request_received(tools: Tools, conn: Connection, received: Received, event: RequestReceivedV1) -> None:
    """Open the case, on the clock from its receipt."""
    await open_request(tools, conn, received.envelope, event)


async def open_request(tools: Tools, conn: Connection, origin: Origin, event: RequestReceivedV1) -> Case:
    """Open the case of a request, whether it came by event or a member of staff entered it; there is no other way."""
    tools.registers.get(origin.controller_id)
    needs_person = "rights_unclear" if event.needs_person or not event.rights else None
    await cases.open_case(conn, origin, event, needs_person)
    await messages.note_origin(conn, origin, event)
    case = await cases.load(conn, origin.case_id)
    await evidence.add(
        conn,
        tools.ring,
        case,
        "received",
        {
            "channel": case.channel,
            "received_at": case.received_at.isoformat(),
            "due_on": case.due_on.isoformat(),
            "rights": list(case.rights),
            "sha256": event.raw_sha256,
        },
    )
    if case.needs_person:
        return await _ask_person(tools, conn, case)
    await publish_stage(tools, conn, case)
    await add_first_jobs(conn, case)
    return case


async def _ask_person(tools: Tools, conn: Connection, case: Case) -> Case:
    """The reading is in doubt: a person says what is asked; meanwhile the writer gets a receipt with the due date."""
    waiting = await move(tools, conn, case, "ask_for_rights")
    await work.add_task(conn, waiting, "confirm_rights")
    if case.is_automatic:
        return waiting
    await request_letter(tools, conn, waiting, "acknowledgement", await content_for(tools, conn, waiting))
    return waiting


async def on_message_received(tools: Tools, conn: Connection, received: Received, event: MessageReceivedV1) -> None:
    """Add what came later to its case, or open a case for what only a person can read or place."""
    case = await cases.find(conn, received.envelope.case_id)
    if case is not None:
        await _add_message(tools, conn, received, event, case)
        return
    why = "changed_copy" if event.is_changed_copy else event.problem or _why_unplaced(event)
    opened = await cases.open_case(
        conn, received.envelope, event, "breach_report" if event.kind == "breach_report" else why
    )
    await messages.note_origin(conn, received.envelope, event)
    await evidence.add(
        conn, tools.ring, opened, "received", {"kind": event.kind, "why": why, "sha256": event.raw_sha256}
    )
    waiting = await move(tools, conn, opened, "ask_for_rights")
    await work.add_task(conn, waiting, "confirm_rights" if event.is_readable else "unreadable")


def _why_unplaced(event: MessageReceivedV1) -> str:
    return "unplaced" if event.is_readable else "unreadable"


async def _add_message(
    tools: Tools, conn: Connection, received: Received, event: MessageReceivedV1, case: Case
) -> None:
    """Keep it with its case; the clock stays, and one task at a time asks somebody to read what came."""
    await cases.add_message(conn, received, event)
    await messages.note_message(conn, received.envelope, event)
    facts = {"kind": event.kind, "received_at": event.received_at.isoformat(), "attachments": len(event.attachments)}
    await evidence.add(conn, tools.ring, case, "message", facts)
    purposes = await desk.task_purposes(conn, case.case_id)
    is_asked = any(
        task.is_open and purposes[task.task_id].startswith("message") for task in await work.tasks(conn, case.case_id)
    )
    if event.kind not in ("bounce", "auto_reply") and not is_asked:
        await work.add_task(conn, case, "needs_person", purpose=f"message:{received.envelope.event_id}")


async def on_challenge_answered(tools: Tools, conn: Connection, received: Received, event: ChallengeAnsweredV1) -> None:
    """The link was opened: who controls an address on file is the person; another address proves only itself."""
    case = await cases.lock(conn, received.envelope.case_id)
    proves = await cases.answer_challenge(conn, event.challenge_id, event.answered_at)
    if proves is None:
        return
    facts = {"challenge": str(event.challenge_id), "proves": proves}
    await evidence.add(conn, tools.ring, case, "challenge_answered", facts)
    if case.state not in ("identifying", "awaiting_identity", "refusing"):
        return
    if proves == "on_file" or not await _is_known(conn, case):
        await verify(tools, conn, case, "challenge_on_file" if proves == "on_file" else "challenge_address")


async def _is_known(conn: Connection, case: Case) -> bool:
    return any(system.has_match for system in await cases.systems(conn, case.case_id))


async def verify(tools: Tools, conn: Connection, case: Case, verified_by: str) -> Case:
    """The person is the right one: from here the data may be gathered."""
    verified = await cases.set_verified(conn, case.case_id, verified_by)
    await evidence.add(conn, tools.ring, verified, "verified", {"by": verified_by})
    moved = await move(tools, conn, verified, "verify")
    await work.finish_tasks_of_kind(conn, moved, "identify", "machine", "verified")
    await work.add_job(conn, moved, "gather")
    return moved


async def on_package_opened(tools: Tools, conn: Connection, received: Received, event: PackageOpenedV1) -> None:
    """Somebody holds the link: a fresh code goes to the verified address."""
    package = await packages.load(conn, event.package_id)
    if package is None:
        return
    case = await cases.load(conn, received.envelope.case_id)
    code = new_code()
    expires_at = await database_now(conn) + CODE_LIFE
    issued = DownloadCodeIssuedV1(
        package_id=package.package_id,
        code_hash=code_hash(package.token_hash, code),
        expires_at=expires_at,
        tries=CODE_TRIES,
    )
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, issued))
    content = (await content_for(tools, conn, case)).model_copy(update={"code": code})
    await request_letter(tools, conn, case, "download_code", content)


async def on_package_downloaded(tools: Tools, conn: Connection, received: Received, event: PackageDownloadedV1) -> None:
    """It was handed over whole; from here it is deleted after 30 days."""
    case = await cases.load(conn, received.envelope.case_id)
    await packages.downloaded(conn, event.package_id, event.downloaded_at)
    facts: dict[str, str] = {"package": str(event.package_id), "at": event.downloaded_at.isoformat()}
    await evidence.add(conn, tools.ring, case, "package_downloaded", facts)
