"""Deletes files that nothing names: those of forms that were never sent, and what a crash left behind."""

import asyncio
import logging
from typing import Final, Protocol

from dsr_shared.backoff import pause

EVERY_SECONDS: Final = 900
_log = logging.getLogger(__name__)


class Files(Protocol):
    """Files of one room."""

    async def sweep(self) -> int:
        """Delete what nothing names; returns how many went."""
        ...


class FileSweeper:
    """Sweeps every quarter of an hour."""

    def __init__(self, files: Files) -> None:
        self._files = files

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._files.sweep()
            except Exception as error:  # noqa: BLE001 - a worker's edge: what is left waits for the next time
                _log.error("Sweeping unsent files failed; it is tried again in a quarter of an hour.", exc_info=error)
            await pause(stop, EVERY_SECONDS)
