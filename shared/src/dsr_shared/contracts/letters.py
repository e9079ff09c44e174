"""`letters.v1`: what is to be told to whom. Written by fulfilment, read by the notifier."""

from typing import ClassVar
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import Event, SealedV1
from dsr_shared.contracts.words import Language, LetterKind

TOPIC = "letters.v1"


class LetterRequestedV1(Event):
    """One letter to one address, to be sent once."""

    TYPE: ClassVar[str] = "letter_requested"
    TOPIC: ClassVar[str] = TOPIC
    letter_id: UUID = Field(description="Idempotency key; the Message-ID is made of it")
    kind: LetterKind
    language: Language
    is_automatic: bool = Field(
        description="Sent before anybody was verified: counts towards the daily limit an address"
    )
    address_hash: str = Field(pattern=r"^[0-9a-f]{64}$", description="Keyed hash of the address, for the daily limit")
    content: SealedV1 = Field(description="`LetterContentV1` sealed for letter")
