"""Sealed payloads too large for an event or a row, kept as files by room and id.

What is stored is sealed already: the store never sees a key. A blob is named in an event only after `put` returned,
that is, after it is safely on disk.

    BlobError
    ├── BlobMissing   no blob of this name: deleted, or never stored
    └── BlobDamaged   other bytes than were stored
"""

import asyncio
import hashlib
import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple, Protocol
from uuid import uuid4

_ROOM: Final = re.compile(r"[a-z]{1,40}")
_NAME: Final = re.compile(r"[a-z]{1,40}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class BlobError(Exception):
    """A blob cannot be had; `name` says which."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__(text)
        self.name = name


class BlobMissing(BlobError):
    """No blob of this name."""


class BlobDamaged(BlobError):
    """The bytes are not those that were stored."""


class BlobRef(Protocol):
    """What names a blob and what it must hold; `BlobRefV1` of the wire is one."""

    @property
    def name(self) -> str: ...
    @property
    def length(self) -> int: ...
    @property
    def sha256(self) -> str: ...


class StoredBlob(NamedTuple):
    """A blob that is safely stored."""

    name: str
    length: int
    sha256: str


class BlobStore(Protocol):
    """Keeps sealed bytes by name. Rooms are words of the letters a to z, for example arrivals and packages."""

    async def put(self, room: str, data: bytes) -> StoredBlob:
        """Store under a fresh name; the blob survives a crash from here on."""

    async def get(self, blob: BlobRef | str) -> bytes:
        """Read a blob; BlobMissing, or BlobDamaged where length or hash differ from the reference.

        By its name alone it is read unchecked: then only the seal shows damage.
        """

    async def delete(self, name: str) -> None:
        """Delete a blob for good; nothing happens where it is gone already."""

    async def names(self, room: str, *, older_than_seconds: float) -> list[str]:
        """Give the names of a room's blobs that were stored before so many seconds."""

    async def remove_unfinished(self, room: str, *, older_than_seconds: float) -> None:
        """Remove what a crash left half written so long ago."""


class DirectoryBlobStore:
    """Blobs as files below one directory, written to a temporary file first and renamed when they are on disk."""

    def __init__(self, directory: Path | str) -> None:
        self._directory = Path(directory)
        self._rooms: set[str] = set()

    async def put(self, room: str, data: bytes) -> StoredBlob:
        if not _ROOM.fullmatch(room):
            raise ValueError(f"{room!r} is no room; use one word of the letters a to z")
        return await asyncio.to_thread(self._write, room, data)

    async def get(self, blob: BlobRef | str) -> bytes:
        name = blob if isinstance(blob, str) else blob.name
        data = await asyncio.to_thread(self._read, name)
        if not isinstance(blob, str):
            await asyncio.to_thread(_check, blob, data)
        return data

    async def delete(self, name: str) -> None:
        await asyncio.to_thread(self._delete, name)

    async def names(self, room: str, *, older_than_seconds: float) -> list[str]:
        return await asyncio.to_thread(self._names, room, time.time() - older_than_seconds)

    def _names(self, room: str, before: float) -> list[str]:
        with suppress(FileNotFoundError), os.scandir(self._directory / room) as entries:
            names = [f"{room}/{entry.name}" for entry in entries if entry.stat().st_mtime < before]
            return [name for name in names if _NAME.fullmatch(name)]
        return []

    async def remove_unfinished(self, room: str, *, older_than_seconds: float) -> None:
        await asyncio.to_thread(self._remove_unfinished, room, time.time() - older_than_seconds)

    def _remove_unfinished(self, room: str, before: float) -> None:
        for path in (self._directory / room).glob(".*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise BlobMissing(name, "that is no blob's name; names are <room>/<uuid>")
        return self._directory / name

    def _write(self, room: str, data: bytes) -> StoredBlob:
        name = f"{room}/{uuid4()}"
        path = self._path(name)
        self._open_room(room)
        temporary = path.with_name(f".{path.name}")
        try:
            _write_synced(temporary, data)
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_directory(path.parent)
        return StoredBlob(name, len(data), hashlib.sha256(data).hexdigest())

    def _open_room(self, room: str) -> None:
        """Make the room when it is first used; its own entry must survive a crash too."""
        if room not in self._rooms:
            (self._directory / room).mkdir(mode=0o750, parents=True, exist_ok=True)
            _sync_directory(self._directory.parent)
            _sync_directory(self._directory)
            self._rooms.add(room)

    def _read(self, name: str) -> bytes:
        with suppress(FileNotFoundError):
            return self._path(name).read_bytes()
        raise BlobMissing(
            name, f"no blob {name} below {self._directory}; restore it from a copy, or see who deleted it"
        )

    def _delete(self, name: str) -> None:
        path = self._path(name)
        with suppress(FileNotFoundError):
            path.unlink()
            _sync_directory(path.parent)


def _check(blob: BlobRef, data: bytes) -> None:
    if len(data) != blob.length or hashlib.sha256(data).hexdigest() != blob.sha256:
        raise BlobDamaged(
            blob.name, f"blob {blob.name} is damaged: {len(data)} bytes where {blob.length} were stored, or other ones"
        )


def _write_synced(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
