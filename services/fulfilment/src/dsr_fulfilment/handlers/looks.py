"""Looking at a person's data: each look is on record with its reason, before anything is shown (P40)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from uuid6 import uuid7

from dsr_fulfilment.adapters import accounts, cases, evidence, sign_ins
from dsr_fulfilment.adapters.desk import LaterMessage
from dsr_fulfilment.adapters.sign_ins import SignIn
from dsr_fulfilment.domain.case import Case, Subject
from dsr_fulfilment.handlers.sealed import NothingToOpen, open_message, open_person
from dsr_fulfilment.handlers.sign_ins import open_sign_in
from dsr_fulfilment.handlers.staff import NeedsReason
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import look_context, seal_typed
from dsr_shared.contracts.requests import MessageReceivedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection
from dsr_shared.sealing import SealContext, open_model

SHOWN_FOR: Final = timedelta(minutes=5)
REASONS: Final[Mapping[str, str]] = {
    "handle": "to handle the case",
    "write": "To write to the person",
    "check": "To check that we found the right person",
    "reach": "To reach people who have no e-mail address",
}
"""The reasons that are codes; any other is typed, and lies sealed."""


async def reveal_person(tools: Tools, conn: Connection, case: Case, user: str, reason: str) -> None:
    """Allow this user to see name and address for five minutes; `reason` is a code of `REASONS` or what was typed.

    Raises `NeedsReason`.
    """
    if not reason.strip():
        raise NeedsReason
    locked = await cases.lock(conn, case.case_id)
    await note_look(tools, conn, locked, user, reason)
    await evidence.add(conn, tools.ring, locked, "looked", {"what": "person", "by": user})


async def note_look(tools: Tools, conn: Connection, case: Subject, user: str, reason: str) -> None:
    """Put a look at names and addresses on record, with why."""
    if reason in REASONS:
        await accounts.log_access(conn, case, user, "person", reason)
        return
    access_id = uuid7()
    sealed = await seal_typed(tools, conn, case, look_context(case.case_id, access_id), reason.strip())
    await accounts.log_access(conn, case, user, "person", "other", access_id=access_id, reason_sealed=sealed)


async def shown_until(conn: Connection, case: Case, user: str) -> datetime | None:
    """Until when this user sees the person's name and address; None when that is over."""
    return await accounts.shown_until(conn, case.case_id, user, SHOWN_FOR)


async def person_of(tools: Tools, conn: Connection, case: Case) -> PersonV1 | None:
    """The person, for masking or for who may see it; None when the key is gone."""
    try:
        return await open_person(tools, conn, case)
    except (NothingToOpen, KeyDestroyed):
        return None


async def signed_in(tools: Tools, conn: Connection, case: Case) -> tuple[tuple[SignIn, PersonV1], ...]:
    """Who signed in for the case, for whoever may see the person; nobody when the keys are gone."""
    try:
        return tuple(
            [(one, await open_sign_in(tools, conn, case, one)) for one in await sign_ins.of_case(conn, case.case_id)]
        )
    except KeyDestroyed:
        return ()


async def read_message(tools: Tools, conn: Connection, case: Case, user: str) -> MessageV1 | None:
    """What the person wrote, with this look on record; None when the key is gone."""
    try:
        message = await open_message(tools, conn, case)
    except (NothingToOpen, KeyDestroyed):
        return None
    await accounts.log_access(conn, case, user, "message", "handle")
    return message


async def read_later(tools: Tools, conn: Connection, case: Case, later: LaterMessage) -> MessageV1 | None:
    """Something that came later; `read_message` has recorded the look at the case's messages."""
    context = SealContext(later.message_id, MessageReceivedV1.TYPE, case.case_id, "message")
    try:
        key = await tools.keys.get(conn, later.sealed.key_id)
    except KeyDestroyed:
        return None
    return open_model(key, later.sealed, context, MessageV1)
