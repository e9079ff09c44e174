"""No field of any event has a type that could hold personal data in clear."""

from datetime import datetime
from typing import ClassVar

import pytest
from tests.contracts.walk import leaves

from dsr_shared.contracts.base import AwareTime, Contract, Envelope, Event, SealedV1, Sha256
from dsr_shared.contracts.registry import EVENTS

PUBLIC_TEXT = {
    **dict.fromkeys(
        (
            ("ControllerPublishedV1", field)
            for field in (
                "name",
                "business_id",
                "contact_email",
                "contact_phone",
                "phone_hours",
                "postal_address",
                "sender_name",
                "mail_hosts",
                "public_url",
                "notice_url",
                "embed_origins",
            )
        ),
        "public part of the controller's own register",
    ),
    **dict.fromkeys(
        (("AuthorityV1", field) for field in ("name", "postal_address", "phone", "email", "website")),
        "public details of the supervisory authority",
    ),
    **dict.fromkeys(
        (
            ("SignInV1", field)
            for field in (
                "name",
                "issuer",
                "client_id",
                "scopes",
                "acr_values",
                "name_claim",
                "email_claim",
                "identifier_claims",
            )
        ),
        "public part of the controller's own register",
    ),
    **dict.fromkeys((("IdentityProvedV1", field) for field in ("issuer", "acr")), "words of the controller's register"),
    **dict.fromkeys((("KeptV1", field) for field in ("label", "ground")), "the register's words, which name nobody"),
    **dict.fromkeys(
        (
            *(("NoticeItemV1", field) for field in ("id", "label", "text")),
            *(("NoticeEntryV1", field) for field in ("id", "heading")),
            *(("NoticePartV1", field) for field in ("id", "heading")),
            *(("NoticeChangeV1", field) for field in ("place", "before", "after")),
            ("NoticeTextV1", "title"),
        ),
        "the notice that the controller publishes to everybody",
    ),
    ("CaseStageChangedV1", "reference"): "a running number of the controller",
    ("LetterAcceptedV1", "message_id"): "made by us of the letter's id and the controller's host",
    ("DeadLetteredV1", "source_topic"): "one of our topics",
    ("AttachmentV1", "media_type"): "one of the types that intake detects by the bytes, never what a sender claims",
}
"""Text fields that may stand in clear, and why. Ask twice before you add one: what stands here is never destroyed."""

ENVELOPE_TEXT = {
    ("Envelope", "type"): "an event type",
    ("Envelope", "traceparent"): "W3C Trace Context",
    ("Envelope", "data"): "the event itself, walked by its class",
    ("WrappedKeyV1", "wrapped"): "a sealed key",
}


def complaints(cls: type[Contract], allowed: dict[tuple[str, str], str]) -> list[str]:
    return [
        f"{leaf.owner.__name__}.{leaf.field} is {leaf.kind}: it could hold personal data in clear. Seal it (SealedV1), "
        "or use an id, a time, a number, a closed word or a hash"
        for leaf in leaves(cls)
        if not leaf.is_wordless and (leaf.owner.__name__, leaf.field) not in allowed
    ]


@pytest.mark.promise("P37")
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_no_field_of_the_event_can_hold_clear_personal_data(event: type[Event]) -> None:
    assert complaints(event, PUBLIC_TEXT) == []


def test_nor_can_a_field_of_the_envelope() -> None:
    assert complaints(Envelope, ENVELOPE_TEXT) == []


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_every_time_carries_its_offset(event: type[Event]) -> None:
    for name, field in event.model_fields.items():
        if datetime in (field.annotation, *getattr(field.annotation, "__args__", ())):
            assert field.metadata, f"{event.__name__}.{name} takes times without an offset: use AwareTime"


def test_the_list_of_exceptions_names_only_fields_that_exist() -> None:
    existing = {(leaf.owner.__name__, leaf.field) for event in EVENTS for leaf in leaves(event)}
    existing |= {(leaf.owner.__name__, leaf.field) for leaf in leaves(Envelope)}
    assert set(PUBLIC_TEXT) | set(ENVELOPE_TEXT) <= existing


class Inner(Contract):
    note: str


class Bad(Event):
    TYPE: ClassVar[str] = "bad"
    TOPIC: ClassVar[str] = "bad.v1"
    name: str
    maybe: str | None
    several: tuple[str, ...]
    by_key: dict[str, int]
    anything: object
    raw: bytes
    inner: Inner | None
    pattern: tuple[Sha256, ...] | None
    sealed: SealedV1
    at: AwareTime


def test_the_walk_finds_text_however_deep_it_lies() -> None:
    found = {(leaf.owner.__name__, leaf.field) for leaf in leaves(Bad) if not leaf.is_wordless}
    assert found == {
        ("Bad", "name"),
        ("Bad", "maybe"),
        ("Bad", "several"),
        ("Bad", "by_key"),
        ("Bad", "anything"),
        ("Bad", "raw"),
        ("Inner", "note"),
    }
