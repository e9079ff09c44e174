"""Arrivals in PostgreSQL: raw bytes are sealed and committed before anything looks into them."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from uuid6 import uuid7

from dsr_intake.domain.arrivals import INLINE_RAW_BYTES, StoredArrival
from dsr_intake.domain.mail import MailPosition
from dsr_shared.blobs import BlobStore
from dsr_shared.contracts.base import BlobRefV1, SealedV1
from dsr_shared.contracts.words import Channel
from dsr_shared.keys import CaseKeys
from dsr_shared.postgres import Connection, Database, hint_after_commit, load_queries
from dsr_shared.sealing import DataKey, SealContext, open_sealed, seal
from dsr_shared.telemetry import continue_trace, current_traceparent

ARRIVALS_CHANNEL = "arrivals_stored"
ROOM = "arrivals"


CorrectReceipt: TypeAlias = Callable[[Connection, str, UUID, datetime], Awaitable[None]]
"""Counts an arrival from an earlier receipt, if this one is earlier."""


def raw_context(arrival_id: UUID) -> SealContext:
    """Where sealed raw bytes belong: to the arrival, whatever case it turns out to be of."""
    return SealContext(record_id=arrival_id, kind="arrivals", case_id=arrival_id, field="raw")


@dataclass(frozen=True, slots=True)
class _Incoming:
    """Bytes on their way into the store."""

    controller_id: str
    channel: Channel
    raw: bytes = field(repr=False)
    sha256: str
    received_at: datetime
    position: MailPosition | None


class SqlArrivalStore:
    """Keeps raw arrivals: up to 256 KiB in the row, larger ones in the blob store."""

    def __init__(self, database: Database, keys: CaseKeys, blobs: BlobStore, correct: CorrectReceipt) -> None:
        self._database = database
        self._keys = keys
        self._blobs = blobs
        self._correct = correct
        self._sql = load_queries("dsr_intake")

    async def store_raw(
        self, controller_id: str, channel: Channel, raw: bytes, received_at: datetime, position: MailPosition | None
    ) -> StoredArrival:
        """Store the bytes once a controller and return after the commit; repeated bytes keep the earliest receipt."""
        digest = hashlib.sha256(raw).hexdigest()
        incoming = _Incoming(controller_id, channel, raw, digest, received_at, position)
        with continue_trace("store arrival", controller_id=controller_id):
            async with self._database.transaction(controller_id) as connection:
                await connection.execute(self._sql["lock_raw"], controller_id, digest)
                known = await connection.fetchval(self._sql["find_raw"], controller_id, digest)
                if known is not None:
                    await self._correct(connection, controller_id, known, received_at)
                    return StoredArrival(known, is_new=False)
                return await self._store(connection, incoming)

    async def _store(self, connection: Connection, incoming: "_Incoming") -> StoredArrival:
        arrival_id, position = uuid7(), incoming.position
        key = await self._keys.new(connection, incoming.controller_id, arrival_id, "arrival", opens_case=True)
        sealed = seal(key, incoming.raw, raw_context(arrival_id))
        blob = await self._put(sealed) if len(incoming.raw) > INLINE_RAW_BYTES else None
        await connection.execute(
            self._sql["store_arrival"],
            arrival_id,
            incoming.controller_id,
            incoming.channel,
            incoming.received_at,
            incoming.sha256,
            key.key_id,
            None if blob else sealed.model_dump_json(),
            blob.model_dump_json() if blob else None,
            json.dumps(asdict(position)) if position else None,
            position.problem if position else None,
            current_traceparent(),
        )
        await hint_after_commit(connection, ARRIVALS_CHANNEL)
        return StoredArrival(arrival_id, is_new=True)

    async def _put(self, sealed: SealedV1) -> BlobRefV1:
        stored = await self._blobs.put(ROOM, sealed.ciphertext)
        return BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256, key_id=sealed.key_id)

    async def open_raw(self, connection: Connection, arrival_id: UUID, key: DataKey) -> tuple[bytes, BlobRefV1 | None]:
        """The bytes as they arrived, and the reference where they lie in the blob store."""
        row = await connection.fetchrow(self._sql["raw_of"], arrival_id)
        if row["raw_sealed"]:
            sealed = SealedV1.model_validate_json(row["raw_sealed"])
            return open_sealed(key, sealed, raw_context(arrival_id)), None
        blob = BlobRefV1.model_validate_json(row["raw_blob"])
        ciphertext = await self._blobs.get(blob)
        sealed = SealedV1.model_construct(key_id=key.key_id, ciphertext=ciphertext)
        return open_sealed(key, sealed, raw_context(arrival_id)), blob
