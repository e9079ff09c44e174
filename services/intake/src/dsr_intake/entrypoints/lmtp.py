"""Takes mail from a mail server in front by LMTP (RFC 2033): each recipient is answered 250 only after the commit.

What that server was not told 250 for it keeps and sends again, so while our database is away nothing is lost and
nothing has to be kept here. Repeated mail is known by its bytes, as mail from mailboxes is.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from dsr_intake.adapters.lmtp_wire import LmtpListener, Transaction
from dsr_intake.adapters.mailboxes import LmtpAddresses
from dsr_intake.domain.receipt import received_at
from dsr_intake.ports import ArrivalStore
from dsr_shared.supervise import Part

TAKEN: Final = "250 2.1.5 stored"
UNKNOWN: Final = "550 5.1.1 no controller has this address; add it to the addresses in the mailboxes file of intake"
LATER: Final = "451 4.3.0 the mail cannot be stored now; send it again later"
_log = logging.getLogger(__name__)


def by_address(entries: Iterable[LmtpAddresses]) -> dict[str, LmtpAddresses]:
    """Whose mail comes to which address."""
    return {address: entry for entry in entries for address in entry.addresses}


@dataclass(frozen=True, slots=True)
class MailTaker:
    """Decides about recipients and stores mails; knows nothing of sockets."""

    entries: Mapping[str, LmtpAddresses]
    store: ArrivalStore
    count: Callable[[str], None] = lambda outcome: None  # noqa: ARG005 - the name says what is counted

    def entry_of(self, recipient: str) -> LmtpAddresses | None:
        """Whose address it is; what stands between + and @ is a token for a case and not part of the address."""
        local, _, domain = recipient.rpartition("@")
        return self.entries.get(f"{local.partition('+')[0]}@{domain}".lower())

    def refusal_of(self, recipient: str) -> str | None:
        """None where mail to the address is taken."""
        if self.entry_of(recipient) is not None:
            return None
        self.count("unknown_recipient")
        return UNKNOWN

    async def take(self, transaction: Transaction) -> dict[str, str]:
        """Store the mail once for each controller; the answer to each recipient."""
        answers: dict[str, str] = {}
        for entry, recipients in self._by_controller(transaction.recipients).values():
            answer = await self._stored(entry, transaction, recipients)
            answers |= dict.fromkeys(recipients, answer)
            self.count("stored" if answer == TAKEN else "later")
        return answers

    def _by_controller(self, recipients: Iterable[str]) -> dict[str, tuple[LmtpAddresses, list[str]]]:
        found: dict[str, tuple[LmtpAddresses, list[str]]] = {}
        for recipient in recipients:
            if (entry := self.entry_of(recipient)) is not None:
                found.setdefault(entry.controller_id, (entry, []))[1].append(recipient)
        return found

    async def _stored(self, entry: LmtpAddresses, transaction: Transaction, recipients: list[str]) -> str:
        raw = with_trace(transaction.content, transaction.sender, recipients)
        moment = received_at(raw, entry.own_mail_hosts, datetime.now(UTC))
        try:
            await self.store.store_raw(entry.controller_id, "mail", raw, moment, None)
        except Exception as error:  # noqa: BLE001 - whatever keeps us from storing: the server in front keeps the mail
            facts = {"controller_id": entry.controller_id, "error": type(error).__name__}
            _log.error("A mail that came by LMTP cannot be stored; it will come again.", exc_info=error, extra=facts)
            return LATER
        return TAKEN


def with_trace(raw: bytes, sender: str, recipients: Iterable[str]) -> bytes:
    """What a server that delivers adds on top (RFC 5321, section 4.4): who sent it, and to which addresses it came.

    The same mail to the same recipients gives the same bytes, however often it comes.
    """
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape") + raw


def serve_lmtp(listener: LmtpListener, taker: MailTaker) -> Part:
    """A part that takes mail until it is stopped; mails that are being stored then are finished."""

    async def serve(stop: asyncio.Event) -> None:
        async with listener.listening(taker.take, taker.refusal_of):
            await stop.wait()

    return serve
