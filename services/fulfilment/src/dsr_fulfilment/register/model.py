"""The register of one controller, as its YAML file says it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from dsr_fulfilment.register.base import Name, Part, Region, Text, Words, in_language
from dsr_fulfilment.register.sign_in import SignIn
from dsr_fulfilment.register.systems import (
    Column,
    Export,
    Identifier,
    Join,
    KeepWhile,
    Normalisation,
    OnKeptChild,
    OptOut,
    PaperSystem,
    PostgresqlSystem,
    System,
    Table,
)
from dsr_shared.contracts.words import Language

__all__ = [
    "Activity", "Authority", "Column", "Contact", "Export", "HoldRule", "Identifier", "Join", "KeepWhile",
    "Normalisation", "Officer", "OnKeptChild", "OptOut", "PaperSystem", "PostgresqlSystem", "Recipient", "Register",
    "System", "Table", "Text", "Webhook",
    "in_language",
]  # fmt: skip

MailAddress = Annotated[str, Field(pattern=r"^[^@\s<>\"]{1,64}@[A-Za-z0-9.-]{1,190}$")]
LegalBasis = Literal[
    "consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"
]


class Contact(Part):
    """How a person reaches the controller."""

    email: MailAddress = Field(description="Privacy address, also the sender of letters")
    phone: str | None = None
    hours: Text = Field(default_factory=dict, description="When somebody answers the phone")
    postal_address: Words


class Officer(Part):
    """The data protection officer, or whoever answers in that role (Art. 13(1)(b), 37)."""

    name: Words | None = Field(default=None, description="A person's or an office's name; may be left out")
    email: MailAddress
    phone: str | None = None


class Authority(Part):
    """The supervisory authority, as letters name it."""

    name: Text
    postal_address: Words
    phone: Words
    email: MailAddress
    website: Words
    checked_on: date = Field(description="Day somebody last compared these details with the authority's own site")


class HoldRule(Part):
    """A class of material that must be kept, and for how long."""

    id: Name
    label: Text = Field(description="What it is")
    ground: Text = Field(description="Why it is kept, with the act and section last")
    years: int = Field(ge=1, le=50)
    counted_from: Literal["calendar_year_of_financial_year_end", "financial_year_end", "document_date"]
    valid_from: date | None = Field(default=None, description="First document date the rule applies to")
    valid_until: date | None = Field(default=None, description="Last document date the rule applies to")
    review_months: int | None = Field(default=None, ge=1, le=60, description="How often a person looks again")


class Recipient(Part):
    """Somebody who gets data (Art. 15(1)(c), 19, 30(1)(d))."""

    id: Name
    name: Words
    role: Literal["processor", "controller", "authority", "public"]
    purpose: Text
    region: Region
    safeguards: Text | None = Field(default=None, description="Art. 46 safeguards, where the region needs them")
    email: MailAddress | None = None


class Activity(Part):
    """One activity of the record of processing (Art. 30), with what a person is told (Art. 15(1))."""

    id: Name
    name: Text
    purpose: Text
    legal_basis: LegalBasis
    basis_detail: Text | None = Field(default=None, description="Which contract, act or interest")
    persons: Text = Field(description="Whose data")
    categories: Text = Field(description="Which kinds of data")
    retention: Text
    source: Text | None = Field(default=None, description="Where the data come from, if not from the person")
    recipients: tuple[Name, ...] = ()
    automated_decisions: Text | None = Field(
        default=None, description="Logic, meaning and consequences (Art. 22); left out where there are none"
    )
    obligation: Text | None = Field(
        default=None,
        description="Whether the person must give the data, and what follows if they do not (Art. 13(2)(e))",
    )
    systems: tuple[Name, ...] = Field(min_length=1)


class Webhook(Part):
    """Where a program of the controller's own hears how its cases stand."""

    url: Annotated[str, Field(pattern=r"^https://[^\s@#\\]+$", max_length=500, description="Its address, https only")]
    secret: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$", description="Name of the secret that signs what is sent")
    ]


class Register(Part):
    """The register of one controller."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$", description="Same as the file's name")]
    name: Words
    business_id: Annotated[str, Field(pattern=r"^\d{7}-\d$", description="Finnish Y-tunnus")] | None = None
    languages: tuple[Language, ...] = Field(
        min_length=1, description="Languages of form and letters, the default first"
    )
    brand_colour: Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{6}$")] = "#0B5563"
    contact: Contact
    data_protection_officer: Officer | None = Field(default=None, description="Left out where there is none")
    representative: Text | None = Field(
        default=None, description="Representative in the EU (Art. 27), where one is due"
    )
    joint_controllers: Text | None = Field(
        default=None, description="Joint controllers and who answers for what (Art. 26), where there are any"
    )
    sender_name: Words = Field(description="Display name of the sender of letters")
    mail_hosts: tuple[str, ...] = Field(default=(), description="Names the own mail server writes into Received")
    public_url: str | None = Field(default=None, description="Where the public pages are reached, if not as configured")
    embed_origins: tuple[
        Annotated[str, Field(pattern=r"^https://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$", max_length=200)], ...
    ] = Field(
        default=(), max_length=20, description="Sites that may show the form in a frame, as https://www.company.example"
    )
    notice_url: str | None = Field(
        default=None, description="Your own privacy notice, if the generated one shall not be linked to"
    )
    authority: Authority
    regions: tuple[Region, ...] = Field(min_length=1, description="Where data may lie; a system outside is refused")
    financial_year_end: Annotated[str, Field(pattern=r"^\d{2}-\d{2}$", description="Month and day, for example 12-31")]
    erasure_grace: Annotated[
        str,
        Field(pattern=r"^(none|([01]\d|2[0-3]):[0-5]\d)$", description="none, or the hour when approvals take effect"),
    ] = "06:00"
    holds: tuple[HoldRule, ...] = ()
    webhook: Webhook | None = None
    sign_in: SignIn | None = Field(default=None, description="Where a person may prove by a sign-in who they are")
    security: Text | None = Field(default=None, description="Security measures in general words (Art. 30(1)(g))")
    recipients: tuple[Recipient, ...] = ()
    activities: tuple[Activity, ...] = Field(min_length=1)
    systems: tuple[System, ...] = Field(min_length=1)

    def system(self, system_id: str) -> PostgresqlSystem | PaperSystem:
        """Give a system; KeyError where the register has none of that id."""
        for system in self.systems:
            if system.id == system_id:
                return system
        raise KeyError(system_id)

    def recipient(self, recipient_id: str) -> Recipient:
        """Give a recipient; KeyError where the register has none of that id."""
        return {recipient.id: recipient for recipient in self.recipients}[recipient_id]

    def identifier_names(self) -> frozenset[str]:
        """Every identifier that any system of the register can be searched by."""
        return frozenset(
            identifier.name
            for system in self.systems
            if isinstance(system, PostgresqlSystem)
            for table in system.tables
            for identifier in table.identifiers
        )
