"""After verification: find everything in every mapped system, and answer with a package or with "nothing found"."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence, packages, work
from dsr_fulfilment.adapters.package import PackageFacts, build_package
from dsr_fulfilment.adapters.packages import Package
from dsr_fulfilment.adapters.work import Job
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import ExportedSystem, FoundItems, Item, found_items
from dsr_fulfilment.domain.lifecycle import next_phase
from dsr_fulfilment.handlers.at_once import ask_each
from dsr_fulfilment.handlers.identifiers import identifiers_of
from dsr_fulfilment.handlers.letters import content_for, move, public_link, request_letter
from dsr_fulfilment.handlers.phases import phases_done
from dsr_fulfilment.handlers.plan_erasure import plan_found
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.cases import PackageReadyV1
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import SealContext, hash_token, new_token, seal_with_token

LINK_LIFE: Final = timedelta(days=14)


@dataclass(frozen=True)
class _Gathered:
    """All that was found, what of it the person gets a copy of, and how many rows of which table wait for a review."""

    items: tuple[Item, ...]
    systems: tuple[ExportedSystem, ...]
    left_out: Mapping[tuple[str, str], int]


async def gather(tools: Tools, job: Job) -> None:
    """Search every system; the answer waits for the paper folders, and a system that is down fails the job."""
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.load(conn, job.case_id)
        if case.state != "gathering" or not case.is_verified:
            return
        ids = await identifiers_of(tools, conn, case)
    found = await ask_each(tools.connectors.automatic(case.controller_id), lambda system: system.find(ids))
    exported = await _export(tools, case, found) if case.asks_for_copy else ()
    async with tools.database.transaction(job.controller_id) as conn:
        case = await cases.lock(conn, job.case_id)
        if case.state != "gathering":
            return
        await _record(tools, conn, case, found)
        if await _waits_for_paper(tools, conn, case):
            await move(tools, conn, case, "wait_for_paper")
        else:
            items = tuple(item for one in found.values() for item in one.items)
            left_out = Counter((item.system, item.table) for item in items if item.third_party)
            await _answer(tools, conn, case, _Gathered(items, exported, left_out))


async def _export(tools: Tools, case: Case, found: dict[str, FoundItems]) -> tuple[ExportedSystem, ...]:
    """Copy what was found; what may speak of other people waits for a review and is left out (Art. 15(4))."""
    connectors = {connector.system: connector for connector in tools.connectors.automatic(case.controller_id)}
    own = {
        system: found_items(tuple(item for item in one.items if not item.third_party)) for system, one in found.items()
    }
    return tuple([await connectors[system].export(items) for system, items in own.items() if items.items])


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


async def _answer(tools: Tools, conn: Connection, case: Case, gathered: _Gathered) -> None:
    systems = await cases.systems(conn, case.case_id)
    phase = next_phase(case.rights, await phases_done(conn, case))
    if not any(system.outcome == "found" for system in systems):
        await move(tools, conn, case, "answer")
        await request_letter(tools, conn, case, "nothing_found", await content_for(tools, conn, case))
    elif phase == "copy":
        await _send_package(tools, conn, await move(tools, conn, case, "answer"), gathered)
    elif phase == "erasure":
        await plan_found(tools, conn, case, gathered.items)
    else:
        waiting = await move(tools, conn, case, "ask_for_decision")
        await work.add_task(conn, waiting, "decide", purpose=phase or "")


async def _send_package(tools: Tools, conn: Connection, case: Case, gathered: _Gathered) -> None:
    """Seal the package under its link's token, tell intake the hash of the token, and send the link."""
    package_id, token = uuid7(), new_token()
    facts = await _package_facts(conn, case, gathered)
    zipped = build_package(facts, tools.registers.get(case.controller_id), gathered.systems)
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


async def _package_facts(conn: Connection, case: Case, gathered: _Gathered) -> PackageFacts:
    outcomes = {state.system: state.outcome for state in await cases.systems(conn, case.case_id) if state.outcome}
    return PackageFacts(
        reference=case.reference,
        received_on=helsinki_date(case.received_at),
        made_on=helsinki_date(await database_now(conn)),
        rights=case.rights,
        language=case.language,
        outcomes=outcomes,
        left_out=gathered.left_out,
    )
