"""Asking several systems at the same time: an answer takes as long as the slowest one, not as all together."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from dsr_fulfilment.ports import Connector

Answer = TypeVar("Answer")


async def ask_each(connectors: Sequence[Connector], ask: Callable[[Connector], Awaitable[Answer]]) -> dict[str, Answer]:
    """The answers by system, in the order given.

    Raises what the first of them raised, but only when all have ended: nothing goes on behind the caller's back.
    """
    answers = await asyncio.gather(*(ask(connector) for connector in connectors), return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    return dict(zip((connector.system for connector in connectors), answers, strict=True))  # type: ignore[arg-type]
