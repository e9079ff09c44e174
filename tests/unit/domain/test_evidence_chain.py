"""The proof of a case: whatever is changed, cut or written anew is found."""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsr_fulfilment.domain.evidence import BrokenAt, Entry, Head, Unbroken, head_of, heads_facts, next_entry, verify

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


def keyed(key: bytes, data: bytes) -> str:
    return hmac.new(key, data, hashlib.sha256).hexdigest()


def mac(data: bytes) -> str:
    return keyed(b"mac", data)


def sign(data: bytes) -> str:
    return keyed(b"sign", data)


def check(data: bytes, signature: str) -> bool:
    return hmac.compare_digest(sign(data), signature)


def result(entries: list[Entry], *anchors: Head) -> Unbroken | BrokenAt:
    return verify(entries, mac=mac, check_signature=check, anchors=anchors)


def chain(length: int, name: str = "case-1", wording: str = "state") -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        previous = entries[-1] if entries else None
        entries.append(
            next_entry(
                previous,
                chain=name,
                occurred_at=START + timedelta(minutes=number),
                kind=wording,
                facts={"number": number, "to": "closed"},
                mac=mac,
                sign=sign,
            )
        )
    return entries


@given(length=st.integers(0, 12))
def test_an_untouched_chain_is_unbroken(length: int) -> None:
    entries = chain(length)
    assert result(entries) == Unbroken(head_of(entries[-1]) if entries else None)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "other"},
        {"facts": {"number": 2, "to": "erased"}},
        {"occurred_at": START},
        {"previous_mark": "0" * 64},
        {"mark": "0" * 64},
        {"signature": "0" * 64},
        {"chain": "case-2"},
        {"position": 9},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_in_any_field_breaks_the_chain_there(change: dict[str, object]) -> None:
    entries = chain(5)
    entries[2] = replace(entries[2], **change)  # type: ignore[arg-type]
    broken = result(entries)
    assert isinstance(broken, BrokenAt)
    assert broken.position == 3


@given(length=st.integers(2, 8), data=st.data())
def test_an_entry_taken_out_is_missed(length: int, data: st.DataObject) -> None:
    entries = chain(length)
    gone = data.draw(st.integers(0, length - 2))
    assert result(entries[:gone] + entries[gone + 1 :]) == BrokenAt(gone + 1, "missing")


def test_a_cut_end_shows_only_against_a_head_that_was_noted_before() -> None:
    entries = chain(5)
    assert isinstance(result(entries[:4]), Unbroken)
    assert result(entries[:4], head_of(entries[4])) == BrokenAt(5, "cut")
    assert result([], head_of(entries[4])) == BrokenAt(1, "cut")


def test_a_chain_written_anew_with_the_right_keys_shows_against_the_head() -> None:
    noted = head_of(chain(5)[2])
    assert result(chain(5, wording="another story"), noted) == BrokenAt(3, "rewritten")


def test_a_mark_cannot_be_made_without_the_key() -> None:
    entries = chain(1)
    forged = replace(entries[0], kind="forged")
    forged = replace(forged, mark=keyed(b"guess", forged.kind.encode()))
    assert result([forged]) == BrokenAt(1, "mark")


def test_a_chain_goes_on_from_its_head_alone() -> None:
    entries = chain(3)
    following = next_entry(
        head_of(entries[-1]), chain="case-1", occurred_at=START, kind="state", facts={}, mac=mac, sign=sign
    )
    assert isinstance(result([*entries, following]), Unbroken)


def test_the_time_zone_in_which_a_time_is_read_back_does_not_matter() -> None:
    entries = chain(1)
    helsinki = replace(entries[0], occurred_at=entries[0].occurred_at.astimezone())
    assert isinstance(result([helsinki]), Unbroken)


def test_the_daily_heads_form_a_chain_of_their_own() -> None:
    facts = heads_facts(date(2026, 11, 22), [head_of(chain(2)[-1]), head_of(chain(3, "case-2")[-1])])
    day = next_entry(None, chain="heads", occurred_at=START, kind="heads", facts=facts, mac=mac, sign=sign)
    assert result([day]) == Unbroken(Head("heads", 1, day.mark))
