"""Accounts of staff, their sessions and tries to sign in, and who looked at what, in PostgreSQL."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Subject, sealed
from dsr_shared.contracts.base import SealedV1
from dsr_shared.postgres import Connection

Role = Literal["owner", "handler", "reader"]


@dataclass(frozen=True)
class Account:
    """One person's account at one controller."""

    user_id: UUID
    controller_id: str
    name: str
    role: Role
    password_hash: str
    is_disabled: bool


@dataclass(frozen=True)
class User:
    """Who is signed in."""

    user_id: UUID
    controller_id: str
    name: str
    role: Role

    @property
    def may_act(self) -> bool:
        """Whether this user may decide anything; a reader sees only."""
        return self.role != "reader"


@dataclass(frozen=True)
class Attempt:
    """One counted try to sign in."""

    failures: int
    locked_until: datetime | None


@dataclass(frozen=True)
class UserLine:
    """An account as the users page lists it."""

    name: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    last_seen_at: datetime | None


@dataclass(frozen=True)
class Look:
    """Somebody looked at a person's data."""

    access_id: UUID
    user_name: str
    what: str
    reason: str
    """A code, or what was typed once it is opened."""
    reason_sealed: SealedV1 | None = field(repr=False)
    at: datetime


async def add_user(conn: Connection, controller_id: str, name: str, password_hash: str, role: Role) -> bool:
    """False where the controller has a user of this name."""
    sql = statements("console")["add_user"]
    return await conn.fetchval(sql, uuid7(), controller_id, name, password_hash, role) is not None


async def find_user(conn: Connection, controller_id: str, name: str) -> Account | None:
    row = await conn.fetchrow(statements("console")["find_user"], controller_id, name)
    if row is None:
        return None
    return Account(
        user_id=row["user_id"],
        controller_id=row["controller_id"],
        name=row["name"],
        role=row["role"],
        password_hash=row["password_hash"],
        is_disabled=row["disabled_at"] is not None,
    )


async def disable_user(conn: Connection, controller_id: str, name: str) -> UUID | None:
    return cast("UUID | None", await conn.fetchval(statements("console")["disable_user"], controller_id, name))


async def set_password(conn: Connection, controller_id: str, name: str, password_hash: str) -> UUID | None:
    sql = statements("console")["set_password"]
    return cast("UUID | None", await conn.fetchval(sql, controller_id, name, password_hash))


async def update_hash(conn: Connection, user_id: UUID, password_hash: str) -> None:
    await conn.execute(statements("console")["update_hash"], user_id, password_hash)


async def users(conn: Connection) -> tuple[UserLine, ...]:
    rows = await conn.fetch(statements("console")["users"])
    return tuple(UserLine(**{name: row[name] for name in UserLine.__dataclass_fields__}) for row in rows)


async def reserve_attempt(conn: Connection, controller_id: str, name_hash: str, limit: int, lock: timedelta) -> Attempt:
    """Count a try; above the limit it must be refused unread."""
    sql = statements("console")
    await conn.execute(sql["purge_attempts"])
    row = await conn.fetchrow(sql["reserve_attempt"], controller_id, name_hash, limit, lock)
    return Attempt(row["failures"], row["locked_until"])


async def forget_attempts(conn: Connection, controller_id: str, name_hash: str) -> None:
    await conn.execute(statements("console")["forget_attempts"], controller_id, name_hash)


async def open_session(conn: Connection, token_hash: str, account: Account, life: timedelta, idle: timedelta) -> None:
    sql = statements("console")
    await conn.execute(sql["purge_sessions"], idle)
    await conn.execute(sql["open_session"], token_hash, account.controller_id, account.user_id, life)


async def use_session(conn: Connection, token_hash: str, idle: timedelta) -> User | None:
    row = await conn.fetchrow(statements("console")["use_session"], token_hash, idle)
    return None if row is None else User(**dict(row))


async def close_session(conn: Connection, token_hash: str) -> None:
    await conn.execute(statements("console")["close_session"], token_hash)


async def close_sessions_of(conn: Connection, user_id: UUID) -> None:
    await conn.execute(statements("console")["close_sessions_of"], user_id)


async def log_access(
    conn: Connection,
    case: Subject,
    user_name: str,
    what: str,
    reason: str,
    *,
    access_id: UUID | None = None,
    reason_sealed: SealedV1 | None = None,
) -> None:
    """Note a look; `reason` is a code, a person's own words come sealed."""
    await conn.execute(
        statements("console")["log_access"],
        access_id or uuid7(),
        case.controller_id,
        case.case_id,
        user_name,
        what,
        reason,
        reason_sealed and reason_sealed.model_dump_json(),
    )


async def looks(conn: Connection, case_id: UUID) -> tuple[Look, ...]:
    rows = await conn.fetch(statements("console")["looks_of_case"], case_id)
    return tuple(Look(**{**dict(row), "reason_sealed": sealed(row["reason_sealed"])}) for row in rows)


async def shown_until(conn: Connection, case_id: UUID, user_name: str, life: timedelta) -> datetime | None:
    sql = statements("console")["shown_until"]
    return cast("datetime | None", await conn.fetchval(sql, case_id, user_name, life))
