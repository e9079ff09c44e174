"""Cases in PostgreSQL."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case, sealed
from dsr_fulfilment.domain.lifecycle import State
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.requests import MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.words import Outcome, Right
from dsr_shared.inbox import Received
from dsr_shared.postgres import Connection


class NoSuchCase(LookupError):
    """The case does not exist here, or belongs to another controller."""

    def __init__(self, case_id: UUID) -> None:
        super().__init__(f"no case {case_id}; look it up under Cases in the console")


@dataclass(frozen=True)
class SystemState:
    """How one mapped system of a case stands."""

    system: str
    has_match: bool | None
    outcome: Outcome | None
    item_count: int
    reason: str | None
    """A code, or what was typed once it is opened."""
    reason_sealed: SealedV1 | None = field(default=None, repr=False)

    @property
    def has_reason(self) -> bool:
        """Whether a reason is on record, opened or not."""
        return bool(self.reason) or self.reason_sealed is not None


async def _reference(conn: Connection, controller_id: str, received: date) -> str:
    last = await conn.fetchval(statements("cases")["next_reference"], controller_id, received.year)
    return f"K-{received.year}-{last:04d}"


class Origin(Protocol):
    """What an arrival is known by: the envelope of an event, or the entry of a member of staff."""

    @property
    def event_id(self) -> UUID: ...
    @property
    def type(self) -> str: ...
    @property
    def controller_id(self) -> str: ...
    @property
    def case_id(self) -> UUID: ...


async def open_case(
    conn: Connection, origin: Origin, event: RequestReceivedV1 | MessageReceivedV1, needs_person: str | None
) -> Case:
    """Open the case of what arrived; its due date is computed once, from the receipt (Art. 12(3))."""
    dates = due_dates(event.received_at)
    asked = event if isinstance(event, RequestReceivedV1) else None
    row = await conn.fetchrow(
        statements("cases")["open_case"],
        origin.case_id,
        origin.controller_id,
        await _reference(conn, origin.controller_id, dates.received),
        event.channel,
        event.language,
        [] if asked is None else list(asked.rights),
        "received",
        event.received_at,
        dates.due,
        asked is not None and asked.is_on_behalf,
        needs_person,
        event.person.model_dump_json(),
        event.message.model_dump_json(),
        origin.event_id,
        origin.type,
        None if event.raw is None else event.raw.model_dump_json(),
        event.raw_sha256,
    )
    return Case.from_row(row)


async def find(conn: Connection, case_id: UUID) -> Case | None:
    row = await conn.fetchrow(statements("cases")["load_case"], case_id)
    return None if row is None else Case.from_row(row)


async def load(conn: Connection, case_id: UUID) -> Case:
    """Load a case; raises `NoSuchCase`."""
    found = await find(conn, case_id)
    if found is None:
        raise NoSuchCase(case_id)
    return found


async def lock(conn: Connection, case_id: UUID) -> Case:
    """Load a case and hold its row until the transaction ends; raises `NoSuchCase`."""
    row = await conn.fetchrow(statements("cases")["lock_case"], case_id)
    if row is None:
        raise NoSuchCase(case_id)
    return Case.from_row(row)


async def _change(conn: Connection, statement: str, case_id: UUID, *values: object) -> Case:
    row = await conn.fetchrow(statements("cases")[statement], case_id, *values)
    if row is None:
        raise NoSuchCase(case_id)
    return Case.from_row(row)


async def set_state(conn: Connection, case_id: UUID, state: State) -> Case:
    return await _change(conn, "set_state", case_id, state)


async def set_needs_person(conn: Connection, case_id: UUID, why: str | None) -> Case:
    return await _change(conn, "set_needs_person", case_id, why)


async def set_rights(conn: Connection, case_id: UUID, rights: tuple[Right, ...]) -> Case:
    return await _change(conn, "set_rights", case_id, list(rights))


async def set_verified(conn: Connection, case_id: UUID, verified_by: str) -> Case:
    return await _change(conn, "set_verified", case_id, verified_by)


async def set_letter_address(conn: Connection, case_id: UUID, sealed: SealedV1) -> Case:
    return await _change(conn, "set_letter_address", case_id, sealed.model_dump_json())


async def propose_extension(conn: Connection, case_id: UUID, ground: str) -> Case:
    return await _change(conn, "propose_extension", case_id, ground)


async def set_extension(conn: Connection, case_id: UUID, extended_due_on: date | None) -> Case:
    """None takes an extension back."""
    return await _change(conn, "set_extension", case_id, extended_due_on)


async def forget(conn: Connection, case_id: UUID) -> Case:
    """Drop every sealed field of the case, after its key was destroyed."""
    for statement in ("forget_messages", "forget_proofs", "forget_reasons", "forget_letters", "forget_sign_ins"):
        await conn.execute(statements("cases")[statement], case_id)
    return await _change(conn, "forget_case", case_id)


async def named(conn: Connection, reference: str, case_id: UUID | None) -> tuple[Case, ...]:
    """Cases of any controller with this reference or id. Needs every controller."""
    rows = await conn.fetch(statements("cases")["cases_named"], reference, case_id)
    return tuple(Case.from_row(row) for row in rows)


async def destroyed_beyond_recall(conn: Connection, kept_since: datetime, services: int) -> tuple[Case, ...]:
    """Destroyed cases that all services confirmed before `kept_since`, and that were not noted as such yet."""
    rows = await conn.fetch(statements("cases")["destroyed_beyond_recall"], kept_since, services)
    return tuple(Case.from_row(row) for row in rows)


async def add_message(conn: Connection, received: Received, event: MessageReceivedV1) -> None:
    """Keep what came later for an open case; it never moves the clock."""
    envelope = received.envelope
    await conn.execute(
        statements("cases")["add_message"],
        envelope.event_id,
        envelope.controller_id,
        envelope.case_id,
        event.channel,
        event.kind,
        event.problem,
        event.received_at,
        event.person.model_dump_json(),
        event.message.model_dump_json(),
        None if event.raw is None else event.raw.model_dump_json(),
    )


async def set_match(conn: Connection, case: Case, system: str, *, has_match: bool | None) -> None:
    await conn.execute(statements("cases")["set_match"], case.controller_id, case.case_id, system, has_match)


async def set_outcome(
    conn: Connection,
    case: Case,
    system: str,
    outcome: Outcome,
    *,
    item_count: int = 0,
    reason: str | None = None,
    decided_by: str | None = None,
    reason_sealed: SealedV1 | None = None,
) -> None:
    """Record what became of one system; `reason` is a code, a person's own words come sealed."""
    await conn.execute(
        statements("cases")["set_system_outcome"],
        case.controller_id,
        case.case_id,
        system,
        outcome,
        item_count,
        reason,
        decided_by,
        reason_sealed and reason_sealed.model_dump_json(),
    )


async def systems(conn: Connection, case_id: UUID) -> tuple[SystemState, ...]:
    rows, names = await conn.fetch(statements("cases")["case_systems"], case_id), SystemState.__dataclass_fields__
    return tuple(
        SystemState(**{**{name: row[name] for name in names}, "reason_sealed": sealed(row["reason_sealed"])})
        for row in rows
    )


async def add_challenge(
    conn: Connection, case: Case, challenge_id: UUID, *, token_hash: str, proves: str, expires_at: datetime
) -> None:
    await conn.execute(
        statements("cases")["add_challenge"],
        challenge_id,
        case.controller_id,
        case.case_id,
        token_hash,
        proves,
        expires_at,
    )


async def last_challenge(conn: Connection, case_id: UUID) -> Literal["on_file", "address_only"] | None:
    """What the newest link of a case proves; None where none was sent."""
    proves: Literal["on_file", "address_only"] | None = await conn.fetchval(
        statements("cases")["last_challenge"], case_id
    )
    return proves


async def answer_challenge(conn: Connection, challenge_id: UUID, answered_at: datetime) -> str | None:
    """Take the first answer in time and say what it proves; None for any other."""
    row = await conn.fetchrow(statements("cases")["answer_challenge"], challenge_id, answered_at)
    return None if row is None else str(row["proves"])
