"""What the notifier needs of the outside world."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from dsr_notifier.domain.addresses import MailAddress
from dsr_notifier.domain.delivery import SendOutcome
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import Language, LetterKind


@dataclass(frozen=True)
class Letter:
    """One letter, ready to be written."""

    letter_id: UUID
    case_id: UUID
    kind: LetterKind
    language: Language
    is_automatic: bool
    content: LetterContentV1


@dataclass(frozen=True, repr=False)
class OutgoingMail:
    """A mail as it goes to the mail server; `repr` stays silent, since all of it is personal data."""

    sender: MailAddress
    recipient: MailAddress
    message_id: str
    message: bytes


class LetterWriter(Protocol):
    """Makes a mail of a letter."""

    def write(
        self, letter: Letter, controller: ControllerPublishedV1, *, written_at: datetime, is_repeat: bool
    ) -> OutgoingMail:
        """Raises InvalidAddress where the recipient's or the controller's address cannot be written to."""
        ...


class MailSender(Protocol):
    """Hands mail to a mail server. Whatever goes wrong is an outcome, never an exception."""

    async def send(self, mail: OutgoingMail) -> SendOutcome:
        """Hand over one mail, once. Cancelled in the middle it leaves the outcome unknown."""
        ...

    async def is_reachable(self) -> bool:
        """Whether a mail server answers and lets us in; nothing is sent."""
        ...
