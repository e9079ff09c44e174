"""Which case a mail answers: by token, by letter, by earlier mail or by reference, and only for the right sender."""

from dataclasses import dataclass
from uuid import UUID

from dsr_intake.domain.decide import BouncedLetter, letters_in, references_in, tokens_in
from dsr_intake.domain.mail import Bounced, MailReading
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.cases import ReplyExpectedV1
from dsr_shared.contracts.words import Right
from dsr_shared.inbox import Received
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys, KeyDestroyed
from dsr_shared.postgres import Connection, load_queries
from dsr_shared.replies import is_recipient
from dsr_shared.sealing import SealContext, hash_token, open_sealed


@dataclass(frozen=True, slots=True)
class KnownCase:
    """The case that a mail answers."""

    case_id: UUID
    rights: frozenset[Right]
    is_open: bool
    is_breach: bool = False
    """Its letters told persons of a breach: who answers gets a case of their own, linked to it."""


class ExpectedReplies:
    """Remembers which letters went out, and to whom, as hashes."""

    def __init__(self) -> None:
        self._threads = load_queries("dsr_intake", "threads.sql")

    async def add(self, connection: Connection, received: Received) -> None:
        """A letter of the case went out."""
        event, envelope = received.event, received.envelope
        if not isinstance(event, ReplyExpectedV1):
            raise TypeError(f"{envelope.type} came to the handler of ReplyExpectedV1")
        await connection.execute(
            self._threads["expect_reply"],
            event.letter_id,
            envelope.controller_id,
            envelope.case_id,
            envelope.event_id,
            event.reply_token_hash,
            event.reply_token.model_dump_json(),
            event.recipient_hash,
        )

    async def forget(self, connection: Connection, controller_id: str, case_id: UUID) -> None:
        """The keys of the case are destroyed."""
        await connection.execute(self._threads["forget_replies"], controller_id, case_id)


class Replies:
    """Finds the case of an answer."""

    def __init__(self, keys: CaseKeys, ring: KeyRing) -> None:
        self._keys = keys
        self._ring = ring
        self._sql = load_queries("dsr_intake")
        self._threads = load_queries("dsr_intake", "threads.sql")

    async def find(self, connection: Connection, controller_id: str, reading: MailReading) -> KnownCase | None:
        """The first case that the mail names and whose right sender it has."""
        if reading.sender_email is None:
            return None
        sender_hash = self._ring.mac("address", reading.sender_email)
        for case_id in await self._named(connection, controller_id, reading):
            wrote = await connection.fetchval(self._sql["wrote_for_case"], controller_id, case_id, sender_hash)
            if wrote or await self._was_written_to(connection, controller_id, case_id, reading.sender_email):
                return await self._known(connection, case_id)
        return None

    async def bounced(self, connection: Connection, controller_id: str, told: Bounced | None) -> BouncedLetter | None:
        """The letter of ours that a report says came back. Who knows its id holds the letter, or carried it."""
        letters = letters_in(told.message_ids) if told else ()
        if told is None or not letters:
            return None
        row = await connection.fetchrow(self._threads["letter_sent"], controller_id, list(letters))
        return BouncedLetter(row["case_id"], row["letter_id"], told.cause) if row else None

    async def _named(self, connection: Connection, controller_id: str, reading: MailReading) -> list[UUID]:
        """Cases that the mail names, the surest way first."""
        answered = [text for text in (reading.in_reply_to, *reversed(reading.references)) if text]
        tokens = [hash_token(token) for token in tokens_in(reading.to_addresses)]
        found: list[UUID] = []
        for query, values in (("cases_by_tokens", tokens), ("cases_by_letters", list(letters_in(answered)))):
            if values:
                rows = await connection.fetch(self._threads[query], controller_id, values)
                found += [row["case_id"] for row in rows]
        if answered:
            hashed = [self.message_hash(text) for text in answered]
            found.append(await connection.fetchval(self._sql["case_by_message_ids"], controller_id, hashed))
        for reference in references_in(reading.subject_line, reading.to_addresses):
            found.append(await connection.fetchval(self._sql["case_by_reference"], controller_id, reference))
        return list(dict.fromkeys(case_id for case_id in found if case_id is not None))

    async def _was_written_to(
        self, connection: Connection, controller_id: str, case_id: UUID, sender_email: str
    ) -> bool:
        """Whether one of the case's letters went to this address."""
        for row in await connection.fetch(self._threads["recipients"], controller_id, case_id):
            sealed = SealedV1.model_validate_json(row["token_sealed"])
            context = SealContext(row["event_id"], ReplyExpectedV1.TYPE, case_id, "reply_token")
            try:
                key = await self._keys.get(connection, sealed.key_id)
            except KeyDestroyed:
                return False
            if is_recipient(open_sealed(key, sealed, context).decode(), sender_email, row["recipient_hash"]):
                return True
        return False

    async def _known(self, connection: Connection, case_id: UUID) -> KnownCase:
        row = await connection.fetchrow(self._threads["case_as_known"], case_id)
        if row is None:
            return KnownCase(case_id, frozenset(), is_open=True, is_breach=True)
        return KnownCase(case_id, frozenset(row["rights"]), row["is_open"])

    def message_hash(self, message_id: str) -> str:
        """What a Message-ID is known by here."""
        return self._ring.mac("message id", message_id)
