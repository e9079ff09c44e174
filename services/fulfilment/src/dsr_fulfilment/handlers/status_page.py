"""What the person's status page at intake needs from here: codes for it, and which letters went out."""

from datetime import timedelta
from typing import Final

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence
from dsr_fulfilment.adapters.codes import code_hash, new_code
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.letters import content_for, request_letter
from dsr_fulfilment.handlers.sealed import open_letter_address
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.cases import LetterSentV1, StatusCodeIssuedV1
from dsr_shared.contracts.deliveries import LetterAcceptedV1
from dsr_shared.contracts.requests import StatusCodeWantedV1
from dsr_shared.contracts.words import LetterKind
from dsr_shared.inbox import Received
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now

CODE_LIFE: Final = timedelta(minutes=10)
CODE_TRIES: Final = 5


async def on_status_code_wanted(tools: Tools, conn: Connection, received: Received, event: StatusCodeWantedV1) -> None:
    """A fresh code goes where the case's letters go, and nowhere where no address was chosen or all was destroyed."""
    case = await cases.find(conn, received.envelope.case_id)
    if case is None or case.person_sealed is None or await open_letter_address(tools, conn, case) is None:
        return
    code = new_code()
    issued = StatusCodeIssuedV1(
        token_hash=event.token_hash,
        code_hash=code_hash(event.token_hash, code),
        expires_at=await database_now(conn) + CODE_LIFE,
        tries=CODE_TRIES,
    )
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, issued))
    await evidence.add(conn, tools.ring, case, "status_code_sent", {"wanted_at": event.wanted_at.isoformat()})
    content = (await content_for(tools, conn, case)).model_copy(update={"code": code})
    await request_letter(tools, conn, case, "download_code", content)


async def tell_letter_sent(
    tools: Tools, conn: Connection, case: Case, kind: LetterKind, accepted: LetterAcceptedV1
) -> None:
    """The status page lists it."""
    event = LetterSentV1(letter_id=accepted.letter_id, kind=kind, sent_at=accepted.accepted_at)
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, event))
