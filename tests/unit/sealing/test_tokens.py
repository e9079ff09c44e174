"""A package opens for whoever holds its link, and the hash that intake keeps does not help."""

import secrets
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_shared.sealing import (
    CannotOpen,
    SealContext,
    hash_token,
    new_token,
    open_with_token,
    seal,
    seal_with_token,
    token_key,
)
from dsr_shared.sealing import data_key as make_data_key

CONTEXT = SealContext(UUID(int=1), "packages", UUID(int=2), "zip")
TOKEN = new_token()


@given(plaintext=st.binary(max_size=2000))
def test_the_token_opens_its_package(plaintext: bytes) -> None:
    assert open_with_token(TOKEN, seal_with_token(TOKEN, plaintext, CONTEXT), CONTEXT) == plaintext


def test_another_token_does_not() -> None:
    package = seal_with_token(TOKEN, b"zip", CONTEXT)
    with pytest.raises(CannotOpen):
        open_with_token(new_token(), package, CONTEXT)


@pytest.mark.parametrize(
    "change", [{"record_id": UUID(int=9)}, {"kind": "arrivals"}, {"case_id": UUID(int=9)}, {"field": "raw"}]
)
def test_a_package_of_another_case_or_record_stays_shut(change: dict[str, object]) -> None:
    package = seal_with_token(TOKEN, b"zip", CONTEXT)
    with pytest.raises(CannotOpen):
        open_with_token(TOKEN, package, replace(CONTEXT, **change))  # type: ignore[arg-type]


@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_one_changed_byte_keeps_a_package_shut(place: int, flip: int) -> None:
    package = bytearray(seal_with_token(TOKEN, b"zip", CONTEXT))
    package[place % len(package)] ^= flip
    with pytest.raises(CannotOpen):
        open_with_token(TOKEN, bytes(package), CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 16, 17, 40, 56])
def test_a_package_cut_short_stays_shut(length: int) -> None:
    package = seal_with_token(TOKEN, b"zip", CONTEXT)
    with pytest.raises(CannotOpen):
        open_with_token(TOKEN, package[:length], CONTEXT)


def test_a_package_starts_with_its_version_and_a_fresh_salt() -> None:
    first, second = (seal_with_token(TOKEN, b"zip", CONTEXT) for _ in range(2))
    assert first[:1] == second[:1] == b"\x01"
    assert first[1:17] != second[1:17]


@pytest.mark.parametrize("token", ["", "short", "ä" * 43, "A" * 42 + "B", TOKEN + "A", TOKEN + "=", " " + TOKEN[1:]])
def test_what_is_no_token_of_ours_is_refused(token: str) -> None:
    with pytest.raises(CannotOpen, match="256 bits"):
        open_with_token(token, seal_with_token(TOKEN, b"zip", CONTEXT), CONTEXT)


def test_the_hash_that_intake_keeps_is_not_the_key_nor_leads_to_it() -> None:
    salt = secrets.token_bytes(16)
    stored = bytes.fromhex(hash_token(TOKEN))
    assert stored != token_key(TOKEN, salt)
    sealed = seal_with_token(TOKEN, b"zip", CONTEXT)
    with pytest.raises(CannotOpen):
        open_with_token(stored.hex()[:43], sealed, CONTEXT)


def test_a_key_differs_with_the_salt() -> None:
    assert token_key(TOKEN, bytes(16)) != token_key(TOKEN, b"\x01" * 16)
    assert len(token_key(TOKEN, bytes(16))) == 32


def test_tokens_are_url_safe_and_never_repeat() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


def test_a_sealed_field_is_not_taken_for_a_package() -> None:
    salt = bytes(16)
    field = seal(make_data_key("gathered", token_key(TOKEN, salt)), b"zip", CONTEXT)
    with pytest.raises(CannotOpen):
        open_with_token(TOKEN, b"\x01" + salt + field.ciphertext, CONTEXT)
