"""Waiting between tries: longer each time, never in step with others, and never in the way of a shutdown."""

import asyncio
import secrets
from contextlib import suppress


def backoff_seconds(attempt: int, *, first: float, longest: float) -> float:
    """How long to wait after the given failed attempt (1, 2, …): doubled each time, then between half and all of it."""
    whole = min(longest, first * 2.0 ** min(attempt - 1, 30))
    return whole * (0.5 + secrets.randbelow(1000) / 2000)


async def pause(stop: asyncio.Event, seconds: float) -> bool:
    """Wait until `stop` is set or the time is over; whether it was set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()
