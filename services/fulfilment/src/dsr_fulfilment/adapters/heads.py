"""The daily chain of heads of a controller in PostgreSQL: what shows that the end of another chain was cut off."""

import json
from datetime import date
from typing import Final

from dsr_fulfilment.adapters.evidence import RingMarks, entry_of
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.evidence import Entry, Head, heads_facts, next_entry
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Connection, database_now

_PREFIX: Final = "heads/"


def chain_of(controller_id: str) -> str:
    """The name of a controller's chain of heads."""
    return f"{_PREFIX}{controller_id}"


async def note(conn: Connection, ring: KeyRing, controller_id: str, day: date) -> bool:
    """Note where every chain ends that grew since; once a day, and only where there is something to note."""
    sql, marks, chain = statements("heads"), RingMarks(ring), chain_of(controller_id)
    await conn.execute(statements("work")["lock_chain"], chain)
    last = await conn.fetchrow(sql["last_head"], controller_id)
    if last is not None and last["day"] >= day:
        return False
    grown = [Head(**dict(row)) for row in await conn.fetch(sql["grown_chains"], controller_id)]
    if not grown:
        return False
    entry = next_entry(
        None if last is None else Head(chain, last["position"], last["mark"]),
        chain=chain,
        occurred_at=await database_now(conn),
        kind="heads",
        facts=heads_facts(day, grown),
        mac=marks.mac,
        sign=marks.sign,
    )
    await conn.execute(sql["add_head"], controller_id, entry.position, day, *_values(entry))
    return True


def _values(entry: Entry) -> tuple[object, ...]:
    return entry.occurred_at, json.dumps(entry.facts), entry.previous_mark, entry.mark, entry.signature


async def entries(conn: Connection, controller_id: str) -> tuple[Entry, ...]:
    """The whole chain of heads."""
    rows = await conn.fetch(statements("heads")["chain_of_heads"], controller_id)
    return tuple(entry_of(chain_of(controller_id), row) for row in rows)
