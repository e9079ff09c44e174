"""Publishing a register publishes its notice: once, dated, with what changed, for its controller alone."""

import asyncio
import json
from dataclasses import replace

import pytest

from dsr_fulfilment.adapters import notices
from dsr_fulfilment.adapters.registers import Registers
from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.handlers.publish_notices import notice_stream
from dsr_fulfilment.handlers.publish_registers import publish_registers
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.notices import NoticePublishedV1

pytestmark = [pytest.mark.connected, pytest.mark.promise("P39")]
ME = "esimerkki"


def altered(tools: Tools, **fields: object) -> Tools:
    """The same installation after somebody edited the register."""
    register = tools.registers.get(ME)
    made = type(register).model_validate(register.model_dump() | fields)
    return replace(tools, registers=Registers({ME: made}, {ME: str(hash(str(made)))}))


def renamed(tools: Tools) -> Tools:
    activities = [one.model_dump() for one in tools.registers.get(ME).activities]
    activities[0]["retention"] = {language: f"Kaksi vuotta ({language})" for language in ("fi", "sv", "en")}
    return altered(tools, activities=activities)


async def versions(tools: Tools) -> tuple[NoticePublishedV1, ...]:
    async with tools.database.transaction(ME) as conn:
        return await notices.versions(conn, ME)


async def sent(tools: Tools) -> list[tuple[object, int]]:
    """Streams and versions of the notices in the outbox."""
    async with tools.database.transaction(ME) as conn:
        rows = await conn.fetch("select * from outbox where event_type = 'notice_published' order by created_at")
    return [(row["case_id"], json.loads(row["payload"])["data"]["notice_version"]) for row in rows]


async def test_the_first_publication_makes_version_1_without_changes(fulfilment: Fulfilment) -> None:
    await publish_registers(fulfilment.tools)
    (first,) = await versions(fulfilment.tools)
    assert first.notice_version == 1
    assert {text.changes for text in first.texts.values()} == {()}
    assert "http://localhost:8080/esimerkki/" in first.model_dump_json()


async def test_the_same_register_and_one_altered_where_nobody_reads_make_no_version(fulfilment: Fulfilment) -> None:
    await publish_registers(fulfilment.tools)
    await publish_registers(fulfilment.tools)
    assert await publish_registers(altered(fulfilment.tools, brand_colour="#123456")) == (ME,)
    assert len(await versions(fulfilment.tools)) == 1
    assert len(await sent(fulfilment.tools)) == 1


async def test_a_change_makes_a_dated_version_with_its_change_list_in_each_language(fulfilment: Fulfilment) -> None:
    await publish_registers(fulfilment.tools)
    await publish_registers(renamed(fulfilment.tools))
    second, first = await versions(fulfilment.tools)
    assert (second.notice_version, first.notice_version) == (2, 1)
    assert second.published_at > first.published_at
    for language, text in second.texts.items():
        assert [one.after for one in text.changes] == [f"Kaksi vuotta ({language})"]
        assert text.changes[0].before
    assert second.sha256 != first.sha256


async def test_each_version_has_a_key_of_its_own_so_that_compaction_keeps_it(fulfilment: Fulfilment) -> None:
    await publish_registers(fulfilment.tools)
    await publish_registers(renamed(fulfilment.tools))
    assert await sent(fulfilment.tools) == [(notice_stream(ME, 1), 1), (notice_stream(ME, 2), 2)]


async def test_two_processes_that_start_at_once_make_one_version(fulfilment: Fulfilment) -> None:
    await asyncio.gather(*(publish_registers(fulfilment.tools) for _ in range(4)))
    assert len(await versions(fulfilment.tools)) == len(await sent(fulfilment.tools)) == 1


async def test_another_controller_sees_no_version(fulfilment: Fulfilment) -> None:
    await publish_registers(fulfilment.tools)
    async with fulfilment.tools.database.transaction("toinen") as conn:
        assert await conn.fetchval("select count(*) from notices") == 0
        assert await notices.latest(conn, ME) is None
