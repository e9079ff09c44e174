"""A key out of a provider's or an operator's JSON: only what makes it, and none that is too weak."""

from typing import Any

import pytest
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, OctKey, RSAKey

from dsr_intake.adapters.jwk import key_of

GOOD = RSAKey.generate_key(2048).as_dict(private=True)


def a_short_key() -> dict[str, Any]:
    with pytest.warns(SecurityWarning):
        return dict(RSAKey.generate_key(1024).as_dict())


def test_the_private_part_is_taken_only_where_it_is_wanted() -> None:
    assert key_of(GOOD, with_private_part=True).is_private
    assert not key_of(GOOD, with_private_part=False).is_private
    assert key_of(ECKey.generate_key("P-256").as_dict(), with_private_part=False).key_type == "EC"


def test_what_a_key_says_beside_its_numbers_does_not_count() -> None:
    key = key_of({**GOOD, "use": "enc", "key_ops": ["sign"], "x5u": 7}, with_private_part=False)
    assert set(key.as_dict()) == {"kty", "n", "e"}


@pytest.mark.parametrize(
    "jwk",
    [
        a_short_key(),
        OctKey.generate_key(256).as_dict(private=True),
        {},
        {"kty": "RSA"},
        {**GOOD, "n": 7},
        {**GOOD, "e": "ä"},
        {**GOOD, "kty": ["RSA"], "n": "AQAB"},
        {"kty": "EC", "crv": "P-0", "x": "AA", "y": "AA"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
    ],
    ids=["short", "secret", "nothing", "no numbers", "a number", "no letters", "a list", "no curve", "off the curve"],
)
def test_what_is_no_good_key_is_refused(jwk: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no key that can be used"):
        key_of(jwk, with_private_part=False)
