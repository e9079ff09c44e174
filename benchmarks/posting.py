"""Forms accepted per second by 8 clients beside bare commits, and how long one post alone takes.

Fulfilment and the notifier are held still meanwhile, so that intake is measured beside the floor on the same machine;
one more round tells what is left while they work through what was posted.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from statistics import median

from benchmarks.bare_commits import commits_a_second, rows_of_form
from benchmarks.forms import Poster, some_forms
from benchmarks.installation import Installation
from benchmarks.measure import Measure, share
from benchmarks.waiting import until

CLIENTS = 8
ALL_SENT = "select not exists (select 1 from streams where last_sequence > sent_sequence)"
SENT = "select count(*) from outbox where topic = 'requests.v1' and sent_at is not null"
ALL_TAKEN = "select count(*) >= $1 from inbox where topic = 'requests.v1'"
ALL_DONE = "select not exists (select 1 from jobs where done_at is null)"


async def measure_posts(installed: Installation, *, rounds: int, posts: int, singles: int) -> list[Measure]:
    """Rounds of posts and of bare commits take turns, so that a busy moment of the machine falls on both."""
    poster = Poster(installed)
    async with installed.connection("intake") as connection:
        (example,) = some_forms(1)
        await _post_all(poster, [poster.request(example)], 1)
        rows = await rows_of_form(connection, example.arrival_id)
    accepted, bare = [], []
    with held_still(installed, "fulfilment", "notifier"):
        await _accepted_a_second(poster, posts // 4)
        for _ in range(rounds):
            await _sent(installed)
            bare.append(await commits_a_second(installed.database_url("intake"), rows, CLIENTS, posts))
            await _forget_bare(installed)
            accepted.append(await _accepted_a_second(poster, posts))
        await _sent(installed)
        alone = await _one_by_one(poster, singles)
    with_all = await _accepted_a_second(poster, posts)
    ratio = median(ours / floor for ours, floor in zip(accepted, bare, strict=True))
    return [
        Measure("forms accepted by 8 clients", median(accepted), "/s", 400),
        Measure("bare commits of the same rows by 8 connections", median(bare), "/s"),
        Measure("forms accepted for each bare commit", ratio, "", 0.4),
        Measure("forms accepted while the other services work through them", with_all, "/s"),
        Measure("one form alone, median", share(alone, 0.5) * 1000, "ms", 10, "at most"),
        Measure("one form alone, 99 of 100", share(alone, 0.99) * 1000, "ms", 50, "at most"),
    ]


async def handled(installed: Installation) -> None:
    """Wait until fulfilment has taken all forms and done their jobs."""
    async with installed.connection("intake") as intake, installed.connection("fulfilment") as fulfilment:
        await until(partial(intake.fetchval, ALL_SENT), every_seconds=0.1)
        sent = await intake.fetchval(SENT)
        await until(partial(fulfilment.fetchval, ALL_TAKEN, sent), every_seconds=0.1)
        await until(partial(fulfilment.fetchval, ALL_DONE), every_seconds=0.1)


@contextmanager
def held_still(installed: Installation, *services: str) -> Iterator[None]:
    """Neither work nor end: they go on where they were."""
    held = [installed.process_ids()[service] for service in services]
    try:
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in held:
            os.kill(pid, signal.SIGCONT)


async def _sent(installed: Installation) -> None:
    """Wait until Kafka has all that intake wrote."""
    async with installed.connection("intake") as intake:
        await until(partial(intake.fetchval, ALL_SENT), every_seconds=0.1)


async def _accepted_a_second(poster: Poster, count: int) -> float:
    return count / await _post_all(poster, [poster.request(form) for form in some_forms(count)], CLIENTS)


async def _post_all(poster: Poster, requests: list[bytes], clients: int) -> float:
    waiting = list(requests)

    async def post() -> None:
        async with poster.connection() as connection:
            while waiting:
                await connection.post(waiting.pop())

    began = time.perf_counter()
    await asyncio.gather(*(post() for _ in range(clients)))
    return time.perf_counter() - began


async def _one_by_one(poster: Poster, count: int) -> list[float]:
    requests = [poster.request(form) for form in some_forms(count)]
    async with poster.connection() as connection:
        await connection.post(poster.request(*some_forms(1)))
        return [await connection.post(request) for request in requests]


async def _forget_bare(installed: Installation) -> None:
    """What the floor wrote is nothing that fulfilment is to wait for: all real events are sent at this point."""
    async with installed.connection("intake") as connection:
        await connection.execute("delete from outbox where sent_at is null")
