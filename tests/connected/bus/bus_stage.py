"""A service's bus on a real database: one receiving fulfilment, fed by a made-up intake."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg

from dsr_shared.contracts.base import Event
from dsr_shared.contracts.requests import PackageOpenedV1
from dsr_shared.inbox import DeadLetters, Disposition, Handler, Inbox, Limits, Parked, Received, Record
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, Database
from dsr_shared.testing import Rings, an_envelope, record_of

QUICK = Limits(tries_in_place=2, first_pause_seconds=0.001, longest_pause_seconds=0.002)
TOPIC = PackageOpenedV1.TOPIC


def an_event() -> PackageOpenedV1:
    return PackageOpenedV1(package_id=uuid4(), opened_at=datetime.now(UTC))


@dataclass
class Effects:
    """A handler whose effect is a row; a test may make it fail."""

    failures: list[Exception] = field(default_factory=list)
    always: dict[UUID, Exception] = field(default_factory=dict)

    async def handle(self, connection: Connection, received: Received) -> None:
        await connection.execute(
            "insert into effects (event_id, sequence) values ($1, $2)",
            received.envelope.event_id,
            received.envelope.sequence,
        )
        if self.failures:
            raise self.failures.pop(0)
        if error := self.always.get(received.envelope.event_id):
            raise error


@dataclass
class Bus:
    """One service's database with its inbox."""

    db: Database
    owner_url: str
    app_url: str
    rings: Rings
    effects: Effects
    handlers: dict[type[Event], Handler]

    @property
    def keys(self) -> CaseKeys:
        return self.rings.case_keys("fulfilment")

    @property
    def inbox(self) -> Inbox:
        return Inbox(self.db, "fulfilment", self.keys, self.handlers, Outbox("fulfilment"), limits=QUICK)

    @property
    def parked(self) -> Parked:
        return Parked(self.db, self.inbox)

    @property
    def dead_letters(self) -> DeadLetters:
        return DeadLetters(self.db, self.keys)

    async def give(self, *records: Record) -> list[Disposition]:
        return [await self.inbox.consume(record) for record in records]

    async def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        async with self.db.across_controllers() as connection:
            return [tuple(row) for row in await connection.fetch(sql, *values)]

    async def run(self, sql: str, *values: object) -> None:
        async with self.db.across_controllers() as connection:
            await connection.execute(sql, *values)

    async def sequences(self) -> list[int]:
        return [int(str(row[0])) for row in await self.rows("select sequence from effects order by position")]


def stream(case_id: UUID, count: int, *, controller_id: str = "acme") -> list[Record]:
    """The first events of a case."""
    return [
        record_of(an_envelope(an_event(), case_id=case_id, sequence=n, controller_id=controller_id), TOPIC, offset=n)
        for n in range(1, count + 1)
    ]


async def make_effects_table(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    await connection.execute(
        "create table effects (position bigint generated always as identity, event_id uuid, sequence bigint)"
    )
    await connection.close()
