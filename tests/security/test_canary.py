"""Marked names, addresses, words, passwords and tokens go the whole way and lie nowhere in clear."""

import asyncio
from pathlib import Path

import pytest
from tests.security.conftest import Journey
from tests.security.scanner import Scanner, disguises

pytestmark = pytest.mark.connected


@pytest.mark.promise("P37")
def test_nothing_marked_lies_in_clear_in_any_file(journey: Journey, tmp_path: Path) -> None:
    layout = journey.town.layout
    asyncio.run(_write_all_to_disk(journey))
    logs = [
        path for path in layout.logs.iterdir() if path.name != "mail.log"
    ]  # the mail server is the demo's, not ours
    places = [layout.kafka, layout.postgres, layout.blobs, journey.spans, journey.save_metrics(tmp_path), *logs]
    assert all(place.exists() for place in places)
    assert (layout.kafka / "log").is_dir()
    assert list((layout.postgres / "data" / "pg_wal").iterdir())
    assert journey.spans.stat().st_size > 1000
    assert [path for path in layout.blobs.rglob("*") if path.is_file()], "a package lies there"
    assert _scanner(journey).files(*places) == []


def test_the_scanner_finds_what_is_planted(journey: Journey, tmp_path: Path) -> None:
    mark = journey.victim.mark
    for name, content in disguises(mark).items():
        path = tmp_path / name.replace(" ", "-")
        path.write_bytes(b"\x00\x01 something before " + content + b" and after \xff")
        found = _scanner(journey).files(path)
        assert {finding.canary for finding in found} == {mark}, name


def test_the_scanner_finds_a_mark_in_a_row_of_the_same_server(journey: Journey) -> None:
    asyncio.run(_plant_row(journey))
    found = _scanner(journey).files(journey.town.layout.postgres)
    assert {finding.canary for finding in found} == {"planted" + journey.neighbour.mark[::-1]}


def _scanner(journey: Journey) -> Scanner:
    people = (journey.victim, journey.neighbour)
    tokens = [token for one in people for token in one.tokens]
    planted = "planted" + journey.neighbour.mark[::-1]
    return Scanner([*(one.mark for one in people), *tokens, *journey.passwords, planted])


async def _write_all_to_disk(journey: Journey) -> None:
    async with journey.town.database("postgres") as connection:
        await connection.execute("checkpoint")


async def _plant_row(journey: Journey) -> None:
    async with journey.town.database("postgres") as connection:
        await connection.execute("create table planted (words text)")
        await connection.execute("insert into planted values ($1)", "planted" + journey.neighbour.mark[::-1])
        await connection.execute("checkpoint")
