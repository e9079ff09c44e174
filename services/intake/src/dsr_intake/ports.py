"""What intake needs from the world, in its own words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from dsr_intake.domain.arrivals import StoredArrival
from dsr_intake.domain.mail import MailFile, MailPosition, MailReading, Unreadable
from dsr_intake.domain.sign_in import Answer, Asked
from dsr_shared.contracts.controllers import SignInV1
from dsr_shared.contracts.words import Channel


class ArrivalStore(Protocol):
    """Keeps what arrived, sealed; it returns after the commit."""

    async def store_raw(
        self, controller_id: str, channel: Channel, raw: bytes, received_at: datetime, position: MailPosition | None
    ) -> StoredArrival:
        """Store the bytes once a controller; repeated bytes keep the earliest `received_at`."""
        ...


class MailReader(Protocol):
    """Reads a raw mail within limits of time and memory."""

    async def __call__(
        self, raw: bytes, own_addresses: Sequence[str], own_hosts: Sequence[str]
    ) -> MailReading | Unreadable:
        """Say what the mail is, or why nobody can tell."""
        ...


class FileReader(Protocol):
    """Takes the files out of a raw mail within limits of time and memory."""

    async def __call__(self, raw: bytes) -> tuple[MailFile, ...] | Unreadable:
        """The files in their order, or why they cannot be had."""
        ...


class IdentityProvider(Protocol):
    """Proves who somebody is, for whichever provider a register names."""

    def is_ready(self, controller_id: str, sign_in: SignInV1 | None) -> bool:
        """Whether anybody can sign in there at all."""
        ...

    def public_keys(self, controller_id: str, sign_in: SignInV1 | None) -> dict[str, Any] | None:
        """The JWK Set by which the provider knows us, if that is how; nothing private is in it."""
        ...

    async def address(self, controller_id: str, sign_in: SignInV1, asked: Asked) -> str:
        """Where the browser goes to sign in; raises `ProviderUnreachable`."""
        ...

    async def claims(self, controller_id: str, sign_in: SignInV1, answer: Answer) -> dict[str, Any]:
        """The verified claims about whoever signed in; raises `SignInError`."""
        ...
