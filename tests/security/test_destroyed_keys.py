"""After a case's key is destroyed and the wrapping keys of its time are retired, nothing on disk opens any more.

Everything is tried: whatever could be a wrapped key, in the broker's log, the databases' heap and write-ahead log, a
dump and a copy of the packages made before the destruction, and the parked rows, against every private key left.
"""

import asyncio
import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from aiokafka import AIOKafkaProducer
from tests.faults.town import CONTROLLER, SERVICES, Town
from tests.security.boxes import Boxes, all_pairs, sealed_fields
from tests.security.conftest import Journey, Marked
from uuid6 import uuid7

from dsr_shared.contracts.base import SealedV1
from dsr_shared.sealing import CannotOpen, DataKey, SealContext, open_sealed, open_with_token
from dsr_shared.testing import wait_until
from kuukausi.stack.passwords import Passwords
from kuukausi.stack.ports import LOOPBACK
from kuukausi.stack.postgres import _programs

pytestmark = pytest.mark.connected


@dataclass(frozen=True)
class Disk:
    """What lay in every place after the destruction, the keys that opened from it, and whose keys there were before."""

    boxes: Boxes
    opened: dict[UUID, bytes]
    packages: Path
    keys_of_victim: frozenset[UUID]
    keys_of_neighbour: frozenset[UUID]


@pytest.fixture(scope="module")
def disk(journey: Journey, tmp_path_factory: pytest.TempPathFactory) -> Disk:
    """A backup is made and an event of the victim parked; then its keys are destroyed as an operator does it."""
    town, backup = journey.town, tmp_path_factory.mktemp("backup")
    asyncio.run(_park_an_event(town, journey.victim.case_id))
    for service in SERVICES:
        _dump(town, service, backup / f"{service}.sql")
    shutil.copytree(town.layout.blobs, backup / "blobs")
    asyncio.run(_checkpoint(town))
    places = (town.layout.kafka / "log", town.layout.postgres, town.layout.blobs, backup)
    victims, neighbours = (asyncio.run(_keys_of(town, one.case_id)) for one in (journey.victim, journey.neighbour))
    on_bus, in_database, in_backup = (
        Boxes().collect(place).opened_by(all_pairs(town.layout.keys)).keys() for place in (places[0], places[1], backup)
    )
    for keys in (victims, neighbours):
        assert keys & on_bus, "before, keys open from the broker's log: those that others read"
        assert keys <= in_database, "and all of them from the database's own files"
        assert keys <= in_backup
    _destroy(journey)
    asyncio.run(_checkpoint(town))
    boxes = Boxes().collect(*places)
    return Disk(boxes, boxes.opened_by(all_pairs(town.layout.keys)), backup / "blobs", victims, neighbours)


def _destroy(journey: Journey) -> None:
    done = journey.kuukausi("case", "destroy-key", journey.victim.reference, "--reason", "retention ended", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert sorted(said["confirmed"]) == sorted(SERVICES)
    assert said["is_whole"]
    assert journey.kuukausi("keys", "rotate").returncode == 0
    too_early = journey.kuukausi("keys", "retire", "1")
    assert too_early.returncode == 1
    assert "30 days" in too_early.stderr
    retired = journey.kuukausi("keys", "retire", "1", "--sooner")
    assert retired.returncode == 0, retired.stderr
    assert "1 destroyed cases" in retired.stdout


def test_no_key_of_the_victim_opens_from_any_file_with_the_whole_key_ring(disk: Disk) -> None:
    assert not disk.keys_of_victim & disk.opened.keys()
    assert disk.keys_of_neighbour <= disk.opened.keys(), "the neighbour's still do: re-wrapped in use"


def test_every_sealed_field_of_the_neighbour_opens_and_none_of_the_victim(journey: Journey, disk: Disk) -> None:
    """Really decrypted, field by field, as the events on the broker's disk and in the dump hold them."""
    read = {
        one.case_id: _opened_fields(disk.boxes, disk.opened, one.case_id) for one in (journey.victim, journey.neighbour)
    }
    of_victim, of_neighbour = read[journey.victim.case_id], read[journey.neighbour.case_id]
    assert len(of_victim) >= 4
    assert not any(of_victim)
    assert len(of_neighbour) >= 4
    assert all(of_neighbour)
    assert any(journey.neighbour.mark.encode() in text for text in of_neighbour if text)


def test_the_neighbours_package_opens_by_its_letter_and_the_victims_by_nothing_on_disk(
    journey: Journey, disk: Disk
) -> None:
    """The link's token lies sealed in the letter alone: who opens the letter's event opens the package."""
    assert _package_opens(disk, journey.neighbour)
    assert not _package_opens(disk, journey.victim)


async def test_the_evidence_says_so_and_outlives_the_keys(journey: Journey, disk: Disk) -> None:
    query = "select kind, facts from evidence where case_id = $1 order by position"
    entries = await journey.town.rows("fulfilment", query, journey.victim.case_id)
    kinds = [row["kind"] for row in entries]
    confirmed = {json.loads(row["facts"])["service"] for row in entries if row["kind"] == "key_destroyed"}
    assert confirmed == set(SERVICES)
    assert kinds.index("key_destroyed") < kinds.index("irrecoverable")
    for service in SERVICES:
        query = "select count(*) from case_keys where case_id = $1"
        assert await journey.town.value(service, query, journey.victim.case_id) == 0
        query = "select count(*) from destroyed_cases where case_id = $1"
        assert await journey.town.value(service, query, journey.victim.case_id) == 1


def _opened_fields(boxes: Boxes, opened: dict[UUID, bytes], case_id: UUID) -> list[bytes | None]:
    texts: list[bytes | None] = []
    for envelope in boxes.envelopes.values():
        if envelope["case_id"] != str(case_id):
            continue
        for name, key_id, ciphertext in sealed_fields(envelope["data"]):
            context = SealContext(UUID(envelope["event_id"]), envelope["type"], case_id, name)
            texts.append(_open_with_any(opened, UUID(key_id), ciphertext, context))
    return texts


def _open_with_any(opened: dict[UUID, bytes], key_id: UUID, ciphertext: bytes, context: SealContext) -> bytes | None:
    """By its own key where that opened; else every key that opened is tried on it all the same."""
    sealed = SealedV1.model_construct(key_id=key_id, ciphertext=ciphertext)
    candidates = [opened[key_id]] if key_id in opened else list(opened.values())
    for secret in candidates:
        try:
            return open_sealed(DataKey(key_id, "letter", secret), sealed, context)
        except CannotOpen:
            continue
    return None


def _package_opens(disk: Disk, one: Marked) -> bool:
    ready = [
        envelope
        for envelope in disk.boxes.envelopes.values()
        if envelope["type"] == "package_ready" and envelope["case_id"] == str(one.case_id)
    ]
    assert ready, "the broker's log still names the package"
    package = ready[0]["data"]
    content = (disk.packages / package["blob"]["name"]).read_bytes()
    context = SealContext(UUID(package["package_id"]), "package", one.case_id, "zip")
    for text in _opened_fields(disk.boxes, disk.opened, one.case_id):
        is_document = text is not None and text.startswith(b"{")  # a reply's token is sealed as it is
        link = json.loads(text).get("link") if text and is_document else None
        if link and "/package/" in link:
            return open_with_token(link.split("?")[0].rsplit("/", 1)[1], content, context).startswith(b"PK")
    return False


async def _keys_of(town: Town, case_id: UUID) -> frozenset[UUID]:
    rows = [row for service in SERVICES for row in await town.rows(service, _KEYS, case_id)]
    return frozenset(row["key_id"] for row in rows)


_KEYS = "select key_id from case_keys where case_id = $1"


async def _checkpoint(town: Town) -> None:
    async with town.database("postgres") as connection:
        await connection.execute("checkpoint")


def _dump(town: Town, service: str, path: Path) -> None:
    command = [str(_programs() / "pg_dump"), "--dbname", town.admin_url(service), "--file", str(path)]
    subprocess.run(command, check=True, capture_output=True)


async def _park_an_event(town: Town, case_id: UUID) -> None:
    """A copy of the victim's request with a later place in its stream: it waits for one that never comes."""
    payload = await town.value(
        "intake", "select payload from outbox where case_id = $1 and event_type = 'request_received'", case_id
    )
    envelope = {**json.loads(payload), "event_id": str(uuid7()), "sequence": 50}
    producer = AIOKafkaProducer(
        bootstrap_servers=f"{LOOPBACK}:{town.ports['kafka']}",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username="intake",
        sasl_plain_password=Passwords.load(town.layout.passwords).kafka["intake"],
    )
    await producer.start()
    try:
        await producer.send_and_wait("requests.v1", json.dumps(envelope).encode(), key=case_id.bytes)
    finally:
        await producer.stop()

    async def is_parked() -> bool:
        query = "select count(*) = 1 from parked_events where controller_id = $1 and case_id = $2"
        return bool(await town.value("fulfilment", query, CONTROLLER, case_id))

    await wait_until(is_parked, 60, "the parked event")
