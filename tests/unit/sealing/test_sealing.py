"""What is sealed opens for its key in its place, and for nothing and nowhere else."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.contracts.words import Purpose
from dsr_shared.sealing import (
    CannotOpen,
    DataKey,
    SealContext,
    data_key,
    new_data_key,
    open_model,
    open_sealed,
    seal,
    seal_model,
)

KEY = data_key("arrival", bytes(range(32)))
CONTEXT = SealContext(UUID(int=1), "request_received", UUID(int=2), "person")
contexts = st.builds(SealContext, st.uuids(), st.text(max_size=20), st.uuids(), st.text(max_size=20))


@given(plaintext=st.binary(max_size=2000), context=contexts)
def test_what_is_sealed_opens_in_its_own_context(plaintext: bytes, context: SealContext) -> None:
    assert open_sealed(KEY, seal(KEY, plaintext, context), context) == plaintext


@given(plaintext=st.binary(max_size=200), own=contexts, other=contexts)
@pytest.mark.parametrize("part", ["record_id", "kind", "case_id", "field"])
def test_moved_to_another_place_it_stays_shut(
    part: str, plaintext: bytes, own: SealContext, other: SealContext
) -> None:
    if getattr(own, part) == getattr(other, part):
        return
    sealed = seal(KEY, plaintext, own)
    with pytest.raises(CannotOpen):
        open_sealed(KEY, sealed, replace(own, **{part: getattr(other, part)}))


@given(first=contexts, second=contexts)
def test_no_two_contexts_are_encoded_alike(first: SealContext, second: SealContext) -> None:
    assert (first.encode() == second.encode()) == (first == second)


def test_words_cannot_slide_from_kind_to_field() -> None:
    sealed = seal(KEY, b"x", replace(CONTEXT, kind="letters", field="content"))
    with pytest.raises(CannotOpen):
        open_sealed(KEY, sealed, replace(CONTEXT, kind="letter", field="scontent"))


@given(plaintext=st.binary(max_size=200), place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_one_changed_byte_keeps_it_shut(plaintext: bytes, place: int, flip: int) -> None:
    sealed = seal(KEY, plaintext, CONTEXT)
    changed = bytearray(sealed.ciphertext)
    changed[place % len(changed)] ^= flip
    with pytest.raises(CannotOpen):
        open_sealed(KEY, SealedV1.model_construct(key_id=KEY.key_id, ciphertext=bytes(changed)), CONTEXT)


@pytest.mark.parametrize("length", [0, 1, 23, 24, 39])
def test_a_stump_stays_shut_and_says_so(length: int) -> None:
    stump = SealedV1.model_construct(key_id=KEY.key_id, ciphertext=bytes(length))
    with pytest.raises(CannotOpen):
        open_sealed(KEY, stump, CONTEXT)


@pytest.mark.promise("P37")
def test_another_key_does_not_open_it() -> None:
    sealed = seal(KEY, b"Matti", CONTEXT)
    with pytest.raises(CannotOpen):
        open_sealed(new_data_key("arrival"), sealed, CONTEXT)
    with pytest.raises(CannotOpen):
        open_sealed(DataKey(KEY.key_id, "arrival", bytes(32)), sealed, CONTEXT)


def test_the_same_text_is_never_sealed_alike_twice() -> None:
    assert seal(KEY, b"Matti", CONTEXT).ciphertext != seal(KEY, b"Matti", CONTEXT).ciphertext


def test_a_large_mail_is_sealed_in_one_piece() -> None:
    mail = bytes(25 * 1024 * 1024)
    assert open_sealed(KEY, seal(KEY, mail, CONTEXT), CONTEXT) == mail


def test_it_survives_the_wire() -> None:
    sealed = SealedV1.model_validate_json(seal(KEY, b"Matti", CONTEXT).model_dump_json())
    assert open_sealed(KEY, sealed, CONTEXT) == b"Matti"


def test_a_model_comes_back_as_it_was() -> None:
    person = PersonV1(name="Ää Öö", email="a@example.fi", identifiers={"customer_number": "17"})
    assert open_model(KEY, seal_model(KEY, person, CONTEXT), CONTEXT, PersonV1) == person


def test_content_that_does_not_fit_is_refused_without_being_quoted() -> None:
    sealed = seal(KEY, b'{"name": ["Matti Meikalainen"]}', CONTEXT)
    with pytest.raises(CannotOpen) as caught:
        open_model(KEY, sealed, CONTEXT, PersonV1)
    assert "Matti" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_key_never_shows_its_secret() -> None:
    key = new_data_key("letter")
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)


@given(secret=st.binary(min_size=32, max_size=32))
def test_a_keys_id_commits_to_its_secret_and_purpose(secret: bytes) -> None:
    purposes: tuple[Purpose, ...] = ("arrival", "gathered", "letter", "dead_letter")
    ids = {data_key(purpose, secret).key_id for purpose in purposes}
    assert len(ids) == len(purposes)
    assert {each.version for each in ids} == {8}


def test_a_secret_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 16"):
        data_key("arrival", bytes(16))


def test_opening_with_the_wrong_key_names_both_keys() -> None:
    other = new_data_key("arrival")
    with pytest.raises(CannotOpen, match=str(other.key_id)):
        open_sealed(other, SealedV1.model_construct(key_id=uuid4(), ciphertext=b""), CONTEXT)
