"""When the line breaks during the commit nobody knows what happened; asking again under the same key finds out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from tests.connected.connectors.conftest import Sample

from dsr_fulfilment.adapters.connectors.postgresql import PostgresqlConnector
from dsr_fulfilment.domain.items import Identifiers
from dsr_fulfilment.domain.plan import make_plan
from dsr_fulfilment.ports import OutcomeUnknown
from dsr_fulfilment.register.rules import plan_rules
from kuukausi.sample import ASKS_BY_MAIL

LIISA = Identifiers({"email": ASKS_BY_MAIL.email})
COMMIT = b"COMMIT;"


class Line:
    """Carries bytes between connector and server until the first COMMIT, which arrives or not; then it is cut."""

    def __init__(self, host: str, port: int, *, commit_arrives: bool) -> None:
        self._server = (host, port)
        self._commit_arrives = commit_arrives

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up_reader, up_writer = await asyncio.open_connection(*self._server)
        down = asyncio.create_task(self._carry(up_reader, writer))
        while data := await reader.read(65536):
            if COMMIT in data:
                await self._cut(data, up_reader, up_writer, down)
                break
            up_writer.write(data)
            await up_writer.drain()
        down.cancel()
        up_writer.close()
        writer.close()

    async def _cut(
        self, data: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, down: asyncio.Task[None]
    ) -> None:
        """Where the commit arrives, its answer is awaited here and never passed on."""
        down.cancel()
        with suppress(asyncio.CancelledError):
            await down
        if self._commit_arrives:
            writer.write(data)
            await writer.drain()
            assert await reader.read(1)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()


@asynccontextmanager
async def connector_through(sample: Sample, *, commit_arrives: bool) -> AsyncIterator[PostgresqlConnector]:
    address = sample.access.secrets[("esimerkki", "portal_dsn")]
    parts = urlsplit(address)
    line = Line(str(parts.hostname), int(parts.port or 5432), commit_arrives=commit_arrives)
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    connector = PostgresqlConnector(
        sample.system("esimerkki", "portal"), address.replace(f":{parts.port}/", f":{port}/")
    )
    try:
        yield connector
    finally:
        await connector.close()
        server.close()


@pytest.mark.parametrize("commit_arrives", [True, False])
async def test_a_line_cut_during_the_commit_is_unknown_and_reconciled(sample: Sample, commit_arrives: bool) -> None:
    direct, key = sample.connector("esimerkki", "portal"), uuid4()
    plan = make_plan((await direct.find(LIISA)).items, plan_rules(sample.registers["esimerkki"], date(2026, 11, 22)))
    async with connector_through(sample, commit_arrives=commit_arrives) as connector:
        with pytest.raises(OutcomeUnknown):
            await connector.erase(plan.items, key)
    outcomes = await direct.erase(plan.items, key, intent_recorded=True)
    assert {one.outcome for one in outcomes} == {"erased"}
    assert (await direct.find(LIISA)).outcome == "nothing_found"
