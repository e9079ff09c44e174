"""What the `dead-letters` commands do, over the dead letters of every service of a running stack."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from dsr_shared.contracts.words import Service
from dsr_shared.inbox import (
    DeadLetter,
    DeadLetters,
    Handled,
    NoSuchDeadLetterError,
    ReplayFailedError,
    Unread,
    Waiting,
)
from dsr_shared.keys import KeyDestroyed
from kuukausi.access import service_data, services_of
from kuukausi.errors import KuukausiError
from kuukausi.parts_desk import receiver
from kuukausi.stack.layout import Layout

_WORDS: Final[dict[type, str]] = {
    Handled: "it took effect",
    Unread: "nothing was left to do",
    Waiting: "it waits for an earlier event of its case",
}


class NoDeadLetter(KuukausiError):
    """No service has such a dead letter."""


async def list_all(layout: Layout, *, include_settled: bool) -> list[tuple[str, DeadLetter]]:
    """Service and letter, the oldest first."""
    found: list[tuple[str, DeadLetter]] = []
    for service in services_of(layout):
        async with service_data(layout, service) as data:
            letters = await DeadLetters(data.database, data.keys).list(include_settled=include_settled)
        found.extend((service, letter) for letter in letters)
    return sorted(found, key=lambda pair: pair[1].failed_at)


async def show(layout: Layout, dead_letter_id: UUID) -> tuple[str, DeadLetter, str]:
    """Service, letter, and its bytes as text, or as hexadecimal digits where they are none."""
    async with _holder(layout, dead_letter_id) as (service, letters):
        try:
            letter, raw = await letters.show(dead_letter_id)
        except KeyDestroyed as error:
            raise NoDeadLetter(
                "the keys of its case were destroyed, so its bytes cannot be read any more",
                where=service,
                remedy=f"discard it: kuukausi dead-letters discard {dead_letter_id} --because ...",
            ) from error
    try:
        return service, letter, raw.decode()
    except UnicodeDecodeError:
        return service, letter, raw.hex()


async def replay(layout: Layout, dead_letter_id: UUID, because: str) -> str:
    """Hand it to its service's handlers again; returns what became of it."""
    async with _holder(layout, dead_letter_id) as (service, _):
        pass
    async with receiver(layout, service) as at:
        try:
            became = await DeadLetters(at.database, at.keys).replay(at.inbox, dead_letter_id, because=because)
        except NoSuchDeadLetterError as error:
            raise _no_such(dead_letter_id) from error
        except (KeyDestroyed, ReplayFailedError) as error:
            remedy = "put right what it names and replay it then, or `kuukausi dead-letters discard` it"
            raise NoDeadLetter(f"it still cannot be taken: {error}", where=service, remedy=remedy) from error
    return _WORDS.get(type(became), "done")


async def discard(layout: Layout, dead_letter_id: UUID, because: str) -> None:
    async with _holder(layout, dead_letter_id) as (_, letters):
        try:
            await letters.discard(dead_letter_id, because=because)
        except NoSuchDeadLetterError as error:
            raise _no_such(dead_letter_id) from error


@asynccontextmanager
async def _holder(layout: Layout, dead_letter_id: UUID) -> AsyncIterator[tuple[Service, DeadLetters]]:
    """The service that has this letter."""
    for service in services_of(layout):
        async with service_data(layout, service) as data:
            letters = DeadLetters(data.database, data.keys)
            known = await letters.list(include_settled=True)
            if any(letter.dead_letter_id == dead_letter_id for letter in known):
                yield service, letters
                return
    raise _no_such(dead_letter_id)


def _no_such(dead_letter_id: UUID) -> NoDeadLetter:
    return NoDeadLetter(
        f"there is no open dead letter {dead_letter_id}",
        where="dead letters of all services",
        remedy="see `kuukausi dead-letters list --all`",
    )


def facts(service: str, letter: DeadLetter) -> dict[str, str | int | None]:
    """For JSON; no personal data is among them."""
    values = {name: getattr(letter, name) for name in DeadLetter.__dataclass_fields__}
    plain = {name: value if isinstance(value, int | None) else str(value) for name, value in values.items()}
    return {"service": service, **plain}
