"""`requests.v1`: what reached the controller. Written by intake, read by fulfilment."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import AwareTime, BlobRefV1, Event, SealedV1, Sha256
from dsr_shared.contracts.words import Channel, Language, MailKind, Right

TOPIC = "requests.v1"


class RequestReceivedV1(Event):
    """A person asked for one or more rights; the clock runs from `received_at`."""

    TYPE: ClassVar[str] = "request_received"
    TOPIC: ClassVar[str] = TOPIC
    arrival_id: UUID = Field(description="Arrival in intake that the request came with")
    channel: Channel
    received_at: AwareTime = Field(description="When it reached the controller's channel, in UTC; never ingest time")
    language: Language
    rights: tuple[Right, ...] = Field(description="What is asked; empty where a person must decide")
    is_on_behalf: bool = Field(description="Whether somebody writes for another person")
    needs_person: bool = Field(description="Whether the reading is in doubt and a person must confirm the rights")
    confidence: float = Field(ge=0, le=1, description="How sure the reading is")
    person: SealedV1 = Field(description="`PersonV1` sealed for arrival")
    message: SealedV1 = Field(description="`MessageV1` sealed for arrival")
    raw_sha256: Sha256 = Field(description="Hash of the bytes that arrived")
    raw: BlobRefV1 | None = Field(default=None, description="The bytes that arrived, where they exceed 256 KiB")
    status_token_hash: Sha256 | None = Field(default=None, description="Hash of the token of the person's status page")


class MessageReceivedV1(Event):
    """More came for an open case, or something that a person must read; `case_id` tells which."""

    TYPE: ClassVar[str] = "message_received"
    TOPIC: ClassVar[str] = TOPIC
    arrival_id: UUID
    channel: Channel
    received_at: AwareTime = Field(description="When it reached the controller's channel, in UTC")
    kind: MailKind
    is_readable: bool = Field(description="False where the bytes could not be parsed: a person must look")
    problem: Literal["oversize", "malformed", "timeout", "memory", "flood"] | None = Field(
        default=None, description="Why it could not be read"
    )
    language: Language
    person: SealedV1 = Field(description="`PersonV1` sealed for arrival")
    message: SealedV1 = Field(description="`MessageV1` sealed for arrival")
    raw_sha256: Sha256
    raw: BlobRefV1 | None = None


class ChallengeAnsweredV1(Event):
    """The person opened the link that proves control of an address and pressed the button."""

    TYPE: ClassVar[str] = "challenge_answered"
    TOPIC: ClassVar[str] = TOPIC
    challenge_id: UUID
    answered_at: AwareTime


class PackageOpenedV1(Event):
    """Somebody holds the link to a package and asks for a fresh code."""

    TYPE: ClassVar[str] = "package_opened"
    TOPIC: ClassVar[str] = TOPIC
    package_id: UUID
    opened_at: AwareTime


class PackageDownloadedV1(Event):
    """The package was handed over whole, after link and code."""

    TYPE: ClassVar[str] = "package_downloaded"
    TOPIC: ClassVar[str] = TOPIC
    package_id: UUID
    downloaded_at: AwareTime


class IntakeKeyDestroyedV1(Event):
    """Intake destroyed its wrapped keys of the case."""

    TYPE: ClassVar[str] = "intake_key_destroyed"
    TOPIC: ClassVar[str] = TOPIC
    destroyed_at: AwareTime
    keys_destroyed: int = Field(ge=0, description="How many wrapped keys were deleted")
