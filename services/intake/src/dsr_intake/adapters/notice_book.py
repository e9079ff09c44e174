"""The published privacy notices of the controllers."""

from dataclasses import dataclass
from datetime import datetime

from dsr_shared.contracts.notices import NoticePublishedV1
from dsr_shared.postgres import Database, load_queries


@dataclass(frozen=True, slots=True)
class NoticeVersion:
    """One line of the list of versions."""

    version: int
    published_at: datetime


class NoticeBook:
    """Reads notices; it knows every version that was ever published."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("dsr_intake", "notices.sql")

    async def find(self, controller_id: str, version: int | None = None) -> NoticePublishedV1 | None:
        """A version, or the newest one; None where there is none."""
        async with self._database.transaction(controller_id) as connection:
            document = await connection.fetchval(self._sql["notice"], controller_id, version)
        return NoticePublishedV1.model_validate_json(document) if document else None

    async def versions(self, controller_id: str) -> tuple[NoticeVersion, ...]:
        """Every version, the newest first."""
        async with self._database.transaction(controller_id) as connection:
            rows = await connection.fetch(self._sql["notice_versions"], controller_id)
        return tuple(NoticeVersion(row["version"], row["published_at"]) for row in rows)
