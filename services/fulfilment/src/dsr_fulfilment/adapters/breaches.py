"""Breaches in PostgreSQL; what staff wrote and who is concerned lie sealed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.breach import ExemptionKind, Risk
from dsr_fulfilment.domain.breach_case import Breach, NewBreach
from dsr_shared.calendar import breach_clock, helsinki_date
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.words import Language
from dsr_shared.postgres import Connection


class NoSuchBreach(LookupError):
    """The breach does not exist here, or belongs to another controller."""

    def __init__(self, what: object) -> None:
        super().__init__(f"no breach {what}; look it up under Breaches in the console")


@dataclass(frozen=True)
class NewPerson:
    """Somebody concerned, as they are written down."""

    person_id: UUID
    person_hash: str
    language: Language
    sealed: SealedV1
    systems: tuple[str, ...]
    has_address: bool


@dataclass(frozen=True)
class SealedPerson:
    """Somebody concerned, and what became of their letter."""

    person_id: UUID
    language: Language
    sealed: SealedV1
    systems: tuple[str, ...]
    has_address: bool
    letter_state: Literal["requested", "accepted", "failed"] | None


@dataclass(frozen=True)
class LetterStates:
    """How many persons there are, and how their letters stand; `languages` are those of persons with an address."""

    persons: int
    with_address: int
    asked: int
    accepted: int
    failed: int
    languages: tuple[Language, ...]

    @property
    def without_address(self) -> int:
        return self.persons - self.with_address


def _breach(row: Mapping[str, Any]) -> Breach:
    values = {part.name: row[part.name] for part in fields(Breach) if part.name != "said"}
    return Breach(**{**values, "systems": tuple(row["systems"])})


async def register(
    conn: Connection, controller_id: str, breach_id: UUID, new: NewBreach, *, details: SealedV1, user: str
) -> Breach:
    """Register a breach; the authority's 72 hours are counted here (Art. 33(1))."""
    sql, clock = statements("breaches"), breach_clock(new.aware_at)
    year = helsinki_date(new.aware_at).year
    last = await conn.fetchval(sql["next_breach_reference"], controller_id, year)
    row = await conn.fetchrow(
        sql["register_breach"],
        breach_id,
        controller_id,
        f"B-{year}-{last:04d}",
        new.aware_at,
        clock.authority_due,
        new.began_at,
        new.ended_at,
        list(new.systems),
        details.model_dump_json(),
        user,
    )
    return _breach(row)


async def lock(conn: Connection, breach_id: UUID) -> Breach:
    """Load a breach and hold its row; raises `NoSuchBreach`."""
    row = await conn.fetchrow(statements("breaches")["lock_breach"], breach_id)
    if row is None:
        raise NoSuchBreach(breach_id)
    return _breach(row)


async def by_reference(conn: Connection, reference: str) -> tuple[Breach, SealedV1]:
    """A breach and what was written about it; raises `NoSuchBreach`."""
    row = await conn.fetchrow(statements("breaches")["find_breach"], reference)
    if row is None:
        raise NoSuchBreach(reference)
    return _breach(row), SealedV1.model_validate_json(row["details_sealed"])


async def every(conn: Connection) -> tuple[Breach, ...]:
    """All breaches of the controller, newest first."""
    return tuple(_breach(row) for row in await conn.fetch(statements("breaches")["breaches"]))


async def set_details(conn: Connection, breach_id: UUID, details: SealedV1) -> None:
    await conn.execute(statements("breaches")["set_details"], breach_id, details.model_dump_json())


async def details_of(conn: Connection, breach: Breach) -> SealedV1:
    return (await by_reference(conn, breach.reference))[1]


async def set_searched(conn: Connection, breach_id: UUID, persons: int, records: int) -> Breach:
    return _breach(await conn.fetchrow(statements("breaches")["set_searched"], breach_id, persons, records))


async def set_risk(conn: Connection, breach_id: UUID, risk: Risk) -> Breach:
    return _breach(await conn.fetchrow(statements("breaches")["set_risk"], breach_id, risk))


async def set_notified(conn: Connection, breach_id: UUID, at: datetime) -> Breach:
    """Note the notice; the moment of the first one stays."""
    return _breach(await conn.fetchrow(statements("breaches")["set_notified"], breach_id, at))


async def approve_letters(conn: Connection, breach_id: UUID, user: str) -> Breach | None:
    """Approve once; None where they were approved before."""
    row = await conn.fetchrow(statements("breaches")["approve_letters"], breach_id, user)
    return None if row is None else _breach(row)


async def add_person(conn: Connection, breach: Breach, person: NewPerson) -> None:
    await conn.execute(
        statements("breaches")["add_person"],
        person.person_id,
        breach.controller_id,
        breach.breach_id,
        person.person_hash,
        person.language,
        person.sealed.model_dump_json(),
        list(person.systems),
        person.has_address,
    )


async def persons(conn: Connection, breach_id: UUID) -> tuple[SealedPerson, ...]:
    """Everybody concerned, those without an address first."""
    return tuple(
        SealedPerson(
            person_id=row["breach_person_id"],
            language=row["language"],
            sealed=SealedV1.model_validate_json(row["person_sealed"]),
            systems=tuple(row["systems"]),
            has_address=row["has_address"],
            letter_state=row["letter_state"],
        )
        for row in await conn.fetch(statements("breaches")["persons"], breach_id)
    )


async def persons_to_write_to(conn: Connection, breach_id: UUID) -> tuple[SealedPerson, ...]:
    """Who has an address and no letter; their rows are held until the transaction ends."""
    rows = await conn.fetch(statements("breaches")["persons_without_letter"], breach_id)
    return tuple(_addressed(row) for row in rows)


async def person_of_letter(conn: Connection, breach_id: UUID, letter_id: UUID) -> SealedPerson | None:
    """Whom a letter was for; None where another letter took its place."""
    row = await conn.fetchrow(statements("breaches")["person_of_letter"], breach_id, letter_id)
    return None if row is None else _addressed(row)


def _addressed(row: Any) -> SealedPerson:
    return SealedPerson(
        person_id=row["breach_person_id"],
        language=row["language"],
        sealed=SealedV1.model_validate_json(row["person_sealed"]),
        systems=tuple(row["systems"]),
        has_address=True,
        letter_state=None,
    )


async def set_person_letter(conn: Connection, person_id: UUID, letter_id: UUID) -> None:
    await conn.execute(statements("breaches")["set_person_letter"], person_id, letter_id)


async def letter_states(conn: Connection, breach_id: UUID) -> LetterStates:
    row = await conn.fetchrow(statements("breaches")["letter_states"], breach_id)
    return LetterStates(**{**dict(row), "languages": tuple(row["languages"])})


async def persons_by_system(conn: Connection, breach_id: UUID) -> dict[str, int]:
    rows = await conn.fetch(statements("breaches")["persons_by_system"], breach_id)
    return {row["system"]: row["persons"] for row in rows}


async def breach_of_letter(conn: Connection, letter_id: UUID) -> UUID | None:
    return cast("UUID | None", await conn.fetchval(statements("breaches")["breach_of_letter"], letter_id))


async def running(conn: Connection) -> tuple[Breach, ...]:
    """Breaches whose clock runs, the most urgent first."""
    return tuple(_breach(row) for row in await conn.fetch(statements("breaches")["running_clocks"]))


async def with_open_tasks(conn: Connection) -> tuple[Breach, ...]:
    """Breaches about which somebody has something to do, the most urgent first."""
    return tuple(_breach(row) for row in await conn.fetch(statements("breaches")["with_open_tasks"]))


async def set_exemption(conn: Connection, breach_id: UUID, kind: ExemptionKind | None, user: str | None) -> Breach:
    return _breach(await conn.fetchrow(statements("breaches")["set_exemption"], breach_id, kind, user))


async def count_open(conn: Connection) -> int:
    """How many wait for somebody."""
    return cast("int", await conn.fetchval(statements("breaches")["count_open"]))
