"""A blob comes back as it was stored, or the store says what is wrong with it."""

from pathlib import Path
from uuid import uuid4

import pytest

from dsr_shared.blobs import BlobDamaged, BlobMissing, DirectoryBlobStore, StoredBlob
from dsr_shared.contracts.base import BlobRefV1


async def test_a_stored_blob_comes_back(tmp_path: Path) -> None:
    blob = await DirectoryBlobStore(tmp_path).put("arrivals", b"sealed")
    again = DirectoryBlobStore(tmp_path)
    assert await again.get(blob) == await again.get(blob.name) == b"sealed"


async def test_what_put_returns_is_what_an_event_carries(tmp_path: Path) -> None:
    store = DirectoryBlobStore(tmp_path)
    name, length, sha256 = await store.put("packages", b"sealed")
    assert await store.get(BlobRefV1(name=name, length=length, sha256=sha256)) == b"sealed"
    assert name.startswith("packages/")


async def test_an_empty_blob_is_a_blob(tmp_path: Path) -> None:
    store = DirectoryBlobStore(tmp_path)
    assert await store.get(await store.put("arrivals", b"")) == b""


@pytest.mark.parametrize("damage", [b"", b"sealeD", b"sealed and more"])
async def test_damage_is_seen(tmp_path: Path, damage: bytes) -> None:
    store = DirectoryBlobStore(tmp_path)
    blob = await store.put("arrivals", b"sealed")
    (tmp_path / blob.name).write_bytes(damage)
    with pytest.raises(BlobDamaged) as caught:
        await store.get(blob)
    assert caught.value.name == blob.name


async def test_a_missing_blob_is_named(tmp_path: Path) -> None:
    name = f"arrivals/{uuid4()}"
    with pytest.raises(BlobMissing, match=name):
        await DirectoryBlobStore(tmp_path).get(StoredBlob(name, 0, ""))


async def test_a_deleted_blob_is_missing_and_deleting_it_again_does_nothing(tmp_path: Path) -> None:
    store = DirectoryBlobStore(tmp_path)
    blob = await store.put("packages", b"sealed")
    await store.delete(blob.name)
    await store.delete(blob.name)
    with pytest.raises(BlobMissing):
        await store.get(blob)


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "/etc/passwd",
        "arrivals/../../etc/passwd",
        "arrivals/..",
        f"arrivals/{'-' * 36}",
        f"../{uuid4()}",
        f"arrivals/x/{uuid4()}",
        f"arrivals/{uuid4()}\n",
        f"arrivals/{uuid4()}\x00",
    ],
)
async def test_no_name_leads_out_of_the_store(tmp_path: Path, name: str) -> None:
    store = DirectoryBlobStore(tmp_path / "blobs")
    (tmp_path / "secret").write_bytes(b"secret")
    with pytest.raises(BlobMissing):
        await store.get(name)
    with pytest.raises(BlobMissing):
        await store.delete(name)


@pytest.mark.parametrize("room", ["", "..", "a/b", "Arrivals", "arrivals\n", "."])
async def test_no_room_leads_out_of_the_store(tmp_path: Path, room: str) -> None:
    with pytest.raises(ValueError, match="no room"):
        await DirectoryBlobStore(tmp_path).put(room, b"sealed")


async def test_a_store_that_cannot_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr("dsr_shared.blobs.os.fsync", full)
        with pytest.raises(OSError, match="disk full"):
            await DirectoryBlobStore(tmp_path).put("arrivals", b"sealed")
    assert list((tmp_path / "arrivals").iterdir()) == []
