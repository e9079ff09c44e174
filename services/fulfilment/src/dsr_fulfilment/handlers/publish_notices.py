"""A new version of a controller's privacy notice, whenever it says something else than the one before."""

from uuid import NAMESPACE_URL, UUID, uuid5

from uuid6 import uuid7

from dsr_fulfilment.adapters import notices
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.register.model import Register
from dsr_fulfilment.register.notice.changes import hash_of, with_changes
from dsr_fulfilment.register.notice.text import notice_texts
from dsr_shared.contracts.notices import NoticePublishedV1
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now


def notice_stream(controller_id: str, version: int) -> UUID:
    """The case id of one version: its own, since a compacted topic keeps only the newest event of a key."""
    return uuid5(NAMESPACE_URL, f"kuukausi:notice:{controller_id}:{version}")


def form_address(register: Register, intake_url: str) -> str:
    """Where requests to this controller are made."""
    return f"{(register.public_url or intake_url).rstrip('/')}/{register.id}/"


def notice_address(register: Register, intake_url: str) -> str:
    """Where intake publishes this controller's notice."""
    return f"{form_address(register, intake_url)}notice"


async def publish_notice(tools: Tools, conn: Connection, register: Register) -> int | None:
    """Store and send the next version; None where the notice says what it said. The caller holds the register's row."""
    before = await notices.latest(conn, register.id)
    texts = with_changes(
        before.texts if before else None, notice_texts(register, form_address(register, tools.intake_url))
    )
    if texts is None:
        return None
    version = before.notice_version + 1 if before else 1
    event = NoticePublishedV1(
        notice_version=version, published_at=await database_now(conn), texts=texts, sha256=hash_of(texts)
    )
    await notices.add(conn, register.id, event)
    await tools.outbox.append(conn, Draft(uuid7(), register.id, notice_stream(register.id, version), event))
    return version
