"""The envelope around every event, and the types that its fields are made of."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field

from dsr_shared.contracts.words import Purpose, Service


def _is_aware(value: datetime) -> datetime:
    if value.utcoffset() is None:
        raise ValueError("a time without an offset; write it with one, in UTC")
    return value


AwareTime = Annotated[datetime, AfterValidator(_is_aware)]
ControllerId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$", description="Controller's id in its register")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 in hexadecimal")]


class Contract(BaseModel):
    """Anything on the wire: immutable; unknown fields are ignored when read, so that a newer producer can add some."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=False)


class SealedV1(Contract):
    """Bytes that only the holders of one data key can read."""

    key_id: UUID = Field(description="Data key it is sealed with")
    ciphertext: Base64Bytes = Field(description="24-byte nonce, then XChaCha20-Poly1305 ciphertext and tag")


class WrappedKeyV1(Contract):
    """A data key, wrapped for one reader."""

    key_id: UUID = Field(description="Data key's id")
    purpose: Purpose = Field(description="What the key seals")
    reader: Service = Field(description="Service that can unwrap it")
    ring_version: int = Field(ge=1, description="Version of the reader's wrapping key pair")
    wrapped: Base64Bytes = Field(description="The 32-byte key, sealed for the reader's wrapping key: 104 bytes")


class BlobRefV1(Contract):
    """A payload too large for an event, sealed in the blob store."""

    name: str = Field(pattern=r"^[a-z]+/[0-9a-f-]{36}$", description="Room and id in the blob store")
    length: int = Field(ge=0, description="Length of the sealed blob in bytes")
    sha256: Sha256 = Field(description="Hash of the sealed blob")
    key_id: UUID | None = Field(default=None, description="Data key; none where the key comes from a link's token")


class Event(Contract):
    """What happened. A subclass is one version of one event type and is never changed once it was published."""

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1
    TOPIC: ClassVar[str]


class Envelope(Contract):
    """What every event carries around its own data; it holds no personal data."""

    event_id: UUID = Field(description="UUIDv7, given once by the producer")
    type: str = Field(description="Event type, for example request_received")
    version: int = Field(ge=1, description="Version of the type")
    controller_id: ControllerId
    case_id: UUID = Field(description="Case the event belongs to; the Kafka key")
    sequence: int = Field(ge=1, description="Counts the events of this case on this topic from 1 without gaps")
    occurred_at: AwareTime = Field(description="When it happened, by the producer's database clock, in UTC")
    producer: Service
    causation_id: UUID | None = Field(default=None, description="Event that led to this one")
    correlation_id: UUID = Field(description="First event of the chain")
    traceparent: str | None = Field(default=None, description="W3C Trace Context of the producing span")
    keys: tuple[WrappedKeyV1, ...] = Field(default=(), description="Data keys of the sealed fields, for their readers")
    data: dict[str, object] = Field(description="The event itself, as its class describes it")
