"""`kuukausi audit verify` finds a changed row, a removed row and a cut chain, each by whoever owns the tables."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tests.faults.town import CONTROLLER, Town
from tests.security.conftest import Journey

from dsr_fulfilment.adapters import heads
from dsr_shared.calendar import helsinki_date
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Database, database_now

pytestmark = pytest.mark.connected


def _verify(journey: Journey, *anchors: str) -> tuple[int, dict[str, Any]]:
    given = [argument for anchor in anchors for argument in ("--anchor", anchor)]
    done = journey.kuukausi("audit", "verify", "--ends", "--json", *given)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def _end_of(said: dict[str, Any], chain: str) -> str:
    (end,) = [str(end) for end in (*said["ends"], *said["heads"]) if str(end).startswith(f"{chain}:")]
    return end


@contextmanager
def _tampered(town: Town, change: str, *values: object) -> Iterator[None]:
    """The owner of the tables switches the guard off and changes the evidence; afterwards it is as it was."""
    asyncio.run(_copy(town))
    asyncio.run(_as_owner(town, change, *values))
    try:
        yield
    finally:
        asyncio.run(_put_back(town))


async def _as_owner(town: Town, statement: str, *values: object) -> None:
    url = (town.layout.secrets_of("fulfilment-owner") / "owner_database_url").read_text()
    connection = await asyncpg.connect(url, timeout=10)
    try:
        await connection.execute("set app.controller_id = '*'")
        for table in ("evidence", "evidence_heads"):
            await connection.execute(f"alter table {table} disable trigger {table}_is_append_only")
        await connection.execute(statement, *values)
        for table in ("evidence", "evidence_heads"):
            await connection.execute(f"alter table {table} enable trigger {table}_is_append_only")
    finally:
        await connection.close()


async def _copy(town: Town) -> None:
    for table in ("evidence", "evidence_heads"):
        await _as_owner(town, f"create table copy_of_{table} as select * from {table}")


async def _put_back(town: Town) -> None:
    for table in ("evidence", "evidence_heads"):
        await _as_owner(town, f"delete from {table}")
        await _as_owner(town, f"insert into {table} select * from copy_of_{table}")
        await _as_owner(town, f"drop table copy_of_{table}")


def test_untouched_evidence_holds(journey: Journey) -> None:
    code, said = _verify(journey)
    assert code == 0
    assert said["unbroken"]
    assert said["entries"] > 20
    assert journey.kuukausi("audit", "verify").stdout.count("head  ") == len(said["heads"])


def test_the_service_itself_can_neither_change_nor_remove_evidence(journey: Journey) -> None:
    async def attempt(statement: str) -> None:
        url = (journey.town.layout.secrets_of("fulfilment") / "database_url").read_text()
        connection = await asyncpg.connect(url, timeout=10)
        try:
            await connection.execute("set app.controller_id = '*'")
            await connection.execute(statement)
        finally:
            await connection.close()

    for table in ("evidence", "evidence_heads"):
        for statement in (f"delete from {table}", f"update {table} set position = position", f"truncate {table}"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                asyncio.run(attempt(statement))


def test_a_changed_row_is_found_where_it_is(journey: Journey) -> None:
    case_id = journey.neighbour.case_id
    change = """update evidence set facts = facts || '{"by": "nobody"}' where case_id = $1 and position = 3"""
    with _tampered(journey.town, change, case_id):
        code, said = _verify(journey)
        told = journey.kuukausi("audit", "verify")
    assert code == told.returncode == 1
    assert [(one["chain"], one["position"], one["why"]) for one in said["broken"]] == [(str(case_id), 3, "mark")]
    assert f"{journey.neighbour.reference} of {CONTROLLER}" in told.stdout
    assert "entry 3 was changed" in told.stdout


def test_a_removed_row_is_found_where_it_was(journey: Journey) -> None:
    case_id = journey.neighbour.case_id
    with _tampered(journey.town, "delete from evidence where case_id = $1 and position = 4", case_id):
        code, said = _verify(journey)
    assert code == 1
    assert [(one["chain"], one["position"], one["why"]) for one in said["broken"]] == [(str(case_id), 4, "missing")]


def test_a_chain_whose_end_was_cut_is_found_by_a_head_that_was_noted(journey: Journey) -> None:
    case_id = journey.neighbour.case_id
    _, before = _verify(journey)
    anchor = _end_of(before, str(case_id))
    assert _verify(journey, anchor)[0] == 0
    cut = "delete from evidence where case_id = $1 and position > 3"
    with _tampered(journey.town, cut, case_id):
        code, said = _verify(journey, anchor)
    assert code == 1
    assert (str(case_id), "cut") in [(one["chain"], one["why"]) for one in said["broken"]]


def test_the_daily_heads_find_a_cut_without_an_anchor_and_their_own_cut_with_one(journey: Journey) -> None:
    town, case_id = journey.town, journey.neighbour.case_id
    asyncio.run(_note_tomorrow(town))
    code, before = _verify(journey)
    assert code == 0
    anchor = _end_of(before, heads.chain_of(CONTROLLER))
    cut = "delete from evidence where case_id = $1 and position > 3"
    with _tampered(town, cut, case_id):
        code, said = _verify(journey)
    assert code == 1
    assert (str(case_id), "cut") in [(one["chain"], one["why"]) for one in said["broken"]]
    with _tampered(town, "delete from evidence_heads"):
        assert _verify(journey)[0] == 0, "heads alone can be cut without a trace here"
        code, said = _verify(journey, anchor)
    assert code == 1
    # The scheduler goes on meanwhile: a head that it notes after the cut takes the place of one that was cut.
    assert said["broken"][0]["why"] in ("cut", "rewritten")
    assert said["broken"][0]["chain"] == heads.chain_of(CONTROLLER)


def test_a_chain_that_is_gone_as_a_whole_is_found(journey: Journey) -> None:
    with _tampered(journey.town, "delete from evidence where case_id = $1", journey.neighbour.case_id):
        code, said = _verify(journey)
    assert code == 1
    assert said["broken"][0]["chain"] == str(journey.neighbour.case_id)


def test_a_text_that_is_no_head_is_wrong_use(journey: Journey) -> None:
    done = journey.kuukausi("audit", "verify", "--anchor", "yesterday's")
    assert done.returncode == 2
    assert "is no head" in done.stderr


async def _note_tomorrow(town: Town) -> None:
    """What the scheduler does at the first scan of a day, for the next day; nothing where no chain grew since."""
    url = (town.layout.secrets_of("fulfilment") / "database_url").read_text()
    database = await Database.connect(url, max_size=1)
    try:
        async with database.transaction(CONTROLLER) as conn:
            ring = KeyRing.load(town.layout.keys / "fulfilment.keyring.json")
            day = helsinki_date(await database_now(conn)) + timedelta(days=1)
            await heads.note(conn, ring, CONTROLLER, day)
            assert not await heads.note(conn, ring, CONTROLLER, day), "once a day"
    finally:
        await database.close()
