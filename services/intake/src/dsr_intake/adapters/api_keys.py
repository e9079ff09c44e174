"""Keys of programs that hand in requests, in PostgreSQL."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from uuid6 import uuid7

from dsr_intake.domain.api_key import PREFIX_LENGTH, ApiKeyText
from dsr_shared.postgres import Database, load_queries
from dsr_shared.sealing import hash_token, new_token

_SIGNS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that people confuse when they read a prefix aloud."""


class NameTaken(Exception):
    """The controller has a living key of this name."""


@dataclass(frozen=True)
class KnownKey:
    """A key as the list shows it."""

    key_id: UUID
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class ApiKeys:
    """Adds, lists, revokes and recognises keys; each belongs to one controller."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = load_queries("dsr_intake", "api.sql")

    async def add(self, controller_id: str, name: str, days: int) -> tuple[ApiKeyText, datetime]:
        """Make a key and say when it ends; it can never be shown again. Raises NameTaken."""
        key = ApiKeyText.make("".join(secrets.choice(_SIGNS) for _ in range(PREFIX_LENGTH)), new_token())
        try:
            async with self._database.transaction(controller_id) as connection:
                values = (uuid7(), controller_id, name, key.prefix, hash_token(key.text), days)
                return key, await connection.fetchval(self._sql["add_api_key"], *values)
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "api_keys_living_name":
                raise NameTaken(name) from None
            raise

    async def list(self, controller_id: str) -> Sequence[KnownKey]:
        async with self._database.transaction(controller_id) as connection:
            rows = await connection.fetch(self._sql["api_keys"], controller_id)
        return [KnownKey(**dict(row)) for row in rows]

    async def revoke(self, controller_id: str, prefix: str) -> str | None:
        """End a key at once; returns its name, None where there is no such living key."""
        async with self._database.transaction(controller_id) as connection:
            name: str | None = await connection.fetchval(self._sql["revoke_api_key"], controller_id, prefix)
        return name

    async def find(self, controller_id: str, key: ApiKeyText) -> UUID | None:
        """The id of a living key of this controller, or None."""
        async with self._database.transaction(controller_id, is_durable=False) as connection:
            row = await connection.fetchrow(self._sql["api_key_by_prefix"], controller_id, key.prefix)
            if row is None or not hmac.compare_digest(row["secret_hash"], hash_token(key.text)):
                return None
            if row["is_stale"]:
                await connection.execute(self._sql["touch_api_key"], row["key_id"])
            key_id: UUID = row["key_id"]
            return key_id
