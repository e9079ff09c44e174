"""What a person can do with dead letters: list them, look into one, try it again, or let it go."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dsr_shared.contracts.base import SealedV1
from dsr_shared.inbox.aside import sealed_as
from dsr_shared.inbox.consume import Inbox
from dsr_shared.inbox.model import Disposition, Record
from dsr_shared.inbox.origins import FromDeadLetter
from dsr_shared.inbox.turn import PARKED_CHANNEL
from dsr_shared.keys import CaseKeys
from dsr_shared.postgres import Connection, Database, hint_after_commit, load_queries
from dsr_shared.sealing import open_sealed


class NoSuchDeadLetterError(Exception):
    """There is no open dead letter of this id here."""

    def __init__(self, dead_letter_id: UUID) -> None:
        super().__init__(f"no open dead letter {dead_letter_id}; `kuukausi dead-letters list` shows the open ones")
        self.dead_letter_id = dead_letter_id


@dataclass(frozen=True)
class DeadLetter:
    """A dead letter without its bytes: no personal data."""

    dead_letter_id: UUID
    controller_id: str
    case_id: UUID
    topic: str
    partition: int
    log_offset: int
    event_id: UUID | None
    event_type: str | None
    sequence: int | None
    reason: str
    detail: str
    state: str
    failed_at: datetime
    settled_at: datetime | None
    settled_because: str | None


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, db: Database, keys: CaseKeys) -> None:
        self._db = db
        self._keys = keys
        self._queries = load_queries("dsr_shared", "inbox.sql")

    async def list(self, *, include_settled: bool = False) -> tuple[DeadLetter, ...]:
        """The open ones, the oldest first; settled ones too if asked."""
        async with self._db.across_controllers() as connection:
            rows = await connection.fetch(self._queries["list_dead_letters"], include_settled)
        return tuple(DeadLetter(**dict(row)) for row in rows)

    async def show(self, dead_letter_id: UUID) -> tuple[DeadLetter, bytes]:
        """One dead letter and its bytes, unsealed; the fields sealed inside it stay sealed."""
        async with self._db.across_controllers() as connection:
            row = await self._find(connection, dead_letter_id, must_be_open=False)
            return _letter(row), await self._open(connection, row)

    async def replay(self, inbox: Inbox, dead_letter_id: UUID, *, because: str) -> Disposition:
        """Try it again as if it came now. ReplayFailedError where it still can't be taken; it then stays open."""
        async with self._db.across_controllers() as connection:
            row = await self._find(connection, dead_letter_id)
            record = Record(
                topic=row["topic"],
                partition=row["partition"],
                offset=row["log_offset"],
                key=row["case_id"].bytes,
                value=await self._open(connection, row),
            )
        return await inbox.take(FromDeadLetter(record, dead_letter_id, because))

    async def discard(self, dead_letter_id: UUID, *, because: str) -> None:
        """Let it go: it never takes effect, and what waits behind it may come."""
        async with self._db.across_controllers() as connection:
            row = await self._find(connection, dead_letter_id)
            stream = (row["controller_id"], row["case_id"], row["topic"])
            last = await connection.fetchval(self._queries["lock_stream"], *stream)
            await connection.execute(self._queries["settle_dead_letter"], dead_letter_id, "discarded", because)
            place = await self._place(connection, row, last)
            if row["event_id"] is not None and row["reason"] != "wrong_producer":
                await connection.execute(self._queries["forget_event"], row["event_id"], *stream, row["sequence"])
            if place == last + 1:
                await connection.execute(self._queries["pass_over"], *stream, place)
            await hint_after_commit(connection, PARKED_CHANNEL)

    async def _place(self, connection: Connection, row: Mapping[str, Any], last: int) -> int | None:
        """Its place in the stream. One that could not be read is taken for the single hole before what waits."""
        if row["reason"] == "wrong_producer":
            return None
        if row["sequence"] is not None:
            return int(row["sequence"])
        stream = (row["controller_id"], row["case_id"], row["topic"])
        first = await connection.fetchval(self._queries["first_parked"], *stream)
        return last + 1 if first == last + 2 else None

    async def _find(
        self, connection: Connection, dead_letter_id: UUID, *, must_be_open: bool = True
    ) -> Mapping[str, Any]:
        row: Mapping[str, Any] | None = await connection.fetchrow(self._queries["lock_dead_letter"], dead_letter_id)
        if row is None or (must_be_open and row["state"] != "open"):
            raise NoSuchDeadLetterError(dead_letter_id)
        return row

    async def _open(self, connection: Connection, row: Mapping[str, Any]) -> bytes:
        sealed = SealedV1.model_validate_json(row["raw_sealed"])
        key = await self._keys.get(connection, sealed.key_id)
        return open_sealed(key, sealed, sealed_as(row["dead_letter_id"], row["case_id"]))


def _letter(row: Mapping[str, Any]) -> DeadLetter:
    return DeadLetter(**{name: row[name] for name in DeadLetter.__dataclass_fields__})
