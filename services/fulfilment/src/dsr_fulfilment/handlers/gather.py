"""After verification: find everything in every mapped system, and answer with a package or with "nothing found"."""

from datetime import timedelta
from typing import Final

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence, packages, work
from dsr_fulfilment.adapters.packages import Package
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import ExportedSystem, FoundItems
from dsr_fulfilment.domain.lifecycle import next_phase
from dsr_fulfilment.handlers.identifiers import identifiers_of
from dsr_fulfilment.handlers.letters import content_for, move, public_link, request_letter
from dsr_fulfilment.handlers.phases import phases_done
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.cases import PackageReadyV1
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import SealContext, hash_token, new_token, seal_with_token

LINK_LIFE: Final = timedelta(days=14)


async def gather(tools: Tools, job: Job) -> None:
    """Search every system; the answer waits for the paper folders, and a system that is down fails the job."""
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.load(conn, job.case_id)
        if case.state != "gathering" or not case.is_verified:
            return
        ids = await identifiers_of(tools, conn, case)
    found = {system.system: await system.find(ids) for system in tools.connectors.automatic(case.controller_id)}
    exported = await _export(tools, case, found) if case.asks_for_copy else ()
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if case.state != "gathering":
            return
        await _record(tools, conn, case, found)
        if await _waits_for_paper(tools, conn, case):
            await move(tools, conn, case, "wait_for_paper")
        else:
            await _answer(tools, conn, case, exported)


async def _export(tools: Tools, case: Case, found: dict[str, FoundItems]) -> tuple[ExportedSystem, ...]:
    connectors = {connector.system: connector for connector in tools.connectors.automatic(case.controller_id)}
    return tuple([await connectors[system].export(items) for system, items in found.items() if items.items])


async def _record(tools: Tools, conn: Connection, case: Case, found: dict[str, FoundItems]) -> None:
    for system, items in found.items():
        await cases.set_outcome(conn, case, system, items.outcome, item_count=len(items.items))
    counts = {system: len(items.items) for system, items in found.items()}
    await evidence.add(conn, tools.ring, case, "searched", {"items": counts})


async def _waits_for_paper(tools: Tools, conn: Connection, case: Case) -> bool:
    """Ask a person to look into the folders, once; True while somebody still has to."""
    for system in tools.connectors.human(case.controller_id):
        await work.add_task(conn, case, "search_paper", system.system)
    return any(task.kind == "search_paper" and task.is_open for task in await work.tasks(conn, case.case_id))


async def _answer(tools: Tools, conn: Connection, case: Case, exported: tuple[ExportedSystem, ...]) -> None:
    systems = await cases.systems(conn, case.case_id)
    phase = next_phase(case.rights, await phases_done(conn, case))
    if not any(system.outcome == "found" for system in systems):
        await move(tools, conn, case, "answer")
        await request_letter(tools, conn, case, "nothing_found", await content_for(tools, conn, case))
    elif phase == "copy":
        await _send_package(tools, conn, await move(tools, conn, case, "answer"), exported)
    elif phase == "erasure":
        await work.add_job(conn, await move(tools, conn, case, "plan_erasure"), "plan")
    else:
        waiting = await move(tools, conn, case, "ask_for_decision")
        await work.add_task(conn, waiting, "decide", purpose=phase or "")


async def _send_package(tools: Tools, conn: Connection, case: Case, exported: tuple[ExportedSystem, ...]) -> None:
    """Seal the package under its link's token, tell intake the hash of the token, and send the link."""
    package_id, token = uuid7(), new_token()
    zipped = tools.build_package(tools.registers.get(case.controller_id), case, exported)
    context = SealContext(record_id=package_id, kind="package", case_id=case.case_id, field="zip")
    stored = await tools.blobs.put("packages", seal_with_token(token, zipped, context))
    blob = BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256)
    expires_at = await database_now(conn) + LINK_LIFE
    package = Package(package_id, case.controller_id, case.case_id, hash_token(token), blob, expires_at, None)
    await packages.add(conn, case, package)
    ready = PackageReadyV1(package_id=package_id, token_hash=package.token_hash, blob=blob, expires_at=expires_at)
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, ready))
    await evidence.add(conn, tools.ring, case, "package_ready", {"package": str(package_id), "sha256": blob.sha256})
    content = await content_for(tools, conn, case)
    link = public_link(tools, case, "package", token)
    await request_letter(
        tools,
        conn,
        case,
        "access_reply",
        content.model_copy(update={"link": link, "expires_on": helsinki_date(expires_at)}),
    )
