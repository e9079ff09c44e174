"""Wrapping opens for one key pair, and one key agreement serves for a while only."""

import pytest
from nacl import bindings

from dsr_shared.sealing import CannotOpen, new_data_key
from dsr_shared.wrapping import WRAPPED_BYTES, Wrapping, open_wrapped, unwrap_with

PASSING = slice(0, 32)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr("dsr_shared.wrapping.time.monotonic", lambda: now[0])
    return now


def test_each_key_opens_for_the_reader_and_no_two_wrappings_are_alike(clock: list[float]) -> None:
    public, private = bindings.crypto_box_keypair()
    wrapping, keys = Wrapping("notifier", 3, public), [new_data_key("letter") for _ in range(5)]
    wrapped = [wrapping.wrap(key) for key in [*keys, *keys]]
    assert [unwrap_with(one, public, private) for one in wrapped] == [*keys, *keys]
    assert len({one.wrapped for one in wrapped}) == len(wrapped)
    assert {(one.reader, one.ring_version, len(one.wrapped)) for one in wrapped} == {("notifier", 3, WRAPPED_BYTES)}


def test_an_agreement_serves_a_thousand_keys_at_most(clock: list[float]) -> None:
    wrapping = Wrapping("intake", 1, bindings.crypto_box_keypair()[0])
    passing = [wrapping.wrap(new_data_key("arrival")).wrapped[PASSING] for _ in range(2001)]
    assert len(set(passing)) == 3
    assert passing[0] == passing[999] != passing[1000]


def test_an_agreement_serves_a_minute_at_most(clock: list[float]) -> None:
    wrapping, key = Wrapping("intake", 1, bindings.crypto_box_keypair()[0]), new_data_key("arrival")
    first = wrapping.wrap(key).wrapped[PASSING]
    clock[0] += 59.9
    assert wrapping.wrap(key).wrapped[PASSING] == first
    clock[0] += 0.1
    assert wrapping.wrap(key).wrapped[PASSING] != first


def test_two_writers_never_share_an_agreement() -> None:
    public, key = bindings.crypto_box_keypair()[0], new_data_key("arrival")
    one, other = (Wrapping("intake", 1, public).wrap(key).wrapped[PASSING] for _ in range(2))
    assert one != other


@pytest.mark.parametrize("length", [0, 31, 32, 55, 56, 103, 105])
def test_a_wrapping_of_another_length_stays_shut(length: int) -> None:
    public, private = bindings.crypto_box_keypair()
    wrapped = Wrapping("intake", 1, public).wrap(new_data_key("arrival")).wrapped
    with pytest.raises(CannotOpen):
        open_wrapped((wrapped + b"x")[:length], public, private)


def test_a_public_key_that_agrees_on_nothing_secret_is_refused() -> None:
    """A point of small order would make the secret known to everybody."""
    public, private = bindings.crypto_box_keypair()
    with pytest.raises(CannotOpen):
        open_wrapped(bytes(WRAPPED_BYTES), public, private)
