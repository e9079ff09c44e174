"""Versions of privacy notices in PostgreSQL."""

from dsr_fulfilment.adapters.statements import statements
from dsr_shared.contracts.notices import NoticePublishedV1
from dsr_shared.postgres import Connection


async def latest(conn: Connection, controller_id: str) -> NoticePublishedV1 | None:
    """The version that holds now; None before the first one."""
    document = await conn.fetchval(statements("notices")["latest_notice"], controller_id)
    return NoticePublishedV1.model_validate_json(document) if document else None


async def add(conn: Connection, controller_id: str, notice: NoticePublishedV1) -> None:
    values = (controller_id, notice.notice_version, notice.published_at, notice.model_dump_json())
    await conn.execute(statements("notices")["add_notice"], *values)


async def versions(conn: Connection, controller_id: str) -> tuple[NoticePublishedV1, ...]:
    """Every version, the newest first."""
    rows = await conn.fetch(statements("notices")["notices_of_controller"], controller_id)
    return tuple(NoticePublishedV1.model_validate_json(row["notice"]) for row in rows)
