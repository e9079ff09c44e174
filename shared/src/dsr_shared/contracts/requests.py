"""`requests.v1`: what reached the controller. Written by intake, read by fulfilment."""

from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import AwareTime, BlobRefV1, Contract, Event, SealedV1, Sha256
from dsr_shared.contracts.words import BounceCause, Channel, Language, MailKind, Right

TOPIC = "requests.v1"

Verdict = Literal["pass", "fail", "none"]
Whose = Literal["self", "other", "organisation"]


class AttachmentV1(Contract):
    """A file that came with a message. Its name is personal data: it stands in `MessageV1.attachment_names`."""

    attachment_id: UUID
    media_type: str = Field(
        pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$", description="One of the types that intake detects by the bytes"
    )
    blob: BlobRefV1 = Field(description="The bytes, sealed for arrival")


class SenderEvidenceV1(Contract):
    """What speaks for or against the sender's address; never proof by itself."""

    spf: Verdict = Field(description="RFC 7208, as the controller's own mail server saw it; none where it said nothing")
    dkim: Verdict = Field(description="RFC 6376, likewise")
    dmarc: Verdict = Field(description="RFC 7489, likewise")
    is_look_alike: bool = Field(description="Whether the sender's domain imitates the controller's own")
    is_display_name_spoofed: bool = Field(description="Whether the shown name passes for another address or company")


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
    attachments: tuple[AttachmentV1, ...] = Field(default=(), description="In the order of their names in the message")
    sender_evidence: SenderEvidenceV1 | None = Field(default=None, description="For mail only")
    linked_case_id: UUID | None = Field(
        default=None, description="Case or breach, in an answer to which this was asked"
    )
    whose: Whose = Field(
        default="self", description="Whose data it is about: the writer's, another's, an organisation's"
    )
    is_automatic: bool = Field(
        default=False, description="Whether a machine sent it: no letter answers it before a person looked"
    )


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
    attachments: tuple[AttachmentV1, ...] = Field(default=(), description="In the order of their names in the message")
    sender_evidence: SenderEvidenceV1 | None = Field(default=None, description="For mail only")
    is_changed_copy: bool = Field(
        default=False, description="Whether its Message-ID came before with another body: a person must look"
    )
    linked_case_id: UUID | None = Field(default=None, description="Breach about whose letter it was written")


class ReceiptCorrectedV1(Event):
    """The same message turned out to have reached the controller earlier; the clock runs from there."""

    TYPE: ClassVar[str] = "receipt_corrected"
    TOPIC: ClassVar[str] = TOPIC
    arrival_id: UUID = Field(description="Arrival whose receipt is corrected")
    received_at: AwareTime = Field(description="Receipt of the earlier copy; a later one is never told")


class LetterBouncedV1(Event):
    """A report came that a letter, which the mail server had taken, will not arrive; `case_id` is the letter's."""

    TYPE: ClassVar[str] = "letter_bounced"
    TOPIC: ClassVar[str] = TOPIC
    letter_id: UUID
    bounced_at: AwareTime = Field(description="Receipt of the report")
    cause: BounceCause = Field(description="Why, as far as the report's status code (RFC 3463) tells")


class RequestWithdrawnV1(Event):
    """The person took the request back on the status page."""

    TYPE: ClassVar[str] = "request_withdrawn"
    TOPIC: ClassVar[str] = TOPIC
    withdrawn_at: AwareTime


class ChallengeAnsweredV1(Event):
    """The person opened the link that proves control of an address and pressed the button."""

    TYPE: ClassVar[str] = "challenge_answered"
    TOPIC: ClassVar[str] = TOPIC
    challenge_id: UUID
    answered_at: AwareTime


class IdentityProvedV1(Event):
    """Somebody who holds a link of the case signed in at the controller's provider; who they are is not looked up."""

    TYPE: ClassVar[str] = "identity_proved"
    TOPIC: ClassVar[str] = TOPIC
    proof_id: UUID
    proved_at: AwareTime = Field(description="When the provider's ID token was found to be valid")
    issuer: str = Field(description="The provider, as the controller's register names it")
    acr: str | None = Field(default=None, description="Level of assurance; one of those that the register demands")
    person: SealedV1 = Field(description="`PersonV1` of the verified claims, sealed for arrival")


class PackageOpenedV1(Event):
    """Somebody holds the link to a package and asks for a fresh code."""

    TYPE: ClassVar[str] = "package_opened"
    TOPIC: ClassVar[str] = TOPIC
    package_id: UUID
    opened_at: AwareTime


class StatusCodeWantedV1(Event):
    """Somebody holds the link to the status page and asks for a fresh code."""

    TYPE: ClassVar[str] = "status_code_wanted"
    TOPIC: ClassVar[str] = TOPIC
    token_hash: Sha256 = Field(description="Hash of the status page's token; the code belongs to it")
    wanted_at: AwareTime


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
