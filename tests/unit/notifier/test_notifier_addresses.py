"""Addresses and header values that others may have written."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_notifier.domain.addresses import (
    InvalidAddress,
    greeting_name,
    message_id,
    parse_address,
    reply_address,
    safe_message_id,
)

LETTER = UUID("01938000-0000-7000-8000-000000000001")


@pytest.mark.parametrize("text", ["liisa@posti.example", "l.v+x@a-b.posti.example", "O'Neil_1@X.Example"])
def test_a_plain_address_is_taken(text: str) -> None:
    assert str(parse_address(text)).lower() == text.lower()


def test_an_international_domain_goes_out_in_its_ascii_form() -> None:
    assert str(parse_address("tieto@yhtiö.example")) == "tieto@xn--yhti-8qa.example"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "liisa",
        "@posti.example",
        "liisa@",
        "liisa@localhost",
        "liisa@posti..example",
        "liisa@-posti.example",
        "liisa@posti.example\r\nBcc: kaikki@posti.example",
        "liisa\n@posti.example",
        "liisa@posti.example\u2028",
        "Liisa <liisa@posti.example>",
        '"liisa virta"@posti.example',
        "liisa@posti.example, pekka@posti.example",
        "liisa@[127.0.0.1]",
        "äiti@posti.example",
        "a@b@posti.example",
        ".liisa@posti.example",
        f"{'a' * 65}@posti.example",
        f"a@{'b' * 64}.example",
        f"a@{'b.' * 130}example",
    ],
)
def test_anything_doubtful_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InvalidAddress) as caught:
        parse_address(text)
    assert not text or text not in str(caught.value)


@given(st.text(max_size=80))
def test_whatever_is_taken_has_no_line_break_space_or_bracket(text: str) -> None:
    try:
        address = str(parse_address(text))
    except InvalidAddress:
        return
    assert address.isascii()
    assert not set(address) & set('\r\n\t <>,;:"()[]\\\0')
    assert address.count("@") == 1


def test_message_id_and_reply_address_follow_from_the_ids() -> None:
    sender = parse_address("tietosuoja@esimerkki.example")
    assert message_id(LETTER, sender) == f"<{LETTER.hex}@esimerkki.example>"
    assert str(reply_address(sender, "abcd2345")) == "tietosuoja+abcd2345@esimerkki.example"


def test_a_token_that_makes_a_mailbox_name_too_long_is_left_out() -> None:
    sender = parse_address(f"{'a' * 50}@esimerkki.example")
    assert reply_address(sender, "b" * 26) == sender


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Liisa Virta", "Liisa Virta"),
        ("  Åsa   Öberg-Niemi ", "Åsa Öberg-Niemi"),
        ("O’Neil", "O’Neil"),
        ("", None),
        (None, None),
        ("Voita rahaa http://huijaus.example", None),
        ("Liisa\r\nBcc: x", None),
        ("<b>Liisa</b>", None),
        ("{{ controller }}", None),
        ("a " * 40, None),
    ],
)
def test_only_what_reads_like_a_name_is_greeted(name: str | None, greeted: str | None) -> None:
    assert greeting_name(name) == greeted


@pytest.mark.parametrize("text", [None, "", "abc", "<a b@c>", "<a@b>\r\nBcc: x@y.example", "<" + "a" * 300 + "@b>"])
def test_a_doubtful_message_id_is_left_out(text: str | None) -> None:
    assert safe_message_id(text) is None


def test_a_plain_message_id_is_kept() -> None:
    assert safe_message_id("<abc.1@posti.example>") == "<abc.1@posti.example>"
