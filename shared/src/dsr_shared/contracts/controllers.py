"""`controllers.v1` (compacted): the public part of each controller's register. Written by fulfilment, read by all."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from dsr_shared.contracts.base import Contract, Event
from dsr_shared.contracts.words import Language

TOPIC = "controllers.v1"


class AuthorityV1(Contract):
    """The supervisory authority, as letters name it (GDPR Art. 12(4), 13(2)(d))."""

    name: dict[Language, str]
    postal_address: str
    phone: str
    email: str
    website: str
    checked_on: date = Field(description="Day somebody last compared these details with the authority's own site")


class SignInV1(Contract):
    """An OpenID Connect provider through which a person may prove who they are. Secret and keys are no part of it."""

    name: dict[Language, str] = Field(description="What the button says, in the controller's languages")
    issuer: str = Field(description="Issuer identifier; every request of ours goes to this host and no other")
    client_id: str
    client_authentication: Literal["client_secret", "private_key_jwt"] = Field(
        default="client_secret",
        description="How intake shows the provider that it is this client; with private_key_jwt (RFC 7523) its "
        "requests are signed as well, and ID tokens must be encrypted to its key",
    )
    scopes: tuple[str, ...] = Field(default=("openid",), description="What is asked for")
    acr_values: tuple[str, ...] = Field(
        default=(), description="Levels of assurance of which the sign-in must have one; empty where any will do"
    )
    name_claim: str | None = Field(default=None, description="Claim of the ID token that holds the person's name")
    email_claim: str | None = Field(
        default=None, description="Claim with an address; counts where `email_verified` is true"
    )
    identifier_claims: dict[str, str] = Field(
        default_factory=dict, description="Declared identifier -> claim, for example customer_number -> customer_no"
    )


class ControllerPublishedV1(Event):
    """The whole public register of one controller; a later version replaces an earlier one."""

    TYPE: ClassVar[str] = "controller_published"
    TOPIC: ClassVar[str] = TOPIC
    register_version: int = Field(ge=1, description="Grows with every change of the register")
    name: str
    business_id: str | None = Field(default=None, description="Finnish Y-tunnus")
    languages: tuple[Language, ...] = Field(
        min_length=1, description="Languages of form and letters, the default first"
    )
    brand_colour: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$", description="Top bar of the public pages")
    contact_email: str = Field(description="Privacy address, also the sender of letters")
    contact_phone: str | None = None
    phone_hours: dict[Language, str] = Field(default_factory=dict)
    postal_address: str
    sender_name: str = Field(description="Display name of the sender of letters")
    mail_hosts: tuple[str, ...] = Field(
        default=(), description="Host names that the controller's own mail server writes into Received"
    )
    public_url: str = Field(description="Where the public web of intake is reached")
    notice_url: str | None = Field(default=None, description="Published privacy notice")
    authority: AuthorityV1
    embed_origins: tuple[str, ...] = Field(
        default=(),
        description="Origins whose pages may show the form in a frame, for example https://www.company.example",
    )
    sign_in: SignInV1 | None = Field(default=None, description="Where a person may sign in to prove who they are")
