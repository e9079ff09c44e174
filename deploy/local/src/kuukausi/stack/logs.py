"""Logs of the stack's processes: one file each, bounded in size."""

import os
from pathlib import Path
from typing import Final

LOG_BYTES: Final = 5_000_000
"""A log is turned over at this size; one older file is kept beside it."""


class BoundedLog:
    """Append lines to a file of at most `limit_bytes`; the one before it stays as `<name>.1`."""

    def __init__(self, path: Path, limit_bytes: int = LOG_BYTES) -> None:
        self.path = path
        self._limit_bytes = limit_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)
        self._size = self._file.tell()

    def write(self, line: bytes) -> None:
        if self._size and self._size + len(line) > self._limit_bytes:
            self._turn_over()
        self._file.write(line)
        self._size += len(line)

    def close(self) -> None:
        self._file.close()

    def _turn_over(self) -> None:
        self._file.close()
        os.replace(self.path, self.path.with_name(self.path.name + ".1"))  # noqa: PTH105 - replace of an older one
        self._file = self.path.open("wb", buffering=0)
        self._size = 0
