"""A copy of a message that reached the controller earlier than the one we read: the clock is moved back, never on."""

from dsr_fulfilment.adapters import cases, evidence, messages, work
from dsr_fulfilment.handlers.letters import publish_stage
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.requests import ReceiptCorrectedV1
from dsr_shared.inbox import Received
from dsr_shared.postgres import Connection


async def on_receipt_corrected(tools: Tools, conn: Connection, received: Received, event: ReceiptCorrectedV1) -> None:
    """Count from the earliest receipt (GDPR Art. 12(3)); where more time was asked for, a person checks that notice.

    An arrival that opened its case has the case's id; any other belongs to something that came later.
    """
    case_id = received.envelope.case_id
    if event.arrival_id != case_id:
        await messages.correct_message_receipt(conn, case_id, event.arrival_id, event.received_at)
        return
    before = await cases.lock(conn, case_id)
    case = await messages.correct_receipt(conn, case_id, event.received_at)
    if case is None:
        return
    facts = {
        "from": before.received_at.isoformat(),
        "to": case.received_at.isoformat(),
        "due_on": case.due_on.isoformat(),
    }
    await evidence.add(conn, tools.ring, case, "receipt_corrected", facts)
    await publish_stage(tools, conn, case)
    if case.is_open and case.extension_ground:
        await work.add_task(conn, case, "needs_person", purpose="receipt_corrected")
