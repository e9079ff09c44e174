"""A case's keys are kept wrapped, reach their readers, and are gone for good once they are destroyed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from dsr_shared.contracts.base import WrappedKeyV1
from dsr_shared.contracts.words import SERVICES, Purpose, Service
from dsr_shared.keyring import KeyRing, PublicKeys, create_key_rings, retire, rotate
from dsr_shared.keys import CaseKeys, KeyDestroyed
from dsr_shared.postgres import Connection, Database
from dsr_shared.sealing import CannotOpen, new_data_key

pytestmark = pytest.mark.connected
HERE, ELSEWHERE = "aamu", "ilta"


@dataclass(frozen=True)
class Keys:
    """Three services' keys on one database, as if each had its own."""

    directory: Path
    database: Database

    def of(self, service: Service) -> CaseKeys:
        return CaseKeys(KeyRing.load(self.directory / f"{service}.keyring.json"), self.public)

    @property
    def public(self) -> PublicKeys:
        return PublicKeys.load(self.directory / "public-keys.json")


@pytest.fixture
async def keys(tmp_path: Path, service_database) -> AsyncIterator[Keys]:  # type: ignore[no-untyped-def]
    create_key_rings(tmp_path)
    described = await service_database("fulfilment", ("dsr_shared",))
    database = await Database.connect(described.app_url)
    yield Keys(tmp_path, database)
    await database.close()


async def stored(conn: Connection, case_id: UUID) -> list[tuple[UUID, str, int]]:
    rows = await conn.fetch("select * from case_keys where case_id = $1 order by key_id", case_id)
    return [(row["key_id"], row["purpose"], row["ring_version"]) for row in rows]


@pytest.mark.parametrize("opens_case", [True, False])
async def test_a_new_key_is_stored_wrapped_and_found_again(keys: Keys, opens_case: bool) -> None:
    ours, case_id = keys.of("intake"), uuid4()
    async with keys.database.transaction(HERE) as conn:
        key = await ours.new(conn, HERE, case_id, "arrival", opens_case=opens_case)
    async with keys.database.transaction(HERE) as conn:
        assert await ours.get(conn, key.key_id) == key
        assert await ours.current(conn, HERE, case_id, "arrival") == key
        row = await conn.fetchrow("select * from case_keys where key_id = $1", key.key_id)
    assert key.secret not in row["wrapped"]


async def test_the_current_key_is_made_once_however_many_ask(keys: Keys) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()

    async def ask() -> UUID:
        async with keys.database.transaction(HERE) as conn:
            return (await ours.current(conn, HERE, case_id, "gathered")).key_id

    assert len(set(await asyncio.gather(*(ask() for _ in range(6))))) == 1


async def test_each_purpose_has_a_key_of_its_own(keys: Keys) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()
    async with keys.database.transaction(HERE) as conn:
        gathered = await ours.current(conn, HERE, case_id, "gathered")
        letter = await ours.current(conn, HERE, case_id, "letter")
    assert gathered.key_id != letter.key_id


@pytest.mark.parametrize(
    ("purpose", "readers"),
    [
        ("arrival", ("intake", "fulfilment")),
        ("gathered", ("fulfilment",)),
        ("letter", ("fulfilment", "notifier")),
        ("dead_letter", ("fulfilment",)),
    ],
)
async def test_an_envelope_carries_the_key_for_its_named_readers_only(
    keys: Keys, purpose: Purpose, readers: tuple[Service, ...]
) -> None:
    wrapped = keys.of("fulfilment").wrap_for_readers(new_data_key(purpose))
    assert tuple(each.reader for each in wrapped) == readers


async def test_a_reader_remembers_its_copy_and_opens_with_it(keys: Keys) -> None:
    intake, fulfilment, case_id = keys.of("intake"), keys.of("fulfilment"), uuid4()
    key = new_data_key("arrival")
    envelope_keys = intake.wrap_for_readers(key)
    async with keys.database.transaction(HERE) as conn:
        await fulfilment.remember(conn, HERE, case_id, envelope_keys)
        await fulfilment.remember(conn, HERE, case_id, envelope_keys)
        assert await fulfilment.get(conn, key.key_id) == key
        assert len(await stored(conn, case_id)) == 1


async def test_copies_for_other_readers_are_not_kept(keys: Keys) -> None:
    async with keys.database.transaction(HERE) as conn:
        await keys.of("notifier").remember(
            conn, HERE, uuid4(), keys.of("intake").wrap_for_readers(new_data_key("arrival"))
        )
        assert await conn.fetchval("select count(*) from case_keys") == 0


@pytest.mark.parametrize("purpose", ["gathered", "letter", "dead_letter"])
async def test_fulfilment_takes_no_key_from_others_that_it_alone_gives(keys: Keys, purpose: Purpose) -> None:
    planted = keys.public.wrap(new_data_key(purpose), "fulfilment")
    async with keys.database.transaction(HERE) as conn:
        with pytest.raises(CannotOpen, match=f"takes no {purpose} keys"):
            await keys.of("fulfilment").remember(conn, HERE, uuid4(), [planted])


async def test_its_own_key_coming_back_is_no_offence(keys: Keys) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()
    async with keys.database.transaction(HERE) as conn:
        key = await ours.new(conn, HERE, case_id, "letter")
        await ours.remember(conn, HERE, case_id, ours.wrap_for_readers(key))
        assert [key_id for key_id, _, _ in await stored(conn, case_id)] == [key.key_id]


async def test_a_copy_that_does_not_open_is_refused_before_it_is_stored(keys: Keys) -> None:
    broken = keys.public.wrap(new_data_key("arrival"), "fulfilment").model_copy(update={"wrapped": bytes(104)})
    async with keys.database.transaction(HERE) as conn:
        with pytest.raises(CannotOpen):
            await keys.of("fulfilment").remember(conn, HERE, uuid4(), [broken])
        assert await conn.fetchval("select count(*) from case_keys") == 0


async def test_destruction_takes_every_key_of_the_case_and_none_of_its_neighbours(keys: Keys) -> None:
    ours, case_id, neighbour = keys.of("fulfilment"), uuid4(), uuid4()
    async with keys.database.transaction(HERE) as conn:
        doomed = [await ours.new(conn, HERE, case_id, purpose) for purpose in ("arrival", "gathered", "letter")]
        living = await ours.new(conn, HERE, neighbour, "gathered")
    async with keys.database.transaction(HERE) as conn:
        assert await ours.destroy(conn, HERE, case_id) == 3
        assert await ours.destroy(conn, HERE, case_id) == 0
    async with keys.database.transaction(HERE) as conn:
        assert await ours.is_destroyed(conn, HERE, case_id)
        assert not await ours.is_destroyed(conn, HERE, neighbour)
        assert await ours.get(conn, living.key_id) == living
        for key in doomed:
            with pytest.raises(KeyDestroyed, match=str(key.key_id)):
                await ours.get(conn, key.key_id)


@pytest.mark.parametrize("opens_case", [True, False])
async def test_a_destroyed_case_gets_no_new_keys(keys: Keys, opens_case: bool) -> None:
    ours, case_id = keys.of("notifier"), uuid4()
    async with keys.database.transaction(HERE) as conn:
        await ours.destroy(conn, HERE, case_id)
        with pytest.raises(KeyDestroyed, match=str(case_id)):
            await ours.new(conn, HERE, case_id, "letter", opens_case=opens_case)
        with pytest.raises(KeyDestroyed):
            await ours.current(conn, HERE, case_id, "letter")
        with pytest.raises(KeyDestroyed):
            await ours.new(conn, HERE, case_id, "arrival")
        await ours.remember(conn, HERE, case_id, [keys.public.wrap(new_data_key("letter"), "notifier")])
        assert await stored(conn, case_id) == []


@pytest.mark.parametrize("way", ["new", "remember"])
async def test_no_key_slips_in_beside_a_destruction(keys: Keys, way: str) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()
    copy = keys.public.wrap(new_data_key("arrival"), "fulfilment")

    async def store(key: WrappedKeyV1) -> None:
        async with keys.database.transaction(HERE) as conn:
            if way == "remember":
                await ours.remember(conn, HERE, case_id, [key])
            else:
                await ours.new(conn, HERE, case_id, "gathered")

    async with keys.database.transaction(HERE) as conn:
        await ours.destroy(conn, HERE, case_id)
        late = asyncio.create_task(store(copy))
        await wait_until_blocked(keys.database)
    results = await asyncio.gather(late, return_exceptions=True)
    assert (way == "remember") == (results == [None])
    async with keys.database.transaction(HERE) as conn:
        assert await stored(conn, case_id) == []


async def test_a_destruction_waits_for_a_key_that_is_being_made_and_takes_it_too(keys: Keys) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()

    async def destroy() -> int:
        async with keys.database.transaction(HERE) as conn:
            return await ours.destroy(conn, HERE, case_id)

    async with keys.database.transaction(HERE) as conn:
        await ours.new(conn, HERE, case_id, "gathered")
        destruction = asyncio.create_task(destroy())
        await wait_until_blocked(keys.database)
    assert await destruction == 1


async def wait_until_blocked(database: Database, deadline_seconds: float = 5) -> None:
    """Return once some transaction waits for an advisory lock."""
    waiting = "select exists (select 1 from pg_locks where locktype = 'advisory' and not granted)"
    async with asyncio.timeout(deadline_seconds), database.across_controllers() as conn:
        while not await conn.fetchval(waiting):
            await conn.fetchval("select pg_sleep(0.01)")


async def test_another_controller_sees_neither_keys_nor_destructions(keys: Keys) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()
    async with keys.database.transaction(HERE) as conn:
        key = await ours.new(conn, HERE, case_id, "gathered")
    async with keys.database.transaction(ELSEWHERE) as conn:
        with pytest.raises(KeyDestroyed):
            await ours.get(conn, key.key_id)
        assert await ours.destroy(conn, ELSEWHERE, case_id) == 0
    async with keys.database.transaction(HERE) as conn:
        assert await ours.get(conn, key.key_id) == key
        assert not await ours.is_destroyed(conn, HERE, case_id)


async def test_rewrapping_moves_every_living_key_to_the_new_version(keys: Keys) -> None:
    ours = keys.of("fulfilment")
    made = []
    for controller in (HERE, ELSEWHERE):
        async with keys.database.transaction(controller) as conn:
            made += [(controller, await ours.new(conn, controller, uuid4(), "gathered")) for _ in range(4)]
    rotate(keys.directory)
    async with keys.database.across_controllers() as conn:
        assert await ours.count_by_version(conn) == {1: 8}
        assert await ours.rewrap(conn, batch_size=3) == 8
        assert await ours.count_by_version(conn) == {2: 8}
        assert await ours.rewrap(conn) == 0
    retire(keys.directory, 1)
    for controller, key in made:
        async with keys.database.transaction(controller) as conn:
            assert await ours.get(conn, key.key_id) == key


async def test_a_key_forgotten_before_its_version_was_retired_stays_shut_and_stops_nobody(keys: Keys) -> None:
    ours = keys.of("fulfilment")
    async with keys.database.transaction(HERE) as conn:
        forgotten = await ours.new(conn, HERE, uuid4(), "gathered")
    rotate(keys.directory)
    retire(keys.directory, 1)
    rotate(keys.directory)
    async with keys.database.across_controllers() as conn:
        await ours.new(conn, HERE, uuid4(), "gathered")
        assert await ours.rewrap(conn) == 0
        with pytest.raises(CannotOpen, match="version 1"):
            await ours.get(conn, forgotten.key_id)


async def test_a_replayed_envelope_whose_version_was_retired_does_no_harm_to_a_key_we_hold(keys: Keys) -> None:
    old, fresh = new_data_key("arrival"), new_data_key("arrival")
    ours, case_id = keys.of("fulfilment"), uuid4()
    replayed = keys.of("intake").wrap_for_readers(old)
    async with keys.database.across_controllers() as conn:
        await ours.remember(conn, HERE, case_id, replayed)
        rotate(keys.directory)
        await ours.rewrap(conn)
        retire(keys.directory, 1)
        await ours.remember(conn, HERE, case_id, [*replayed, *keys.of("intake").wrap_for_readers(fresh)])
        assert {key_id for key_id, _, _ in await stored(conn, case_id)} == {old.key_id, fresh.key_id}
        with pytest.raises(CannotOpen, match="version 1"):
            await ours.remember(conn, HERE, uuid4(), replayed)


async def test_a_destroyed_case_takes_even_a_bad_copy_in_silence(keys: Keys) -> None:
    ours, case_id = keys.of("fulfilment"), uuid4()
    broken = keys.public.wrap(new_data_key("arrival"), "fulfilment").model_copy(update={"wrapped": bytes(104)})
    async with keys.database.transaction(HERE) as conn:
        await ours.destroy(conn, HERE, case_id)
        await ours.remember(conn, HERE, case_id, [broken])
        assert await stored(conn, case_id) == []


async def test_a_late_envelope_with_an_old_wrapping_is_stored_under_the_new_version(keys: Keys) -> None:
    late = keys.of("intake").wrap_for_readers(new_data_key("arrival"))
    rotate(keys.directory)
    ours, case_id = keys.of("fulfilment"), uuid4()
    async with keys.database.transaction(HERE) as conn:
        await ours.remember(conn, HERE, case_id, late)
        assert [version for _, _, version in await stored(conn, case_id)] == [2]


async def test_a_dump_made_before_the_destruction_opens_nothing_once_the_version_is_retired(keys: Keys) -> None:
    dumped = {}
    for service in SERVICES:
        case_id = uuid4()
        async with keys.database.transaction(HERE) as conn:
            await keys.of(service).new(conn, HERE, case_id, "dead_letter")
            rows = await conn.fetch("select * from case_keys where case_id = $1", case_id)
            dumped[service] = [
                WrappedKeyV1.model_construct(
                    reader=service, **{k: v for k, v in row.items() if k in WrappedKeyV1.model_fields}
                )
                for row in rows
            ]
            assert await keys.of(service).destroy(conn, HERE, case_id) == len(rows)
    rotate(keys.directory)
    retire(keys.directory, 1)
    for service, copies in dumped.items():
        ring = KeyRing.load(keys.directory / f"{service}.keyring.json")
        for copy in copies:
            with pytest.raises(CannotOpen, match="retired"):
                ring.unwrap(copy)
