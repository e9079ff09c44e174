"""Files that came with mail: sealed for the case's readers, each in a blob of its own."""

import asyncio
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from dsr_intake.domain.mail import MailFile
from dsr_shared.blobs import BlobStore
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.requests import AttachmentV1
from dsr_shared.postgres import Connection, Database, load_queries
from dsr_shared.sealing import DataKey, SealContext, seal

ROOM: Final = "attachments"
ORPHAN_SECONDS: Final = 24 * 3600
"""A blob of this age without a row was left by a crash before the commit."""


class MailFiles:
    """Seals files into the blob store, and deletes them with their case's keys."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._sql = load_queries("dsr_intake", "threads.sql")

    async def keep(
        self, connection: Connection, controller_id: str, case_id: UUID, key: DataKey, files: Sequence[MailFile]
    ) -> tuple[AttachmentV1, ...]:
        """Store the files of one mail in their order; they are the case's from the commit on."""
        return tuple([await self._keep(connection, controller_id, case_id, key, file) for file in files])

    async def _keep(
        self, connection: Connection, controller_id: str, case_id: UUID, key: DataKey, file: MailFile
    ) -> AttachmentV1:
        attachment_id = uuid7()
        context = SealContext(attachment_id, "attachment", case_id, "bytes")
        sealed = await asyncio.to_thread(seal, key, file.data, context)
        stored = await self._blobs.put(ROOM, sealed.ciphertext)
        await connection.execute(self._sql["add_attachment"], attachment_id, controller_id, case_id, stored.name)
        blob = BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256, key_id=key.key_id)
        return AttachmentV1(attachment_id=attachment_id, media_type=file.media_type, blob=blob)

    async def forget(self, connection: Connection, controller_id: str, case_id: UUID) -> None:
        """Delete the files of a case whose keys are destroyed."""
        for row in await connection.fetch(self._sql["forget_attachments"], controller_id, case_id):
            await self._blobs.delete(row["blob_name"])


class LeftFiles:
    """Deletes sealed files that no committed arrival names."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs
        self._sql = load_queries("dsr_intake", "threads.sql")

    async def sweep(self) -> int:
        """Returns how many went."""
        lying = await self._blobs.names(ROOM, older_than_seconds=ORPHAN_SECONDS)
        async with self._database.across_controllers() as connection:
            known = {row["blob_name"] for row in await connection.fetch(self._sql["known_attachments"], lying)}
        left = [name for name in lying if name not in known]
        for name in left:
            await self._blobs.delete(name)
        return len(left)
