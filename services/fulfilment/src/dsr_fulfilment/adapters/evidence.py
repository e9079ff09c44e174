"""The chain of evidence of a case in PostgreSQL: append-only, each entry bound to the one before it (invariant 7)."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Subject
from dsr_fulfilment.domain.evidence import BrokenAt, Entry, Head, Unbroken, next_entry, verify
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Connection, database_now, memory_of

_DOMAIN: Final = "evidence"


@dataclass(frozen=True)
class RingMarks:
    """The keyed hash and the signature of this service's ring."""

    ring: KeyRing

    def mac(self, content: bytes) -> str:
        return self.ring.mac_bytes(_DOMAIN, content)

    def sign(self, content: bytes) -> str:
        return b64encode(self.ring.sign(content)).decode()

    def check(self, content: bytes, signature: str) -> bool:
        return self.ring.verify(content, b64decode(signature))


async def add(conn: Connection, ring: KeyRing, case: Subject, kind: str, facts: Mapping[str, Any]) -> None:
    """Prove one fact of a case or breach; facts are JSON and name no person."""
    tools = RingMarks(ring)
    memory, place = memory_of(conn), ("chain", case.case_id)
    entry = next_entry(
        memory[place] if place in memory else await _locked_head(conn, case.case_id),
        chain=str(case.case_id),
        occurred_at=await database_now(conn),
        kind=kind,
        facts=facts,
        mac=tools.mac,
        sign=tools.sign,
    )
    await conn.execute(
        statements("work")["add_evidence"],
        case.controller_id,
        case.case_id,
        entry.position,
        entry.occurred_at,
        entry.kind,
        json.dumps(facts),
        entry.previous_mark,
        entry.mark,
        entry.signature,
    )
    memory[place] = Head(entry.chain, entry.position, entry.mark)


async def _locked_head(conn: Connection, case_id: UUID) -> Head | None:
    """The end of the chain; nobody else adds to it until this transaction ends."""
    sql = statements("work")
    await conn.execute(sql["lock_chain"], str(case_id))
    last = await conn.fetchrow(sql["last_evidence"], case_id)
    return None if last is None else Head(str(case_id), last["position"], last["mark"])


async def entries(conn: Connection, case_id: UUID) -> tuple[Entry, ...]:
    """The whole chain of a case."""
    rows = await conn.fetch(statements("work")["chain_of_case"], case_id)
    return tuple(entry_of(str(case_id), row) for row in rows)


def entry_of(chain: str, row: Mapping[str, Any]) -> Entry:
    """An entry as it lies in its row."""
    return Entry(
        chain=chain,
        position=row["position"],
        occurred_at=row["occurred_at"],
        kind=row["kind"],
        facts=json.loads(row["facts"]),
        previous_mark=row["previous_mark"],
        mark=row["mark"],
        signature=row["signature"],
    )


def check(chain: Sequence[Entry], ring: KeyRing, anchors: Sequence[Head] = ()) -> Unbroken | BrokenAt:
    """Whether the chain is as it was written."""
    tools = RingMarks(ring)
    return verify(chain, mac=tools.mac, check_signature=tools.check, anchors=anchors)
