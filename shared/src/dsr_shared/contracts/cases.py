"""`cases.v1`: how a case stands. Written by fulfilment, read by intake and, for destroyed keys, by the notifier."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import AwareTime, BlobRefV1, Contract, Event, SealedV1, Sha256
from dsr_shared.contracts.words import Language, LetterKind, Right, Stage

TOPIC = "cases.v1"


class KeptV1(Contract):
    """Something that was not erased, in words that name nobody."""

    label: dict[Language, str] = Field(description="What it is, in the register's words, by language")
    ground: dict[Language, str] = Field(description="Why it is kept, by language")
    count: int = Field(ge=1, description="How many items")
    until: date | None = Field(default=None, description="Last day it is kept; none while a condition lasts")


class CaseStageChangedV1(Event):
    """The case moved on; the whole public state is repeated, so that the latest event is enough."""

    TYPE: ClassVar[str] = "case_stage_changed"
    TOPIC: ClassVar[str] = TOPIC
    reference: str = Field(description="Reference that the person sees, for example K-2026-0034")
    stage: Stage
    rights: tuple[Right, ...]
    language: Language
    received_at: AwareTime
    due_on: date = Field(description="Last day of the month, Europe/Helsinki")
    extended_due_on: date | None = Field(default=None, description="Last day after an extension that took effect")
    kept: tuple[KeptV1, ...] = ()
    changed_at: AwareTime


class ChallengeIssuedV1(Event):
    """A link was sent to an address; whoever presents the token whose hash this is controls the address."""

    TYPE: ClassVar[str] = "challenge_issued"
    TOPIC: ClassVar[str] = TOPIC
    challenge_id: UUID
    token_hash: Sha256 = Field(description="SHA-256 of the 256-bit token in the link")
    expires_at: AwareTime


class ReplyExpectedV1(Event):
    """A letter of the case goes out; who answers it from the address it went to writes on this case.

    Intake learns the address only from the answer: the hash is keyed with the token, which is in the letter's reply
    address and sealed here.
    """

    TYPE: ClassVar[str] = "reply_expected"
    TOPIC: ClassVar[str] = TOPIC
    letter_id: UUID = Field(description="The letter; its Message-ID is made of it")
    reply_token_hash: Sha256 = Field(description="SHA-256 of the token in the letter's reply address")
    reply_token: SealedV1 = Field(description="That token, sealed for arrival")
    recipient_hash: Sha256 = Field(description="HMAC-SHA-256 of the letter's address, keyed with the token")


class PackageReadyV1(Event):
    """A sealed package can be fetched by whoever holds the link's token and a fresh code."""

    TYPE: ClassVar[str] = "package_ready"
    TOPIC: ClassVar[str] = TOPIC
    package_id: UUID
    token_hash: Sha256
    blob: BlobRefV1 = Field(description="Sealed under a key derived from the token; intake does not know the token")
    expires_at: AwareTime = Field(description="When the link stops working; a new one can be issued")


class DownloadCodeIssuedV1(Event):
    """A six-digit code was sent to the verified address."""

    TYPE: ClassVar[str] = "download_code_issued"
    TOPIC: ClassVar[str] = TOPIC
    package_id: UUID
    code_hash: Sha256 = Field(description="SHA-256 of the package's token hash, a colon and the code")
    expires_at: AwareTime
    tries: int = Field(ge=1, description="How many wrong codes are allowed")


class StatusCodeIssuedV1(Event):
    """A six-digit code for the status page was sent to the address where the case's letters go."""

    TYPE: ClassVar[str] = "status_code_issued"
    TOPIC: ClassVar[str] = TOPIC
    token_hash: Sha256 = Field(description="Hash of the status page's token, as it was asked with")
    code_hash: Sha256 = Field(description="SHA-256 of that hash, a colon and the code")
    expires_at: AwareTime
    tries: int = Field(ge=1, description="How many wrong codes are allowed")


class LetterSentV1(Event):
    """A mail server took a letter of the case; the status page lists it."""

    TYPE: ClassVar[str] = "letter_sent"
    TOPIC: ClassVar[str] = TOPIC
    letter_id: UUID
    kind: LetterKind
    sent_at: AwareTime = Field(description="When the mail server took it, in UTC")


class PackageDeletedV1(Event):
    """The package is gone from the blob store, or its link was replaced by a new one."""

    TYPE: ClassVar[str] = "package_deleted"
    TOPIC: ClassVar[str] = TOPIC
    package_id: UUID
    deleted_at: AwareTime


class CaseKeyDestroyedV1(Event):
    """Every service deletes its wrapped keys of the case and confirms; later events of the case stay unread."""

    TYPE: ClassVar[str] = "case_key_destroyed"
    TOPIC: ClassVar[str] = TOPIC
    destroyed_at: AwareTime
