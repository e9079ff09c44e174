"""Where a person may sign in to prove who they are: an OpenID Connect provider, for example a broker of strong
identification. What its ID tokens say is matched like any other declared identifier.
"""

from typing import Annotated, Literal

from pydantic import Field

from dsr_fulfilment.register.base import Name, Part, Text

Claim = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$", description="Name of a claim, as the provider spells it")]
Word = Annotated[str, Field(pattern=r"^[\x21\x23-\x5b\x5d-\x7e]{1,200}$")]


class SignInClaims(Part):
    """Which claims of the ID token tell who somebody is."""

    name: Claim | None = Field(default=None, description="Shown to staff; a name alone never identifies anybody")
    email: Claim | None = Field(default=None, description="An address; counts only where `email_verified` is true")
    identifiers: dict[Name, Claim] = Field(
        default_factory=dict, description="Identifier of a system -> claim, for example customer_number: customer_no"
    )


class SignIn(Part):
    """The provider. Client secret and keys are no part of the register: intake reads them from a file."""

    name: Text = Field(description="What the button says, for example Identify yourself with bank codes")
    issuer: Annotated[
        str, Field(pattern=r"^https?://[^\s@?#\\]+$", max_length=300, description="Issuer, exactly as it names itself")
    ]
    client_id: Annotated[str, Field(pattern=r"^[\x20-\x7e]{1,200}$")]
    client_authentication: Literal["client_secret", "private_key_jwt"] = Field(
        default="client_secret",
        description="How intake shows that it is this client; private_key_jwt: as the Finnish Trust Network asks, with "
        "keys of its own, signed requests and encrypted ID tokens",
    )
    scopes: tuple[Word, ...] = Field(default=("openid",), max_length=20)
    acr_values: tuple[Word, ...] = Field(
        default=(),
        max_length=10,
        description="Levels of assurance of which one is demanded; left out where any will do",
    )
    claims: SignInClaims
