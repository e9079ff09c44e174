"""Waiting for something that another task or process does."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def wait_until(
    predicate: Callable[[], bool | Awaitable[bool]], deadline_seconds: float = 10.0, what: str = "the expected state"
) -> None:
    """Return once the predicate, plain or async, is true; TimeoutError names what was waited for."""
    try:
        async with asyncio.timeout(deadline_seconds):
            while not await _is_true(predicate):  # noqa: ASYNC110 - it looks at other processes, which set no event here
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise TimeoutError(f"{what} did not come within {deadline_seconds:g} s") from None


async def _is_true(predicate: Callable[[], bool | Awaitable[bool]]) -> bool:
    answer = predicate()
    return bool(await answer) if inspect.isawaitable(answer) else bool(answer)
