"""A ring opens what was wrapped for it, compares what was hashed by it, and shows nothing."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsr_shared.contracts.base import WrappedKeyV1
from dsr_shared.contracts.words import SERVICES, Purpose, Service
from dsr_shared.keyring import KeyRing, PublicKeys, create_key_rings, retire, rotate
from dsr_shared.sealing import CannotOpen, DataKey, data_key, new_data_key

PURPOSES = st.sampled_from(["arrival", "gathered", "letter", "dead_letter"])
reusing = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    create_key_rings(tmp_path)
    return tmp_path


def ring_of(service: Service, directory: Path) -> KeyRing:
    return KeyRing.load(directory / f"{service}.keyring.json")


def public_of(directory: Path) -> PublicKeys:
    return PublicKeys.load(directory / "public-keys.json")


@reusing
@given(secret=st.binary(min_size=32, max_size=32), purpose=PURPOSES, reader=st.sampled_from(SERVICES))
def test_the_reader_and_nobody_else_unwraps(directory: Path, secret: bytes, purpose: Purpose, reader: Service) -> None:
    key = data_key(purpose, secret)
    wrapped = WrappedKeyV1.model_validate_json(public_of(directory).wrap(key, reader).model_dump_json())
    for service in SERVICES:
        if service == reader:
            assert ring_of(service, directory).unwrap(wrapped) == key
        else:
            with pytest.raises(CannotOpen):
                ring_of(service, directory).unwrap(wrapped)
            with pytest.raises(CannotOpen):
                ring_of(service, directory).unwrap(wrapped.model_copy(update={"reader": service}))


@reusing
@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_a_changed_wrapping_does_not_unwrap(directory: Path, place: int, flip: int) -> None:
    wrapped = public_of(directory).wrap(new_data_key("arrival"), "intake")
    changed = bytearray(wrapped.wrapped)
    changed[place % len(changed)] ^= flip
    with pytest.raises(CannotOpen):
        ring_of("intake", directory).unwrap(wrapped.model_copy(update={"wrapped": bytes(changed)}))


def test_a_key_that_was_exchanged_on_its_way_is_refused(directory: Path) -> None:
    known = new_data_key("letter")
    wrapped = public_of(directory).wrap(new_data_key("letter"), "notifier")
    planted = public_of(directory).wrap(known, "notifier").model_copy(update={"key_id": wrapped.key_id})
    with pytest.raises(CannotOpen, match="exchanged"):
        ring_of("notifier", directory).unwrap(planted)


def test_a_key_cannot_be_given_another_purpose(directory: Path) -> None:
    wrapped = public_of(directory).wrap(new_data_key("arrival"), "fulfilment")
    with pytest.raises(CannotOpen, match="purpose"):
        ring_of("fulfilment", directory).unwrap(wrapped.model_copy(update={"purpose": "gathered"}))


def test_a_key_made_by_hand_with_a_foreign_id_is_refused(directory: Path) -> None:
    made = DataKey(new_data_key("arrival").key_id, "arrival", bytes(32))
    with pytest.raises(CannotOpen):
        ring_of("intake", directory).unwrap(public_of(directory).wrap(made, "intake"))


def test_after_a_rotation_old_and_new_wrappings_open(directory: Path) -> None:
    ring, public, key = ring_of("intake", directory), public_of(directory), new_data_key("arrival")
    before = public.wrap(key, "intake")
    assert rotate(directory) == 2
    after = public.wrap(key, "intake")
    assert (before.ring_version, after.ring_version, ring.current_version) == (1, 2, 2)
    assert ring.unwrap(before) == ring.unwrap(after) == key


def test_a_running_service_loses_a_retired_version_at_once(directory: Path) -> None:
    ring, public, key = ring_of("intake", directory), public_of(directory), new_data_key("arrival")
    before = public.wrap(key, "intake")
    rotate(directory)
    after = public.wrap(key, "intake")
    retire(directory, 1)
    with pytest.raises(CannotOpen, match="version 1"):
        ring.unwrap(before)
    assert ring.unwrap(after) == key
    assert ring.versions == (2,)


def test_hashes_and_signatures_outlive_a_rotation(directory: Path) -> None:
    ring = ring_of("fulfilment", directory)
    hashed, signature = ring.mac("address", "a@example.fi"), ring.sign(b"head")
    rotate(directory)
    retire(directory, 1)
    fresh = ring_of("fulfilment", directory)
    assert fresh.mac("address", "a@example.fi") == hashed
    assert fresh.verify(b"head", signature)


@pytest.mark.parametrize("other", ["  Äiti@Example.FI ", "a\u0308iti@example.fi", "ÄITI@EXAMPLE.FI"])
def test_a_keyed_hash_knows_an_address_however_it_is_written(directory: Path, other: str) -> None:
    ring = ring_of("fulfilment", directory)
    assert ring.mac("address", other) == ring.mac("address", "äiti@example.fi")


def test_keyed_hashes_of_two_domains_or_two_services_cannot_be_compared(directory: Path) -> None:
    ring = ring_of("fulfilment", directory)
    text = "a@example.fi"
    hashes = {
        ring.mac("address", text),
        ring.mac("ledger", text),
        ring.mac_bytes("address", text.encode()),
        ring.derive_key("address").hex(),
        ring_of("intake", directory).mac("address", text),
        ring.mac("addressa", text[1:]),
    }
    assert len(hashes) == 6
    assert all(len(value) == 64 for value in hashes)


def test_the_exact_hash_sees_every_byte(directory: Path) -> None:
    ring = ring_of("fulfilment", directory)
    assert ring.mac_bytes("evidence", b"Kept") != ring.mac_bytes("evidence", b"kept")
    assert ring.mac_bytes("evidence", b"kept") == ring_of("fulfilment", directory).mac_bytes("evidence", b"kept")


def test_a_signature_holds_for_its_bytes_and_its_service_only(directory: Path) -> None:
    ring, public = ring_of("fulfilment", directory), public_of(directory)
    signature = ring.sign(b"head 1")
    assert ring.verify(b"head 1", signature)
    assert public.verify("fulfilment", b"head 1", signature)
    assert not ring.verify(b"head 2", signature)
    assert not public.verify("intake", b"head 1", signature)
    assert not ring.verify(b"head 1", b"too short")


def test_a_ring_shows_service_and_version_and_nothing_else(directory: Path) -> None:
    assert repr(ring_of("notifier", directory)) == "KeyRing(notifier, version 1)"
