"""The other sides of the notifier, for its tests: fulfilment, which asks for letters, and the person's mailbox."""

import asyncio
import imaplib
from collections import defaultdict
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from uuid6 import uuid7

from dsr_notifier.bootstrap import Notifier
from dsr_notifier.config import NotifierSettings
from dsr_notifier.samples import CONTROLLER, sample_content
from dsr_shared.contracts.base import Envelope, Event, WrappedKeyV1
from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.controllers import ControllerPublishedV1
from dsr_shared.contracts.letters import LetterRequestedV1
from dsr_shared.contracts.words import Language, LetterKind
from dsr_shared.inbox import Disposition, Handled, Inbox, Record
from dsr_shared.keyring import PublicKeys
from dsr_shared.sealing import SealContext, new_data_key, seal_model

ADDRESS = "liisa@posti.example"


def register_of(controller_id: str, version: int = 1) -> ControllerPublishedV1:
    changes = {"contact_email": f"tietosuoja@{controller_id}.example", "register_version": version}
    return CONTROLLER.model_copy(update=changes)


class Fulfilment:
    """Writes events as fulfilment does, and hands them to the notifier's inbox as the broker does."""

    def __init__(self, notifier: Notifier, public_keys: Path, *, is_broker_away: bool = False) -> None:
        """With `is_broker_away` events are only collected in `records`."""
        self._public = PublicKeys.load(public_keys)
        self._sequences: dict[tuple[UUID, str], int] = defaultdict(int)
        self._offset = 0
        self._is_broker_away = is_broker_away
        self.records: list[Record] = []
        self.inbox = Inbox(notifier.database, "notifier", notifier.keys, notifier.receiving.handlers(), notifier.outbox)

    async def publish(self, controller_id: str = "esimerkki", version: int = 1) -> Disposition:
        case_id = UUID(int=sum(controller_id.encode()))
        return await self._give(register_of(controller_id, version), controller_id, case_id)

    async def ask_for_letter(
        self,
        kind: LetterKind = "acknowledgement",
        language: Language = "fi",
        *,
        controller_id: str = "esimerkki",
        case_id: UUID | None = None,
        letter_id: UUID | None = None,
        is_automatic: bool = False,
        to: str = ADDRESS,
        address_hash: str = "ab" * 32,
        **content: Any,
    ) -> tuple[UUID, UUID, Disposition]:
        """Returns letter id, case id and what the inbox made of it."""
        case_id, letter_id, event_id, key = case_id or uuid7(), letter_id or uuid7(), uuid7(), new_data_key("letter")
        words = sample_content(kind, language, recipient_email=to, **content)
        event = LetterRequestedV1(
            letter_id=letter_id,
            kind=kind,
            language=language,
            is_automatic=is_automatic,
            address_hash=address_hash,
            content=seal_model(key, words, SealContext(event_id, LetterRequestedV1.TYPE, case_id, "content")),
        )
        keys = (self._public.wrap(key, "notifier"),)
        disposition = await self._give(event, controller_id, case_id, event_id=event_id, keys=keys)
        return letter_id, case_id, disposition

    async def destroy_keys(self, case_id: UUID, controller_id: str = "esimerkki") -> Disposition:
        return await self._give(CaseKeyDestroyedV1(destroyed_at=datetime.now(UTC)), controller_id, case_id)

    async def replay(self) -> list[Disposition]:
        return [await self.inbox.consume(record) for record in self.records]

    async def _give(
        self,
        event: Event,
        controller_id: str,
        case_id: UUID,
        *,
        event_id: UUID | None = None,
        keys: tuple[WrappedKeyV1, ...] = (),
    ) -> Disposition:
        self._sequences[case_id, event.TOPIC] += 1
        event_id = event_id or uuid7()
        envelope = Envelope(
            event_id=event_id,
            type=event.TYPE,
            version=event.VERSION,
            controller_id=controller_id,
            case_id=case_id,
            sequence=self._sequences[case_id, event.TOPIC],
            occurred_at=datetime.now(UTC),
            producer="fulfilment",
            correlation_id=event_id,
            keys=keys,
            data=event.model_dump(mode="json"),
        )
        self._offset += 1
        value = envelope.model_dump_json().encode()
        record = Record(event.TOPIC, 0, self._offset, case_id.bytes, value)
        self.records.append(record)
        return Handled(had_handler=False) if self._is_broker_away else await self.inbox.consume(record)


async def told(notifier: Notifier, controller_id: str = "*") -> list[Envelope]:
    """What the notifier told fulfilment so far, from its outbox."""
    async with notifier.database.transaction(controller_id) as conn:
        rows = await conn.fetch("select payload from outbox where topic = 'deliveries.v1' order by event_id")
    return [Envelope.model_validate_json(row["payload"]) for row in rows]


async def state_of(notifier: Notifier, letter_id: UUID) -> str | None:
    async with notifier.database.across_controllers() as conn:
        state: str | None = await conn.fetchval("select state from letters where letter_id = $1", letter_id)
    return state


async def make_due(notifier: Notifier) -> None:
    """Let the pauses pass: what waits for its next attempt is due now."""
    async with notifier.database.across_controllers() as conn:
        await conn.execute("update letters set next_attempt_at = now() where next_attempt_at is not null")


async def end_leases(notifier: Notifier) -> None:
    """Let the leases pass: whoever held them is taken for dead."""
    async with notifier.database.across_controllers() as conn:
        await conn.execute("update letters set lease_until = now() - interval '1 second' where lease_token is not null")


async def dispatch_all(notifier: Notifier) -> None:
    while await notifier.dispatching.dispatch_next():
        pass


async def mails_of(host: str, imap_port: int, address: str) -> list[EmailMessage]:
    """The mails in the person's inbox."""
    return await asyncio.to_thread(_mails_of, host, imap_port, address)


def _mails_of(host: str, imap_port: int, address: str) -> list[EmailMessage]:
    with imaplib.IMAP4(host, imap_port) as imap:
        imap.login(address, "any")
        imap.select("INBOX")
        _, (found,) = imap.search(None, "ALL")
        parts = [imap.fetch(number, "(RFC822)")[1][0] for number in found.decode().split()]
    mails = [message_from_bytes(part[1], policy=default) for part in parts if isinstance(part, tuple)]
    return [mail for mail in mails if isinstance(mail, EmailMessage)]


def environment_of(settings: NotifierSettings) -> dict[str, str]:
    """The settings as a process of its own reads them."""
    values = settings.model_dump(exclude_none=True)
    plain = {n: v.get_secret_value() if isinstance(v, SecretStr) else v for n, v in values.items()}
    return {f"NOTIFIER_{name.upper()}": str(value) for name, value in plain.items()}
