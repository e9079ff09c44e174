"""The line: requests are answered in order of arrival; a later one is taken first only with a recorded reason (P06)."""

from dsr_fulfilment.adapters import desk, evidence
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.queue import QueuedCase, ReasonMissing, take
from dsr_fulfilment.handlers.letters import last_day
from dsr_fulfilment.handlers.staff import NeedsReason
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import sealed_fact
from dsr_shared.postgres import Connection

OUT_OF_ORDER = "taken_out_of_order"


async def passed_over(conn: Connection, case: Case) -> tuple[str, ...]:
    """References of earlier cases that wait for staff too, unless a reason for taking this one is on record."""
    if any(entry.kind == OUT_OF_ORDER for entry in await evidence.entries(conn, case.case_id)):
        return ()
    open_cases = await desk.open_cases(conn)
    line = [_queued(one.case) for one in open_cases if one.waits_for_staff or one.case.case_id == case.case_id]
    match take(line, case.case_id):
        case ReasonMissing(earlier):
            references = {one.case_id: one.reference for one in line}
            return tuple(references[case_id] for case_id in earlier)
        case _:
            return ()


async def take_first(tools: Tools, conn: Connection, case: Case, reason: str, user: str) -> None:
    """Record why this one is taken before earlier ones; raises `NeedsReason`. Saying it once is enough."""
    if not reason.strip():
        raise NeedsReason
    earlier = await passed_over(conn, case)
    if earlier:
        why = await sealed_fact(tools, conn, case, "reason", reason)
        facts = {"by": user, "passed_over": len(earlier), "first": earlier[0], **why}
        await evidence.add(conn, tools.ring, case, OUT_OF_ORDER, facts)


def _queued(case: Case) -> QueuedCase:
    return QueuedCase(case.case_id, case.reference, case.state, case.received_at, last_day(case), case.needs_person)
