"""Links that prove control of an address; intake learns only the hash of their tokens (invariant 8)."""

from datetime import timedelta
from typing import Final, Literal

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.letters import content_for, public_link, request_letter
from dsr_fulfilment.handlers.sealed import choose_letter_address, open_letter_address
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.cases import ChallengeIssuedV1
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import hash_token, new_token

CHALLENGE_LIFE: Final = timedelta(days=14)
Proves = Literal["on_file", "address_only"]


async def send_challenge(tools: Tools, conn: Connection, case: Case, address: str, proves: Proves) -> None:
    """Send the first link to an address; from here on letters of the case go there."""
    chosen = await choose_letter_address(tools, conn, case, address)
    await _issue(tools, conn, chosen, proves, "challenge")


async def remind(tools: Tools, conn: Connection, case: Case) -> bool:
    """Send a fresh link to where the last one went; False where none was sent before."""
    proves = await cases.last_challenge(conn, case.case_id)
    if proves is None or await open_letter_address(tools, conn, case) is None:
        return False
    await _issue(tools, conn, case, proves, "reminder")
    return True


async def _issue(
    tools: Tools, conn: Connection, case: Case, proves: Proves, kind: Literal["challenge", "reminder"]
) -> None:
    challenge_id, token = uuid7(), new_token()
    expires_at = await database_now(conn) + CHALLENGE_LIFE
    await cases.add_challenge(
        conn, case, challenge_id, token_hash=hash_token(token), proves=proves, expires_at=expires_at
    )
    issued = ChallengeIssuedV1(challenge_id=challenge_id, token_hash=hash_token(token), expires_at=expires_at)
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, issued))
    await evidence.add(conn, tools.ring, case, "challenge_sent", {"challenge": str(challenge_id), "proves": proves})
    content = await content_for(tools, conn, case)
    links = {"link": public_link(tools, case, "verify", token), "expires_on": helsinki_date(expires_at)}
    await request_letter(tools, conn, case, kind, content.model_copy(update=links))
