"""`deliveries.v1`: what became of each letter. Written by the notifier, read by fulfilment."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import AwareTime, Event

TOPIC = "deliveries.v1"


class LetterAcceptedV1(Event):
    """The mail server took the letter; an answer or an extension counts from here."""

    TYPE: ClassVar[str] = "letter_accepted"
    TOPIC: ClassVar[str] = TOPIC
    letter_id: UUID
    message_id: str = Field(description="Message-ID of the mail")
    accepted_at: AwareTime
    is_repeat: bool = Field(description="Whether an earlier attempt ended unknown, so that it may have come twice")


class LetterFailedV1(Event):
    """The letter will not arrive; a person must choose another way."""

    TYPE: ClassVar[str] = "letter_failed"
    TOPIC: ClassVar[str] = TOPIC
    letter_id: UUID
    reason: Literal[
        "rejected", "invalid_address", "daily_limit", "gave_up", "unknown_twice", "bounced", "unknown_controller"
    ]
    smtp_code: int | None = Field(default=None, description="Reply code of the mail server, where there was one")
    failed_at: AwareTime


class NotifierKeyDestroyedV1(Event):
    """The notifier destroyed its wrapped keys of the case."""

    TYPE: ClassVar[str] = "notifier_key_destroyed"
    TOPIC: ClassVar[str] = TOPIC
    destroyed_at: AwareTime
    keys_destroyed: int = Field(ge=0)
