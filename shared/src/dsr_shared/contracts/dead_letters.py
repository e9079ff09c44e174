"""`dead-letters.v1`: events that a service could not take. Written and read by all services."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import Event
from dsr_shared.contracts.words import DeadLetterReason, Service

TOPIC = "dead-letters.v1"


class DeadLetteredV1(Event):
    """An event was set aside; the service keeps its bytes, sealed. Its case needs a person."""

    TYPE: ClassVar[str] = "dead_lettered"
    TOPIC: ClassVar[str] = TOPIC
    service: Service = Field(description="Service that could not take the event")
    dead_letter_id: UUID = Field(description="Id under which the service keeps the bytes")
    source_topic: str
    source_partition: int = Field(ge=0)
    source_offset: int = Field(ge=0)
    source_event_id: UUID | None = Field(default=None, description="Where the envelope could be read")
    reason: DeadLetterReason
