"""The broker is told of a record's end only, and of the newest end of each partition."""

import asyncio

from aiokafka import TopicPartition
from aiokafka.errors import CommitFailedError

from dsr_shared.broker.lag import cut_events
from dsr_shared.broker.offsets import Offsets

ONE, TWO = TopicPartition("requests.v1", 0), TopicPartition("requests.v1", 1)


class Committed:
    def __init__(self, *, fails: bool = False) -> None:
        self.commits: list[dict[TopicPartition, int]] = []
        self._fails = fails

    async def commit(self, offsets: dict[TopicPartition, int]) -> None:
        if self._fails:
            raise CommitFailedError
        self.commits.append(dict(offsets))


async def test_only_the_newest_end_of_each_partition_is_committed() -> None:
    offsets, consumer = Offsets(), Committed()
    for partition, offset in ((ONE, 4), (ONE, 5), (TWO, 9)):
        offsets.note(consumer, partition, offset)
    await offsets.flush()
    assert consumer.commits == [{ONE: 6, TWO: 10}]


async def test_a_commit_that_fails_is_left_to_the_next_one() -> None:
    offsets, fails, works = Offsets(), Committed(fails=True), Committed()
    offsets.note(fails, ONE, 4)
    await offsets.flush()
    offsets.note(works, ONE, 5)
    await offsets.flush()
    assert works.commits == [{ONE: 6}]


async def test_before_partitions_are_given_away_their_ends_are_committed() -> None:
    offsets, consumer = Offsets(), Committed()
    offsets.note(consumer, ONE, 4)
    async with asyncio.timeout(2):
        await offsets.on_partitions_revoked({ONE})
    assert consumer.commits == [{ONE: 5}]


def test_a_group_behind_the_start_of_the_log_lost_events_and_a_new_group_did_not() -> None:
    assert cut_events(7, 10) == 3
    assert cut_events(10, 10) == 0
    assert cut_events(None, 10) == 0
