"""Opt-outs of cases and suppressed addresses in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_shared.postgres import Connection

OptOutOutcome = Literal["found", "nothing_found", "failed"]


@dataclass(frozen=True)
class OptOutState:
    """How the opt-out stands in one system; no outcome means that it was intended and nobody knows more."""

    system: str
    outcome: OptOutOutcome | None
    row_count: int

    @property
    def is_done(self) -> bool:
        return self.outcome in ("found", "nothing_found")


async def intend(conn: Connection, case: Case, system: str) -> None:
    await conn.execute(statements("opt_outs")["intend_opt_out"], case.controller_id, case.case_id, system)


async def record(conn: Connection, case: Case, system: str, outcome: OptOutOutcome, row_count: int) -> None:
    await conn.execute(statements("opt_outs")["set_opt_out"], case.case_id, system, outcome, row_count)


async def of_case(conn: Connection, case: Case) -> tuple[OptOutState, ...]:
    rows = await conn.fetch(statements("opt_outs")["opt_outs_of_case"], case.case_id)
    return tuple(OptOutState(row["system"], row["outcome"], row["row_count"]) for row in rows)


async def suppress(conn: Connection, controller_id: str, address_hash: str) -> None:
    await conn.execute(statements("opt_outs")["suppress"], controller_id, address_hash)


async def suppressed(conn: Connection, controller_id: str, hashes: Sequence[str]) -> frozenset[str]:
    """Which of the hashes stand for addresses that want no marketing."""
    rows = await conn.fetch(statements("opt_outs")["suppressed"], controller_id, list(hashes))
    return frozenset(row["address_hash"] for row in rows)
