"""The wrapped data keys of a service's cases, and their destruction.

A key lives in table `case_keys`, wrapped for this service's key ring, and nowhere else: nothing is cached beyond a
transaction, so a destroyed key is gone for the next look-up of every process. Writers of one case wait for each other
(an advisory lock until their transaction ends), so no key can be stored beside or after the destruction of its case.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self
from uuid import UUID

from dsr_shared.contracts.base import WrappedKeyV1
from dsr_shared.contracts.words import READERS, Purpose, Service
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.postgres import Connection, load_queries, memory_of
from dsr_shared.sealing import CannotOpen, DataKey, SealingError, new_data_key

ACCEPTED_FROM_OTHERS: Final[dict[Service, frozenset[Purpose]]] = {
    "intake": frozenset({"arrival"}),
    "fulfilment": frozenset({"arrival"}),
    "notifier": frozenset({"letter"}),
}
"""Keys a service takes from an envelope. Gathered data and letters are sealed by fulfilment's own keys alone: a key of
that purpose offered to fulfilment comes from somebody who would like to read along."""

_FIRST_ID: Final = UUID(int=0)


class KeyDestroyed(SealingError):
    """This service holds no such key: its case was destroyed, or the key was never given to this service."""

    @classmethod
    def by_id(cls, key_id: UUID) -> Self:
        return cls(f"no key {key_id} is held here: its case was destroyed, or it was never given to this service")

    @classmethod
    def by_case(cls, case_id: UUID) -> Self:
        return cls(f"the keys of case {case_id} were destroyed, so it gets no new ones")


class CaseKeys:
    """A service's data keys by case. Every method works in the caller's transaction (READ COMMITTED)."""

    def __init__(self, ring: KeyRing, public: PublicKeys) -> None:
        self._ring = ring
        self._public = public
        self._sql = load_queries("dsr_shared", "keys.sql")

    async def new(
        self,
        conn: Connection,
        controller_id: str,
        case_id: UUID,
        purpose: Purpose,
        *,
        opens_case: bool = False,
        key: DataKey | None = None,
    ) -> DataKey:
        """Make a key and store our own wrapped copy, if we are a reader; KeyDestroyed for a destroyed case.

        `opens_case` says that the case id was made in this very transaction, so that nobody else can know it and no
        lock is needed. `key` is one that already sealed something which now becomes the case's; KeyDestroyed where it
        was stored before.
        """
        if not opens_case:
            await self._lock(conn, controller_id, case_id)
        return await self._store(conn, controller_id, case_id, key or new_data_key(purpose))

    async def new_each(
        self, conn: Connection, controller_id: str, case_ids: Sequence[UUID], purpose: Purpose
    ) -> list[tuple[UUID, DataKey]]:
        """A key for each of some case ids that were made in this very transaction; we must be a reader."""
        keys = [(case_id, new_data_key(purpose)) for case_id in case_ids]
        await self._insert(conn, controller_id, [(case_id, self._ring.wrap_own(key)) for case_id, key in keys])
        return keys

    async def store_each(
        self, conn: Connection, controller_id: str, cases: Iterable[tuple[UUID, Sequence[WrappedKeyV1]]]
    ) -> None:
        """Store our copies of keys that were made for case ids of this very transaction (`wrap_for_readers`).

        KeyDestroyed where one of the cases is destroyed or a key was stored before.
        """
        ours = [(case_id, key) for case_id, keys in cases for key in keys if key.reader == self._ring.service]
        if await self._insert(conn, controller_id, ours) < len(ours):
            raise KeyDestroyed("one of the cases was destroyed, or its key was stored before")

    async def current(self, conn: Connection, controller_id: str, case_id: UUID, purpose: Purpose) -> DataKey:
        """The case's key of this purpose, or a new one; KeyDestroyed for a destroyed case."""
        if key := await self._existing(conn, controller_id, case_id, purpose):
            return key
        await self._lock(conn, controller_id, case_id)
        key = await self._existing(conn, controller_id, case_id, purpose)
        return key or await self._store(conn, controller_id, case_id, new_data_key(purpose))

    async def remember(self, conn: Connection, controller_id: str, case_id: UUID, keys: Iterable[WrappedKeyV1]) -> None:
        """Store our copies from an envelope; nothing happens for a destroyed case or for keys we hold.

        CannotOpen where a copy does not open, or has a purpose that only we give keys for. Copies for a ring version
        that is no longer current are re-wrapped at once.
        """
        ours = [key for key in keys if key.reader == self._ring.service]
        if not ours:
            return
        taken, refused = self._examine(ours)
        await self._lock(conn, controller_id, case_id)
        if refused and not await self._is_settled(conn, controller_id, case_id, list(refused)):
            raise next(iter(refused.values()))
        if taken:
            await self._insert(conn, controller_id, [(case_id, key) for key in taken])

    async def get(self, conn: Connection, key_id: UUID) -> DataKey:
        """Find and unwrap a key; KeyDestroyed where we hold none of this id."""
        memory, place = memory_of(conn), ("key", key_id)
        if place not in memory:
            row = await conn.fetchrow(self._sql["get_key"], key_id)
            if row is None:
                raise KeyDestroyed.by_id(key_id)
            memory[place] = self._ring.unwrap(self._wrapped(row))
        key: DataKey = memory[place]
        return key

    async def is_destroyed(self, conn: Connection, controller_id: str, case_id: UUID) -> bool:
        return bool(await conn.fetchval(self._sql["is_destroyed"], controller_id, case_id))

    async def destroy(self, conn: Connection, controller_id: str, case_id: UUID) -> int:
        """Delete every key of the case and remember it as destroyed; returns how many keys went."""
        await self._lock(conn, controller_id, case_id)
        memory_of(conn).clear()
        await conn.execute(self._sql["remember_destruction"], controller_id, case_id)
        return len(await conn.fetch(self._sql["delete_keys"], controller_id, case_id))

    async def rewrap(self, conn: Connection, *, batch_size: int = 500) -> int:
        """Re-wrap every key to the ring's current version; returns how many. Needs a view across controllers.

        A key whose version was retired stays as it is: nobody can open it. On a connection without a transaction each
        batch is committed by itself.
        """
        done, after = 0, _FIRST_ID
        while batch := await self._next_batch(conn, after, batch_size):
            done += await self._rewrap_batch(conn, batch)
            after = batch[-1].key_id
        return done

    async def count_by_version(self, conn: Connection) -> dict[int, int]:
        """How many keys are wrapped for which version: a version that still counts here must not be retired."""
        return {row["ring_version"]: row["keys"] for row in await conn.fetch(self._sql["count_by_version"])}

    def wrap_for_readers(self, key: DataKey) -> tuple[WrappedKeyV1, ...]:
        """Wrap for all readers of the key's purpose; a dead letter's only reader is its own service."""
        readers = READERS.get(key.purpose, (self._ring.service,))
        return tuple(self._wrap_for(reader, key) for reader in readers)

    def _wrap_for(self, reader: Service, key: DataKey) -> WrappedKeyV1:
        return self._ring.wrap_own(key) if reader == self._ring.service else self._public.wrap(key, reader)

    def _is_reader(self, purpose: Purpose) -> bool:
        return self._ring.service in READERS.get(purpose, (self._ring.service,))

    def _examine(self, ours: Iterable[WrappedKeyV1]) -> tuple[list[WrappedKeyV1], dict[UUID, CannotOpen]]:
        taken: list[WrappedKeyV1] = []
        refused: dict[UUID, CannotOpen] = {}
        for wrapped in ours:
            try:
                taken.append(self._checked(wrapped))
            except CannotOpen as error:
                refused[wrapped.key_id] = error
        return taken, refused

    def _checked(self, wrapped: WrappedKeyV1) -> WrappedKeyV1:
        if wrapped.purpose not in ACCEPTED_FROM_OTHERS[self._ring.service]:
            raise CannotOpen(
                f"{self._ring.service} takes no {wrapped.purpose} keys from others, so not this one either"
            )
        key = self._ring.unwrap(wrapped)
        return wrapped if wrapped.ring_version == self._ring.current_version else self._ring.wrap_own(key)

    async def _is_settled(self, conn: Connection, controller_id: str, case_id: UUID, key_ids: list[UUID]) -> bool:
        """Whether refused keys do not matter: we hold them already, or the case is destroyed."""
        rows = await conn.fetch(self._sql["held_keys"], controller_id, case_id, key_ids)
        is_held = {row["key_id"] for row in rows} == set(key_ids)
        return is_held or await self.is_destroyed(conn, controller_id, case_id)

    async def _lock(self, conn: Connection, controller_id: str, case_id: UUID) -> None:
        await conn.execute(self._sql["lock_case"], controller_id, case_id)

    async def _existing(self, conn: Connection, controller_id: str, case_id: UUID, purpose: Purpose) -> DataKey | None:
        row = await conn.fetchrow(self._sql["current_key"], controller_id, case_id, purpose)
        return self._ring.unwrap(self._wrapped(row)) if row else None

    async def _store(self, conn: Connection, controller_id: str, case_id: UUID, key: DataKey) -> DataKey:
        if self._is_reader(key.purpose):
            is_alive = await self._insert(conn, controller_id, [(case_id, self._ring.wrap_own(key))]) > 0
        else:
            is_alive = not await self.is_destroyed(conn, controller_id, case_id)
        if not is_alive:
            raise KeyDestroyed.by_case(case_id)
        return key

    async def _insert(self, conn: Connection, controller_id: str, keys: Sequence[tuple[UUID, WrappedKeyV1]]) -> int:
        """Store keys of living cases; returns how many were new."""
        inserted = await conn.fetch(
            self._sql["insert_keys"],
            controller_id,
            [case_id for case_id, _ in keys],
            [key.key_id for _, key in keys],
            [key.purpose for _, key in keys],
            [key.ring_version for _, key in keys],
            [key.wrapped for _, key in keys],
        )
        return len(inserted)

    async def _next_batch(self, conn: Connection, after: UUID, batch_size: int) -> list[WrappedKeyV1]:
        version = self._ring.current_version
        rows = await conn.fetch(self._sql["lock_keys_of_other_versions"], version, after, batch_size)
        return [self._wrapped(row) for row in rows]

    async def _rewrap_batch(self, conn: Connection, batch: Sequence[WrappedKeyV1]) -> int:
        living = [wrapped for wrapped in batch if wrapped.ring_version in self._ring.versions]
        fresh = [self._ring.wrap_own(self._ring.unwrap(wrapped)) for wrapped in living]
        ids, boxes = [key.key_id for key in fresh], [key.wrapped for key in fresh]
        await conn.execute(self._sql["replace_wrapping"], ids, boxes, self._ring.current_version)
        return len(fresh)

    def _wrapped(self, row: Mapping[str, Any]) -> WrappedKeyV1:
        return WrappedKeyV1.model_construct(
            key_id=row["key_id"],
            purpose=row["purpose"],
            reader=self._ring.service,
            ring_version=row["ring_version"],
            wrapped=row["wrapped"],
        )
