"""Bytes become an event of a known class, or a reason that names no value."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from dsr_shared.contracts.requests import PackageOpenedV1
from dsr_shared.inbox.model import Received
from dsr_shared.inbox.reading import Unreadable, read_event
from dsr_shared.testing import an_envelope

EVENT = PackageOpenedV1(package_id=uuid4(), opened_at=datetime.now(UTC))
TOPIC = PackageOpenedV1.TOPIC
SECRET = "Maija Meikäläinen"


def as_bytes(**changes: object) -> bytes:
    envelope = an_envelope(EVENT, case_id=uuid4()).model_dump(mode="json")
    return json.dumps(envelope | changes).encode()


def test_a_good_event_is_read_as_its_class() -> None:
    reading = read_event(TOPIC, as_bytes())
    assert isinstance(reading, Received)
    assert reading.event == EVENT


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\xff\xfe\x00", "undecodable"),
        (b"", "undecodable"),
        (SECRET.encode(), "undecodable"),
        (b"[]", "invalid"),
        (as_bytes(sequence=0), "invalid"),
        (as_bytes(sequence=10**30), "invalid"),
        (as_bytes(controller_id=SECRET), "invalid"),
        (as_bytes(occurred_at="2026-11-23T10:00:00"), "invalid"),
        (as_bytes(data={"package_id": SECRET}), "invalid"),
        (as_bytes(type=SECRET), "unknown_type"),
        (as_bytes(version=2), "unknown_version"),
        (as_bytes(producer="fulfilment"), "wrong_producer"),
    ],
)
def test_what_cannot_be_taken_gets_its_reason_and_nothing_of_its_text_is_repeated(value: bytes, reason: str) -> None:
    reading = read_event(TOPIC, value)
    assert isinstance(reading, Unreadable)
    assert reading.reason == reason
    assert "Maija" not in reading.detail
    assert "Maija" not in repr(reading.detail)


def test_an_event_on_a_topic_that_does_not_carry_it_is_of_unknown_type() -> None:
    value = as_bytes(producer="fulfilment")
    reading = read_event("cases.v1", value)
    assert isinstance(reading, Unreadable)
    assert reading.reason == "unknown_type"
