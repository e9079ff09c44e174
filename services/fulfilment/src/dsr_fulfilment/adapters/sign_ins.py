"""Who signed in for a case, in PostgreSQL."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import sealed
from dsr_shared.contracts.base import Envelope, SealedV1
from dsr_shared.contracts.requests import IdentityProvedV1
from dsr_shared.postgres import Connection


@dataclass(frozen=True)
class SignIn:
    """One sign-in; who it was lies sealed."""

    proof_id: UUID
    event_id: UUID
    issuer: str
    acr: str | None
    proved_at: datetime
    decided_at: datetime | None
    person_sealed: SealedV1 = field(repr=False)


async def add(conn: Connection, envelope: Envelope, event: IdentityProvedV1) -> None:
    await conn.execute(
        statements("sign_ins")["add"],
        event.proof_id,
        envelope.controller_id,
        envelope.case_id,
        envelope.event_id,
        event.issuer,
        event.acr,
        event.proved_at,
        event.person.model_dump_json(),
    )


async def of_case(conn: Connection, case_id: UUID) -> tuple[SignIn, ...]:
    rows = await conn.fetch(statements("sign_ins")["of_case"], case_id)
    return tuple(SignIn(**{**dict(row), "person_sealed": sealed(row["person_sealed"])}) for row in rows)


async def decide(conn: Connection, proof_id: UUID) -> bool:
    """False where it was decided before."""
    return await conn.fetchval(statements("sign_ins")["decide"], proof_id) is not None
