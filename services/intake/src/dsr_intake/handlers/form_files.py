"""Files that people add to a form or a message: sealed when they come, and the case's own once it is sent.

The data key of a tray is made with it and travels in the sealed form alone, so until a form is sent nobody can read its
files but whoever has the page open. When it is sent that key becomes the arrival's key, and nothing is copied.
"""

import asyncio
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from uuid6 import uuid7

from dsr_intake.domain.form_files import FileProblem, FileTray, FormFile, safe_name, taken_type_of
from dsr_shared.blobs import BlobMissing, BlobStore
from dsr_shared.contracts.base import BlobRefV1, SealedV1
from dsr_shared.contracts.requests import AttachmentV1
from dsr_shared.postgres import Connection, Database, load_queries
from dsr_shared.sealing import DataKey, SealContext, data_key, new_data_key, open_sealed, seal

ROOM: Final = "formfiles"
AT_ONCE: Final = 8
"""Uploads that one process takes at the same time; each has at most one file in memory."""
KEPT_SECONDS: Final = 6 * 3600
"""How long a file waits to be sent: longer than any form may stay open."""
MOST_EVER: Final = 25
"""Files that one form may add, those taken out again included."""
ORPHAN_SECONDS: Final = 24 * 3600
"""A blob of this age without a row was left by a crash between the two."""


class FilesGone(Exception):
    """A file that the form names is no longer there: it waited too long."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken, and why."""

    problem: FileProblem


def new_tray(case_id: UUID) -> FileTray:
    """A tray with a key of its own, for a message of this case."""
    return FileTray(uuid7(), case_id, new_data_key("arrival").secret.hex())


def key_of(tray: FileTray) -> DataKey:
    return data_key("arrival", bytes.fromhex(tray.secret))


class FormFiles:
    """Seals, takes out, hands over and sweeps."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs
        self._sql = load_queries("dsr_intake", "form.sql")
        self.turns: Final = asyncio.Semaphore(AT_ONCE)

    async def add(self, controller_id: str, tray: FileTray, claimed_name: str, data: bytes) -> FileTray | Refused:
        """The tray with one file more; the file is stored sealed before this returns."""
        if problem := tray.problem_with(len(data)):
            return Refused(problem)
        media_type = await asyncio.to_thread(taken_type_of, data)
        if media_type is None:
            return Refused("type")
        name = safe_name(claimed_name, media_type, [file.name for file in tray.files])
        file_id = uuid7()
        sealed = await asyncio.to_thread(seal, key_of(tray), data, _context(file_id, tray.case_id))
        stored = await self._blobs.put(ROOM, sealed.ciphertext)
        values = (file_id, controller_id, tray.tray_id, stored.name, KEPT_SECONDS, MOST_EVER)
        async with self._database.transaction(controller_id) as connection:
            added = await connection.fetchval(self._sql["add_form_file"], *values)
        if added is None:
            await self._blobs.delete(stored.name)
            return Refused("too_many")
        return tray.with_file(FormFile(file_id, name, media_type, len(data), stored.name, stored.length, stored.sha256))

    async def drop(self, controller_id: str, tray: FileTray, file_id: str) -> FileTray:
        """The tray without a file; what is gone already stays gone."""
        file = next((file for file in tray.files if str(file.file_id) == file_id), None)
        if file is None:
            return tray
        async with self._database.transaction(controller_id) as connection:
            values = (controller_id, tray.tray_id, file.file_id)
            name = await connection.fetchval(self._sql["drop_form_file"], *values)
        if name:
            await self._blobs.delete(name)
        return tray.without(file_id)

    async def claim(
        self, connection: Connection, controller_id: str, tray: FileTray, case_id: UUID
    ) -> tuple[AttachmentV1, ...]:
        """The files belong to the case from the commit on; raises FilesGone where one of them is no longer there."""
        ids = [file.file_id for file in tray.files]
        claimed = await connection.fetch(self._sql["claim_form_files"], controller_id, tray.tray_id, case_id, ids)
        if len(claimed) < len(ids):
            raise FilesGone
        key = key_of(tray)
        return tuple(
            [
                AttachmentV1(
                    attachment_id=file.file_id,
                    media_type=file.media_type,
                    blob=_reference(file, key)
                    if case_id == tray.case_id
                    else await self._seal_anew(connection, controller_id, tray, file, case_id),
                )
                for file in tray.files
            ]
        )

    async def _seal_anew(
        self, connection: Connection, controller_id: str, tray: FileTray, file: FormFile, case_id: UUID
    ) -> BlobRefV1:
        """The message goes to another case than was expected (a flood): its files are sealed for that one."""
        key = key_of(tray)
        try:
            ciphertext = await self._blobs.get(_reference(file, key))
        except BlobMissing:
            raise FilesGone from None
        sealed = SealedV1.model_construct(key_id=key.key_id, ciphertext=ciphertext)
        data = open_sealed(key, sealed, _context(file.file_id, tray.case_id))
        again = await asyncio.to_thread(seal, key, data, _context(file.file_id, case_id))
        stored = await self._blobs.put(ROOM, again.ciphertext)
        await connection.execute(self._sql["move_form_file"], controller_id, file.file_id, stored.name)
        return BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256, key_id=key.key_id)

    async def forget(self, connection: Connection, controller_id: str, case_id: UUID) -> None:
        """Delete the files of a case whose keys are destroyed."""
        for row in await connection.fetch(self._sql["forget_form_files"], controller_id, case_id):
            await self._blobs.delete(row["blob_name"])

    async def sweep(self) -> int:
        """Delete what was never sent, and blobs that a crash left without a row; returns how many went."""
        async with self._database.across_controllers() as connection:
            old = [row["blob_name"] for row in await connection.fetch(self._sql["old_form_files"])]
            lying = await self._blobs.names(ROOM, older_than_seconds=ORPHAN_SECONDS)
            known = {row["blob_name"] for row in await connection.fetch(self._sql["known_form_files"], lying)}
        gone = [*old, *(name for name in lying if name not in known and name not in old)]
        for name in gone:
            await self._blobs.delete(name)
        return len(gone)


def _context(file_id: UUID, case_id: UUID) -> SealContext:
    return SealContext(record_id=file_id, kind="attachment", case_id=case_id, field="bytes")


def _reference(file: FormFile, key: DataKey) -> BlobRefV1:
    return BlobRefV1(name=file.blob_name, length=file.blob_length, sha256=file.blob_sha256, key_id=key.key_id)
