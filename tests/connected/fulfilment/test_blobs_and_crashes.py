"""Blobs and rows agree, wherever a crash comes: before the commit, after it, or in between."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from tests.connected.fulfilment.desk import Desk

from dsr_fulfilment.adapters import packages
from dsr_fulfilment.handlers import gather as gathering
from dsr_fulfilment.handlers.blobs import sweep_blobs
from dsr_fulfilment.handlers.keys import destroy_case_key


class Crash(Exception):
    """The process dies here."""


async def closed_with_package(desk: Desk, others):
    case_id = await others.request("access")
    await desk.search_through(case_id)
    assert (await desk.case(case_id)).state == "closed"
    return case_id


def blobs_of(desk: Desk) -> list[Path]:
    directory = desk.fulfilment.settings.blob_directory
    return [path for path in directory.rglob("*") if path.is_file()]


def make_old(path: Path, days: float) -> None:
    then = path.stat().st_mtime - timedelta(days=days).total_seconds()
    os.utime(path, (then, then))


async def test_a_destruction_that_fails_before_its_commit_keeps_the_package(desk: Desk, others) -> None:
    case_id = await closed_with_package(desk, others)
    tools = desk.fulfilment.tools

    async def destroy_and_die() -> None:
        async with tools.database.transaction("esimerkki") as conn:
            await destroy_case_key(tools, conn, case_id, "test", "matti")
            raise Crash

    with pytest.raises(Crash):
        await destroy_and_die()
    await desk.work()
    async with tools.database.transaction("esimerkki") as conn:
        package = await packages.living(conn, case_id)
    assert package is not None
    assert await tools.blobs.get(package.blob)


async def test_a_crash_after_the_commit_leaves_a_job_that_deletes_the_blob(
    desk: Desk, others, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await closed_with_package(desk, others)
    tools = desk.fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        await destroy_case_key(tools, conn, case_id, "test", "matti")
    assert len(blobs_of(desk)) == 1, "nothing went before the commit"

    async def die(_: str) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(tools.blobs, "delete", die)
        await desk.work()
    assert len(blobs_of(desk)) == 1
    async with tools.database.across_controllers() as conn:
        await conn.execute("update jobs set not_before = now(), lease_until = null where done_at is null")
    await desk.work()
    assert blobs_of(desk) == []
    async with tools.database.across_controllers() as conn:
        assert await conn.fetchval("select count(*) from blobs_to_delete") == 0


async def test_a_package_whose_transaction_never_committed_is_swept_after_a_day(
    desk: Desk, others, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = await others.request("access")
    await desk.work()
    await desk.answer_challenge(case_id)
    await desk.work()

    async def die(*_: object) -> None:
        raise Crash

    await desk.finish_tasks(case_id, "nothing_found")
    with monkeypatch.context() as patch:
        patch.setattr(gathering.packages, "add", die)
        await desk.work()
    (orphan,) = blobs_of(desk)
    assert await sweep_blobs(desk.fulfilment.tools) == 0, "it may still be about to be named"
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        await conn.execute("update jobs set not_before = now(), lease_until = null where done_at is null")
    await desk.work()
    (package,) = [path for path in blobs_of(desk) if path != orphan]
    unfinished = package.with_name(f".{package.name}")
    unfinished.write_bytes(b"half")
    for path in (orphan, package, unfinished):
        make_old(path, 1.1)
    assert await sweep_blobs(desk.fulfilment.tools) == 1
    assert blobs_of(desk) == [package]
    assert (await desk.case(case_id)).state == "closed"
