"""Intake is the part that the public reaches. Whoever took it over has its credentials, and can do only intake's part.

Embedded services run under one account of the machine, so what is shown here are the broker's, the database's and the
keys' own limits; file permissions between services are what the containers add.
"""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import TopicAuthorizationFailedError
from tests.faults.town import CONTROLLER, Town
from tests.security.conftest import Journey
from uuid6 import uuid7

from dsr_shared.contracts.base import BlobRefV1, SealedV1, WrappedKeyV1
from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.registry import WRITERS
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import CannotOpen, SealContext, open_with_token
from dsr_shared.testing import wait_until
from kuukausi.stack.ports import LOOPBACK

pytestmark = pytest.mark.connected


@asynccontextmanager
async def _as_intake(town: Town) -> AsyncIterator[AIOKafkaProducer]:
    """A producer with the user and password that intake's own secrets hold."""
    producer = AIOKafkaProducer(
        bootstrap_servers=f"{LOOPBACK}:{town.ports['kafka']}",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username="intake",
        sasl_plain_password=(town.layout.secrets_of("intake") / "kafka_password").read_text(),
        request_timeout_ms=10_000,
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@pytest.mark.parametrize("topic", sorted(topic for topic, writers in WRITERS.items() if "intake" not in writers))
async def test_the_broker_takes_no_letter_case_delivery_or_register_from_intake(journey: Journey, topic: str) -> None:
    async with _as_intake(journey.town) as producer:
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait(topic, b"{}", key=uuid4().bytes)


async def test_a_destruction_told_on_intakes_own_topic_destroys_nothing(journey: Journey) -> None:
    """Neither under its own name nor as fulfilment: the topic does not carry it, so it is set aside for a person."""
    town, case_id = journey.town, journey.neighbour.case_id
    before = await town.value("fulfilment", "select count(*) from case_keys where case_id = $1", case_id)
    aside = await town.value("fulfilment", "select count(*) from dead_letters")
    query = "select last_sequence + 1 from inbox_streams where case_id = $1 and topic = 'requests.v1'"
    sequence = await town.value("fulfilment", query, case_id)
    async with _as_intake(town) as producer:
        for name in ("fulfilment", "intake"):
            await producer.send_and_wait("requests.v1", _forged(case_id, name, sequence), key=case_id.bytes)

    async def both_are_aside() -> bool:
        return bool(await town.value("fulfilment", "select count(*) >= $1 from dead_letters", aside + 2))

    await wait_until(both_are_aside, 60, "both forgeries among the dead letters")
    assert await town.value("fulfilment", "select count(*) from case_keys where case_id = $1", case_id) >= before > 0
    assert not await town.value("fulfilment", "select count(*) from destroyed_cases where case_id = $1", case_id)
    assert not await town.value("notifier", "select count(*) from destroyed_cases where case_id = $1", case_id)


def _forged(case_id: UUID, producer: str, sequence: int) -> bytes:
    event = CaseKeyDestroyedV1.model_validate({"destroyed_at": "2026-11-22T10:00:00Z"})
    envelope = {
        "event_id": str(uuid7()),
        "type": event.TYPE,
        "version": 1,
        "controller_id": CONTROLLER,
        "case_id": str(case_id),
        "sequence": sequence,
        "occurred_at": "2026-11-22T10:00:00Z",
        "producer": producer,
        "correlation_id": str(uuid7()),
        "data": event.model_dump(mode="json"),
    }
    return json.dumps(envelope).encode()


def test_what_was_set_aside_is_listed_cannot_be_replayed_into_effect_and_is_let_go(journey: Journey) -> None:
    """The forgeries above, handled as a person would on the command line."""
    listed = journey.kuukausi("dead-letters", "list", "--json")
    letters = [json.loads(line) for line in listed.stdout.splitlines()]
    assert {letter["reason"] for letter in letters} == {"unknown_type", "wrong_producer"}
    for letter in letters:
        replayed = journey.kuukausi("dead-letters", "replay", letter["dead_letter_id"])
        assert replayed.returncode == 1
        assert "still cannot be taken" in replayed.stderr
        discarded = journey.kuukausi("dead-letters", "discard", letter["dead_letter_id"], "--because", "forged")
        assert discarded.returncode == 0, discarded.stderr
    assert journey.kuukausi("dead-letters", "list").stdout == "No dead letters.\n"


@pytest.mark.parametrize("database", ["fulfilment", "notifier", "people"])
async def test_intakes_database_role_enters_no_other_database(journey: Journey, database: str) -> None:
    url = (journey.town.layout.secrets_of("intake") / "database_url").read_text()
    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidCatalogNameError)):
        await asyncpg.connect(url.rsplit("/", 1)[0] + f"/{database}", timeout=10)


async def test_intakes_role_is_no_owner_and_passes_no_row_security(journey: Journey) -> None:
    url = (journey.town.layout.secrets_of("intake") / "database_url").read_text()
    connection = await asyncpg.connect(url, timeout=10)
    try:
        assert await connection.fetchval("select count(*) from cases") == 0, "no controller was named"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("alter table cases disable row level security")
    finally:
        await connection.close()


async def test_no_key_of_letters_or_of_gathered_data_opens_with_intakes_ring(journey: Journey) -> None:
    """Also where the taken-over service got hold of the others' rows and of everything on the bus."""
    town, ring = journey.town, _ring(journey.town)
    case_id = journey.neighbour.case_id
    rows: list[Any] = []
    for service in ("fulfilment", "notifier"):
        query = "select key_id, purpose, ring_version, wrapped from case_keys where case_id = $1"
        rows += [(service, row) for row in await town.rows(service, query, case_id)]
    assert {row["purpose"] for _, row in rows} >= {"arrival", "letter"}
    for service, row in rows:
        for reader in (service, "intake"):
            wrapped = WrappedKeyV1.model_construct(**dict(row), reader=reader)
            with pytest.raises(CannotOpen):
                ring.unwrap(wrapped)


async def test_what_is_gathered_or_written_in_letters_is_sealed_with_keys_that_intake_lacks(
    journey: Journey,
) -> None:
    town, case_id = journey.town, journey.neighbour.case_id
    own = {
        row["key_id"] for row in await town.rows("intake", "select key_id from case_keys where case_id = $1", case_id)
    }
    assert own, "intake keeps the key of what arrived"
    letters = await town.rows("fulfilment", "select payload from outbox where topic = 'letters.v1'")
    contents = [json.loads(row["payload"]) for row in letters]
    used = {UUID(one["data"]["content"]["key_id"]) for one in contents if one["case_id"] == str(case_id)}
    query = "select letter_address_sealed from cases where case_id = $1"
    address = SealedV1.model_validate_json(await town.value("fulfilment", query, case_id))
    assert used
    assert not (used | {address.key_id}) & own
    readers = {key["reader"] for one in contents for key in one["keys"]}
    assert readers == {"fulfilment", "notifier"}


async def test_a_package_that_lies_in_the_blob_store_opens_with_nothing_that_intake_holds(journey: Journey) -> None:
    """Intake reaches the bytes and has the hash of the link's token; neither that nor any key of its opens them."""
    town = journey.town
    query = "select package_id, case_id, token_hash, blob from packages where case_id = $1"
    (package,) = await town.rows("intake", query, journey.neighbour.case_id)
    blob = BlobRefV1.model_validate_json(package["blob"])
    content = (town.layout.blobs / blob.name).read_bytes()
    context = SealContext(package["package_id"], "package", package["case_id"], "zip")
    assert open_with_token(journey.neighbour.tokens[-1], content, context).startswith(b"PK"), "the link's holder can"
    ring = _ring(town)
    held = [bytes.fromhex(package["token_hash"]), ring.derive_key("intake form state")]
    keys = await town.rows("intake", "select key_id, purpose, ring_version, wrapped from case_keys")
    held += [ring.unwrap(WrappedKeyV1.model_construct(**dict(row), reader="intake")).secret for row in keys]
    for secret in held:
        token = urlsafe_b64encode(secret).rstrip(b"=").decode()
        with pytest.raises(CannotOpen):
            open_with_token(token, content, context)


def _ring(town: Town) -> KeyRing:
    return KeyRing.load(town.layout.keys / "intake.keyring.json")
