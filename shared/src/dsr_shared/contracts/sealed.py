"""What lies inside sealed fields. These are the only classes that hold personal data."""

from datetime import date
from uuid import UUID

from pydantic import Field

from dsr_shared.contracts.base import Contract
from dsr_shared.contracts.cases import KeptV1
from dsr_shared.contracts.words import Right


class PersonV1(Contract):
    """The person concerned, as far as the arrival tells."""

    name: str | None = None
    email: str | None = None
    identifiers: dict[str, str] = Field(
        default_factory=dict, description="Declared identifiers, for example customer_number"
    )
    sender_email: str | None = Field(default=None, description="Who wrote, where it is another address")
    sender_name: str | None = None
    organisation_name: str | None = Field(default=None, description="For whom the writer acts, where it is no person")
    business_id: str | None = Field(default=None, description="Finnish Y-tunnus of that organisation")
    postal_address: str | None = Field(default=None, description="Where letters go by post, lines as on the envelope")


class EvidenceV1(Contract):
    """The words that a verdict of the reading rests on."""

    right: Right | None = None
    words: str


class MessageV1(Contract):
    """What was written, in readable form."""

    subject: str = ""
    text: str = Field(default="", description="Body without quoted older text, at most 64 KiB")
    evidence: tuple[EvidenceV1, ...] = ()
    message_id: str | None = None
    attachment_names: tuple[str, ...] = ()
    status_token: str | None = Field(default=None, description="Token of the person's status page, for letters' links")


class LetterContentV1(Contract):
    """Everything a letter's template may use; which fields a kind needs is said in the notifier's letter table."""

    recipient_email: str
    recipient_name: str | None = None
    reference: str
    received_on: date | None = None
    due_on: date | None = None
    extended_due_on: date | None = None
    rights: tuple[Right, ...] = ()
    link: str | None = Field(default=None, description="Challenge, status or package link with its token")
    status_link: str | None = None
    code: str | None = None
    expires_on: date | None = None
    reason: str | None = Field(default=None, description="Reasons of an extension or refusal")
    erased: tuple[str, ...] = Field(default=(), description="What was erased, a line a system")
    kept: tuple[KeptV1, ...] = ()
    in_reply_to: str | None = Field(default=None, description="Message-ID of the person's mail")
    reply_token: str | None = Field(
        default=None, description="Goes into the reply address, so that answers find the case"
    )
    breach: dict[str, str] = Field(default_factory=dict, description="Art. 34(2), by item")
    case_id: UUID | None = None
