"""Forms accepted per second by 8 clients beside bare commits, and how long one post alone takes."""

import asyncio
import time
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
    await _post_all(poster, [poster.request(form) for form in some_forms(posts // 4)], CLIENTS)
    accepted, bare = [], []
    for _ in range(rounds):
        await handled(installed)
        bare.append(await commits_a_second(installed.database_url("intake"), rows, CLIENTS, posts))
        await _forget_bare(installed)
        requests = [poster.request(form) for form in some_forms(posts)]
        accepted.append(posts / await _post_all(poster, requests, CLIENTS))
    await handled(installed)
    alone = await _one_by_one(poster, singles)
    ratio = median(ours / floor for ours, floor in zip(accepted, bare, strict=True))
    return [
        Measure("forms accepted by 8 clients", median(accepted), "/s", 400),
        Measure("bare commits of the same rows by 8 connections", median(bare), "/s"),
        Measure("forms accepted for each bare commit", ratio, "", 0.4),
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
