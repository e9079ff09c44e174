"""A key file that is missing, open to others or broken is refused with a remedy; changes are whole or not at all."""

import json
from pathlib import Path

import pytest

from dsr_shared import keyring_changes
from dsr_shared.keyring import (
    KeyRing,
    KeyRingError,
    KeyRingExposed,
    KeyRingMalformed,
    KeyRingMissing,
    PublicKeys,
    create_key_rings,
    retire,
    rotate,
)
from dsr_shared.sealing import new_data_key


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    create_key_rings(tmp_path)
    return tmp_path


def test_each_service_gets_a_ring_for_its_eyes_and_all_get_the_public_keys(directory: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in directory.iterdir()}
    assert modes == {
        "intake.keyring.json": 0o600,
        "fulfilment.keyring.json": 0o600,
        "notifier.keyring.json": 0o600,
        "public-keys.json": 0o644,
    }


def test_the_public_file_holds_no_private_key(directory: Path) -> None:
    public = (directory / "public-keys.json").read_text()
    for service in ("intake", "fulfilment", "notifier"):
        ring = json.loads((directory / f"{service}.keyring.json").read_text())
        secrets = [ring["mac_key"], ring["signing_key"], *(version["private_key"] for version in ring["versions"])]
        assert not any(secret in public for secret in secrets)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620, 0o601])
def test_a_ring_that_others_can_reach_is_refused_with_the_command_that_mends_it(directory: Path, mode: int) -> None:
    path = directory / "intake.keyring.json"
    path.chmod(mode)
    with pytest.raises(KeyRingExposed, match=f"chmod 600 {path}"):
        KeyRing.load(path)


def test_a_ring_that_became_reachable_while_the_service_ran_is_seen_when_it_is_replaced(directory: Path) -> None:
    path = directory / "intake.keyring.json"
    ring = KeyRing.load(path)
    other = directory / "copy"
    other.write_bytes(path.read_bytes())
    other.chmod(0o644)
    other.replace(path)
    with pytest.raises(KeyRingExposed):
        ring.mac("address", "a@example.fi")


def test_public_keys_that_others_can_change_are_refused(directory: Path) -> None:
    path = directory / "public-keys.json"
    path.chmod(0o666)
    with pytest.raises(KeyRingExposed, match="chmod 644"):
        PublicKeys.load(path)


def test_a_missing_ring_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(KeyRingMissing, match=r"nowhere\.json.*restore it"):
        KeyRing.load(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "not json",
        lambda ring: json.dumps([ring]),
        lambda ring: json.dumps(ring | {"format": 2}),
        lambda ring: json.dumps(ring | {"service": "postman"}),
        lambda ring: json.dumps(ring | {"mac_key": "c2hvcnQ="}),
        lambda ring: json.dumps(ring | {"mac_key": "%%%"}),
        lambda ring: json.dumps(ring | {"mac_key": 5}),
        lambda ring: json.dumps(ring | {"versions": []}),
        lambda ring: json.dumps(ring | {"versions": ring["versions"] * 2}),
        lambda ring: json.dumps({name: value for name, value in ring.items() if name != "signing_key"}),
    ],
)
def test_a_malformed_ring_is_refused_without_quoting_it(directory: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    path = directory / "intake.keyring.json"
    ring = json.loads(path.read_text())
    path.write_text(spoil(ring))
    with pytest.raises(KeyRingMalformed, match=r"intake\.keyring\.json") as caught:
        KeyRing.load(path)
    assert not any(secret in str(caught.value) for secret in (ring["mac_key"], ring["versions"][0]["private_key"]))


def test_existing_rings_are_never_overwritten(directory: Path) -> None:
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    with pytest.raises(KeyRingError, match="rotate"):
        create_key_rings(directory)
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


def test_the_current_version_cannot_be_retired(directory: Path) -> None:
    with pytest.raises(KeyRingError, match="rotate first"):
        retire(directory, 1)


def test_an_unknown_version_cannot_be_retired(directory: Path) -> None:
    with pytest.raises(KeyRingError, match=r"no ring .* has version 7"):
        retire(directory, 7)


def test_a_retired_key_is_in_no_file_any_more(directory: Path) -> None:
    old = json.loads((directory / "intake.keyring.json").read_text())["versions"][0]["private_key"]
    rotate(directory)
    retire(directory, 1)
    assert not any(old in path.read_text() for path in directory.iterdir())


def test_a_rotation_cut_off_half_way_is_finished_by_the_next(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    public, key = PublicKeys.load(directory / "public-keys.json"), new_data_key("letter")
    wrapped = {service: public.wrap(key, service) for service in ("intake", "fulfilment", "notifier")}
    with monkeypatch.context() as patched:
        patched.setattr(keyring_changes, "_write", _fail_at_the_second(keyring_changes._write))
        with pytest.raises(OSError, match="power"):
            rotate(directory)
    rings = {service: KeyRing.load(directory / f"{service}.keyring.json") for service in wrapped}
    assert [ring.current_version for ring in rings.values()] == [2, 1, 1]
    assert all(rings[service].unwrap(wrapped[service]) == key for service in wrapped)
    assert rotate(directory) == 3
    assert all(rings[service].unwrap(public.wrap(key, service)) == key for service in wrapped)
    retire(directory, 2)
    retire(directory, 1)
    assert {ring.versions for ring in rings.values()} == {(3,)}


def _fail_at_the_second(write):  # type: ignore[no-untyped-def]
    calls = iter(range(9))

    def failing(*args, **kwargs):  # type: ignore[no-untyped-def]
        if next(calls):
            raise OSError("power cut")
        write(*args, **kwargs)

    return failing


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr(keyring_changes.os, "fsync", _no_disk)
        with pytest.raises(OSError, match="disk"):
            rotate(directory)
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


def _no_disk(descriptor: int) -> None:
    raise OSError("disk full")
