"""Deadlines are data (invariant 10): a scan finds what is due; ten days of downtime fire each reminder once."""

import asyncio
import logging
import time
from contextlib import suppress
from typing import Final

from dsr_fulfilment.handlers.blobs import sweep_blobs
from dsr_fulfilment.handlers.breach_reminders import fire_breach_reminders
from dsr_fulfilment.handlers.deferred import erase_what_became_due
from dsr_fulfilment.handlers.heads import note_daily_heads
from dsr_fulfilment.handlers.reminders import fire_reminders
from dsr_fulfilment.handlers.retention import delete_old_packages
from dsr_fulfilment.handlers.tools import Tools

SCAN_SECONDS: Final = 60.0
SWEEP_SECONDS: Final = 3600.0
"""How often blobs are looked through that no row names; nothing depends on the moment."""
_log = logging.getLogger(__name__)


class Scheduler:
    """Scans every minute; nothing depends on a scan happening at a certain moment."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._sweep_at = 0.0

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await self.scan()
            except Exception as error:  # noqa: BLE001  # a worker's edge: the next scan tries again
                _log.warning("scan failed", exc_info=error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SCAN_SECONDS)

    async def scan(self) -> None:
        """One scan over every controller."""
        await fire_breach_reminders(self._tools)
        await fire_reminders(self._tools)
        await erase_what_became_due(self._tools)
        await delete_old_packages(self._tools)
        await note_daily_heads(self._tools)
        if time.monotonic() >= self._sweep_at:
            await sweep_blobs(self._tools)
            self._sweep_at = time.monotonic() + SWEEP_SECONDS
