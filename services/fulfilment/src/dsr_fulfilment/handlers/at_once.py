"""Asking several systems at the same time: an answer takes as long as the slowest one, not as all together."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar

from dsr_fulfilment.ports import Connector

Answer = TypeVar("Answer")


async def ask_each(connectors: Sequence[Connector], ask: Callable[[Connector], Awaitable[Answer]]) -> dict[str, Answer]:
    """The answers by system, in the order given.

    Raises what the first of them raised, but only when all have ended: nothing goes on behind the caller's back.
    """
    return all_answered(await try_each(connectors, ask))


async def try_each(
    connectors: Sequence[Connector], ask: Callable[[Connector], Awaitable[Answer]]
) -> dict[str, Answer | BaseException]:
    """Like `ask_each`, with what a system raised in the place of its answer."""
    answers = await asyncio.gather(*(ask(connector) for connector in connectors), return_exceptions=True)
    return dict(zip((connector.system for connector in connectors), answers, strict=True))


def all_answered(answers: Mapping[str, Answer | BaseException]) -> dict[str, Answer]:
    """The answers, where every system gave one; raises what the first of the others raised."""
    answered: dict[str, Answer] = {}
    for system, answer in answers.items():
        if isinstance(answer, BaseException):
            raise answer
        answered[system] = answer
    return answered
