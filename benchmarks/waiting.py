"""Waiting for what other processes do: they tell nobody, so their rows and pages are looked at until a deadline."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(look: Callable[[], Awaitable[T]], *, every_seconds: float = 0.02, deadline_seconds: float = 120) -> T:
    """The first answer that is true; TimeoutError when none comes."""
    async with asyncio.timeout(deadline_seconds):
        while not (answer := await look()):  # noqa: ASYNC110 - no event tells it: another process does the work
            await asyncio.sleep(every_seconds)
        return answer
