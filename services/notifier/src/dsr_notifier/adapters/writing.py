"""Makes a mail of a letter: headers that nobody else can write into, and the words twice, as text and as HTML."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from dsr_notifier.adapters.templates import Rendered, Templates
from dsr_notifier.domain import addresses
from dsr_notifier.domain.letters import LETTERS, auto_submitted
from dsr_notifier.ports import Letter, OutgoingMail
from dsr_shared.contracts.controllers import ControllerPublishedV1

REPEAT_HEADER = "Kuukausi-Repeat"
"""Set on a letter whose first attempt has no known outcome: it may come twice, with the same Message-ID."""


class TemplateLetterWriter:
    """Writes letters by the templates of this package."""

    def __init__(self) -> None:
        self._templates = Templates()

    def write(
        self, letter: Letter, controller: ControllerPublishedV1, *, written_at: datetime, is_repeat: bool
    ) -> OutgoingMail:
        recipient = addresses.parse_address(letter.content.recipient_email)
        sender = addresses.parse_address(controller.contact_email)
        message = EmailMessage(policy=SMTP)
        _address(message, letter, controller, sender, recipient)
        _mark(message, letter, written_at, is_repeat)
        _fill(message, self._templates.render(letter, controller))
        message["Content-Language"] = letter.language  # last: building the parts would move it into one of them
        return OutgoingMail(sender, recipient, message["Message-ID"], message.as_bytes())


def _address(
    message: EmailMessage,
    letter: Letter,
    controller: ControllerPublishedV1,
    sender: addresses.MailAddress,
    recipient: addresses.MailAddress,
) -> None:
    display_name = " ".join(controller.sender_name.split())
    message["From"] = Address(display_name, sender.local, sender.domain)
    message["To"] = Address("", recipient.local, recipient.domain)
    message["Message-ID"] = addresses.message_id(letter.letter_id, sender)
    if LETTERS[letter.kind].takes_reply:
        reply = addresses.reply_address(sender, letter.content.reply_token or letter.case_id.hex)
        message["Reply-To"] = Address(display_name, reply.local, reply.domain)
    if theirs := addresses.safe_message_id(letter.content.in_reply_to):
        message["In-Reply-To"] = theirs
        message["References"] = theirs


def _mark(message: EmailMessage, letter: Letter, written_at: datetime, is_repeat: bool) -> None:
    message["Date"] = format_datetime(written_at)
    if automatic := auto_submitted(letter.kind, letter.is_automatic):
        message["Auto-Submitted"] = automatic
    message["X-Auto-Response-Suppress"] = "All"
    if is_repeat:
        message[REPEAT_HEADER] = "yes"


def _fill(message: EmailMessage, words: Rendered) -> None:
    message["Subject"] = words.subject
    message.set_content(words.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", charset="utf-8", cte="quoted-printable")
