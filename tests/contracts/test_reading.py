"""Events are strict when they are written and tolerant when they are read."""

import json
import string
import types
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from tests.contracts.test_golden import GOLDEN

from dsr_shared.contracts.base import Contract, Envelope, Event, SealedV1
from dsr_shared.contracts.cases import ChallengeIssuedV1
from dsr_shared.contracts.registry import EVENTS
from dsr_shared.contracts.requests import RequestReceivedV1

TEXT = st.text(alphabet=string.printable + "äöåÄÖÅ€", max_size=20)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(),
    bool: st.booleans(),
    int: st.integers(1, 2**31),
    float: st.floats(0, 1),
    str: TEXT,
    datetime: st.datetimes(timezones=st.just(UTC)),
}


def contracts(cls: type[Contract]) -> st.SearchStrategy[Contract]:
    """Any instance of a contract, made from the types of its fields."""
    if cls is SealedV1:
        made = st.tuples(st.uuids(), st.binary(min_size=40, max_size=80))
        return made.map(lambda pair: SealedV1.model_construct(key_id=pair[0], ciphertext=pair[1]))
    fields = {name: values(field.annotation, field.metadata) for name, field in cls.model_fields.items()}
    return st.fixed_dictionaries(fields).map(lambda given: cls(**given))


def values(kind: Any, metadata: list[Any]) -> st.SearchStrategy[Any]:
    origin, parts = get_origin(kind), get_args(kind)
    if pattern := next((p for p in map(pattern_of, metadata) if p), None):
        return (
            st.none() | st.from_regex(pattern, fullmatch=True)
            if type(None) in parts
            else st.from_regex(pattern, fullmatch=True)
        )
    if origin is Annotated:
        return values(parts[0], list(parts[1:]))
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, types.UnionType):
        return st.one_of(st.none() if part is type(None) else values(part, []) for part in parts)
    if origin is tuple:
        return st.lists(values(parts[0], []), min_size=1, max_size=3).map(tuple)
    if origin is dict:
        return st.dictionaries(values(parts[0], []), values(parts[1], []), max_size=3)
    if kind in SIMPLE:
        return SIMPLE[kind]
    return contracts(kind) if issubclass(kind, Contract) else st.from_type(kind)


def pattern_of(constraint: Any) -> str | None:
    nested = constraint.metadata if isinstance(constraint, FieldInfo) else [constraint]
    return next((item.pattern for item in nested if isinstance(getattr(item, "pattern", None), str)), None)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_what_is_written_is_read_back_the_same(event: type[Event]) -> None:
    @settings(max_examples=25, deadline=None)
    @given(contracts(event))
    def check(made: Contract) -> None:
        assert event.model_validate_json(made.model_dump_json()) == made

    check()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_field_of_a_newer_producer_is_ignored(event: type[Event]) -> None:
    data = golden(event)["data"]
    assert event.model_validate(data | {"colour_of_tomorrow": "blue"}) == event.model_validate(data)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_cannot_be_changed(event: type[Event]) -> None:
    made = event.model_validate(golden(event)["data"])
    name = next(iter(event.model_fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, name, None)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_word_outside_the_vocabulary_is_refused(event: type[Event]) -> None:
    data = golden(event)["data"]
    for name, field in event.model_fields.items():
        if get_origin(field.annotation) is Literal:
            with pytest.raises(ValidationError, match="literal_error"):
                event.model_validate(data | {name: "surprise"})


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_a_missing_required_field_is_refused(event: type[Event]) -> None:
    data = golden(event)["data"]
    for name, field in event.model_fields.items():
        if field.is_required():
            with pytest.raises(ValidationError, match=name):
                event.model_validate({key: value for key, value in data.items() if key != name})


def test_an_envelope_of_a_newer_producer_is_read_too() -> None:
    raw = golden(RequestReceivedV1)
    assert Envelope.model_validate(raw | {"priority": 1}) == Envelope.model_validate(raw)


def test_an_unknown_right_is_refused() -> None:
    data = golden(RequestReceivedV1)["data"]
    with pytest.raises(ValidationError):
        RequestReceivedV1.model_validate(data | {"rights": ["access", "to_party"]})


def test_a_time_without_an_offset_is_refused() -> None:
    data = golden(ChallengeIssuedV1)["data"]
    with pytest.raises(ValidationError, match="without an offset"):
        ChallengeIssuedV1.model_validate(data | {"expires_at": "2026-11-23T08:15:30"})


@pytest.mark.parametrize("change", [{"sequence": 0}, {"version": 0}, {"producer": "postman"}, {"controller_id": "Ää"}])
def test_a_malformed_envelope_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate(golden(RequestReceivedV1) | change)


def golden(event: type[Event]) -> dict[str, Any]:
    newest = max(GOLDEN.glob(f"{event.TOPIC}.{event.TYPE}.{event.VERSION}.*.json"))
    made: dict[str, Any] = json.loads(newest.read_text(encoding="utf-8"))
    return made
