"""Telling the broker how far a group came: only what has its end here, never the position of the reader.

The library's own `ack()` commits the reader's position, which runs ahead of what was handled. Here each record's end is
noted and a single task commits the newest of each partition, while the next records are at work already: a commit for
each record costs the broker more than the record.
"""

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress
from typing import Final, Protocol

from aiokafka import ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import KafkaError

from dsr_shared.backoff import pause

_BETWEEN_COMMITS_SECONDS: Final = 0.1
_log = logging.getLogger(__name__)


class Committer(Protocol):
    """What is needed of a consumer."""

    async def commit(self, offsets: dict[TopicPartition, int]) -> None: ...


class Offsets(ConsumerRebalanceListener):  # type: ignore[misc]
    """The ends of records that the broker has yet to be told of."""

    def __init__(self) -> None:
        self._ended: dict[TopicPartition, int] = {}
        self._task: asyncio.Task[None] | None = None
        self._committer: Committer | None = None
        self._hurry = asyncio.Event()

    def note(self, committer: Committer, partition: TopicPartition, offset: int) -> None:
        """The record at `offset` has its end; commit soon."""
        self._committer = committer
        self._ended[partition] = offset + 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._commit_all(), name="commit offsets")

    async def flush(self) -> None:
        """Wait until everything noted is committed, or could not be."""
        self._hurry.set()
        if self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await asyncio.shield(self._task)
        self._hurry.clear()

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        """Commit before another member takes over; what fails is delivered again and known by its id."""
        await self.flush()
        for partition in revoked:
            self._ended.pop(partition, None)

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Nothing of an earlier assignment may be committed under this one."""
        for partition in assigned:
            self._ended.pop(partition, None)

    async def _commit_all(self) -> None:
        while self._ended and self._committer is not None:
            ended, self._ended = self._ended, {}
            try:
                await self._committer.commit(ended)
            except KafkaError as error:
                _log.warning("Offsets were not committed; their events come again and are known.", exc_info=error)
            await pause(self._hurry, _BETWEEN_COMMITS_SECONDS)
