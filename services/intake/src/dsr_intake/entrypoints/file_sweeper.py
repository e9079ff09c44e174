"""Deletes files of forms that were never sent."""

import asyncio
import logging
from typing import Final

from dsr_intake.handlers.form_files import FormFiles
from dsr_shared.backoff import pause

EVERY_SECONDS: Final = 900
_log = logging.getLogger(__name__)


class FileSweeper:
    """Sweeps every quarter of an hour."""

    def __init__(self, files: FormFiles) -> None:
        self._files = files

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self._files.sweep()
            except Exception as error:  # noqa: BLE001 - a worker's edge: what is left waits for the next time
                _log.error("Sweeping unsent files failed; it is tried again in a quarter of an hour.", exc_info=error)
            await pause(stop, EVERY_SECONDS)
