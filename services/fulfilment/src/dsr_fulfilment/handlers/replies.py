"""What intake must know to recognise the answer to a letter, without learning whom the letter went to."""

from typing import Final
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.domain.case import Subject
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.cases import ReplyExpectedV1
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection
from dsr_shared.replies import recipient_hash, reply_token
from dsr_shared.sealing import SealContext, hash_token, seal

_DOMAIN: Final = "reply token"


def token_of(tools: Tools, case: Subject) -> str:
    """The token of a case: the same in all its letters, known to whoever holds a letter or the key ring."""
    return reply_token(bytes.fromhex(tools.ring.mac_bytes(_DOMAIN, case.case_id.bytes)))


async def expect_reply(tools: Tools, conn: Connection, case: Subject, letter_id: UUID, address: str) -> None:
    """Tell intake that a letter goes out: its answer, from that address, belongs to the case."""
    event_id, token = uuid7(), token_of(tools, case)
    key = await tools.keys.current(conn, case.controller_id, case.case_id, "arrival")
    context = SealContext(record_id=event_id, kind=ReplyExpectedV1.TYPE, case_id=case.case_id, field="reply_token")
    event = ReplyExpectedV1(
        letter_id=letter_id,
        reply_token_hash=hash_token(token),
        reply_token=seal(key, token.encode(), context),
        recipient_hash=recipient_hash(token, address),
    )
    keys = tools.keys.wrap_for_readers(key)
    await tools.outbox.append(conn, Draft(event_id, case.controller_id, case.case_id, event, keys=keys))
