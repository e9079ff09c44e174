"""Opening a file that came with a message: each look is on record before anything is shown (P40)."""

import asyncio
from dataclasses import dataclass, field

from dsr_fulfilment.adapters import accounts, cases, desk, evidence
from dsr_fulfilment.adapters.messages import Attachment
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.looks import read_later
from dsr_fulfilment.handlers.sealed import NothingToOpen, open_message
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.sealed import MessageV1
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection
from dsr_shared.sealing import DataKey, SealContext, open_sealed


@dataclass(frozen=True)
class OpenedFile:
    """A file in clear, on its way to whoever gave a reason."""

    name: str
    data: bytes = field(repr=False)


async def hand_out(tools: Tools, conn: Connection, case: Case, file: Attachment, user: str) -> OpenedFile:
    """Note who takes it, then open it; raises `BlobError` or `KeyDestroyed` where it is gone."""
    locked = await cases.lock(conn, case.case_id)
    await accounts.log_access(conn, locked, user, "attachment", "handle")
    facts = {"what": "attachment", "attachment": str(file.attachment_id), "by": user}
    await evidence.add(conn, tools.ring, locked, "looked", facts)
    if file.blob.key_id is None:
        raise KeyDestroyed.by_case(case.case_id)
    key = await tools.keys.get(conn, file.blob.key_id)
    data = await asyncio.to_thread(_open, key, await tools.blobs.get(file.blob), case, file)
    names = (await _message_of(tools, conn, locked, file)).attachment_names
    return OpenedFile(names[file.position] if file.position < len(names) else f"file {file.position + 1}", data)


def _open(key: DataKey, ciphertext: bytes, case: Case, file: Attachment) -> bytes:
    sealed = SealedV1.model_construct(key_id=key.key_id, ciphertext=ciphertext)
    return open_sealed(key, sealed, SealContext(file.attachment_id, "attachment", case.case_id, "bytes"))


async def _message_of(tools: Tools, conn: Connection, case: Case, file: Attachment) -> MessageV1:
    """The message that the file came with; its name stands there."""
    for later in await desk.later_messages(conn, case.case_id):
        if later.message_id == file.message_id:
            return await read_later(tools, conn, case, later) or MessageV1()
    try:
        return await open_message(tools, conn, case)
    except NothingToOpen:
        return MessageV1()
