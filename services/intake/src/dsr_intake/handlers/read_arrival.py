"""A stored arrival becomes an event, or noise: in the transaction that marks it read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dsr_intake.domain.arrivals import NOISE_KEPT_DAYS, ClaimedArrival
from dsr_intake.domain.decide import (
    BouncedLetter,
    Decision,
    EarlierMail,
    Message,
    Noise,
    OpenCase,
    Situation,
    Told,
    decide,
)
from dsr_intake.domain.mail import MAX_TEXT_BYTES, MailFile, MailReading, Unreadable
from dsr_intake.domain.sender import OwnSide, sender_evidence
from dsr_intake.handlers.copies import Copies, Known, Receipts
from dsr_intake.handlers.drafts import SealedParts, plain_draft
from dsr_intake.handlers.mail_files import MailFiles
from dsr_intake.handlers.replies import Replies
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.base import BlobRefV1, WrappedKeyV1
from dsr_shared.contracts.requests import LetterBouncedV1, MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import EvidenceV1, MessageV1, PersonV1
from dsr_shared.contracts.words import Language, Right
from dsr_shared.keyring import KeyRing
from dsr_shared.keys import CaseKeys, KeyDestroyed
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Connection, load_queries
from dsr_shared.sealing import DataKey


@dataclass(frozen=True, slots=True)
class OpenedArrival:
    """What the worker holds of an arrival once it was read."""

    claim: ClaimedArrival
    key: DataKey
    raw: bytes
    blob: BlobRefV1 | None
    reading: MailReading | Unreadable
    default_language: Language
    files: tuple[MailFile, ...] = ()
    own: OwnSide = field(default_factory=OwnSide)


class ReadArrival:
    """Decides about one arrival that was read, and commits nothing itself."""

    def __init__(self, keys: CaseKeys, ring: KeyRing, outbox: Outbox, files: MailFiles, *, requests_a_day: int) -> None:
        self._keys = keys
        self._ring = ring
        self._outbox = outbox
        self._files = files
        self._replies = Replies(keys, ring)
        self._copies = Copies(ring, Receipts(outbox))
        self._requests_a_day = requests_a_day
        self._sql = load_queries("dsr_intake")

    async def __call__(self, connection: Connection, arrival: OpenedArrival) -> Decision | None:
        """Tell what follows; None where another worker took the arrival over meanwhile."""
        claim = arrival.claim
        received_at = await connection.fetchval(self._sql["hold_lease"], claim.arrival_id, claim.lease_token)
        if received_at is None:
            return None
        known = Known()
        if isinstance(arrival.reading, MailReading):
            known = await self._copies.look(connection, claim, arrival.reading)
        if known.copy is not None:
            await self._copies.keep(connection, claim, known.copy, received_at)
            return known.copy
        return await self._decide(connection, arrival, received_at, known.earlier)

    async def _decide(
        self, connection: Connection, arrival: OpenedArrival, received_at: Any, earlier: EarlierMail
    ) -> Decision:
        claim, sender = arrival.claim, self._sender_hash(arrival.reading)
        situation = await self._situation(connection, claim, arrival.reading, sender, earlier)
        decision = decide(arrival.reading, situation)
        match decision:
            case Noise():
                await self._mark(connection, arrival, decision, claim.arrival_id, sender)
            case BouncedLetter():
                await self._mark(connection, arrival, decision, claim.arrival_id, sender)
                event = LetterBouncedV1(letter_id=decision.letter_id, bounced_at=received_at, cause=decision.cause)
                await self._outbox.append(connection, plain_draft(claim.controller_id, decision.case_id, event))
            case OpenCase() | Message():
                decision = await self._tell(connection, arrival, decision, received_at, sender)
        return decision

    async def _tell(
        self,
        connection: Connection,
        arrival: OpenedArrival,
        decision: OpenCase | Message,
        received_at: Any,
        sender: str | None,
    ) -> OpenCase | Message:
        decision, key = await self._key_for(connection, arrival, decision)
        parts = SealedParts(
            RequestReceivedV1 if isinstance(decision, OpenCase) else MessageReceivedV1, decision.case_id, key
        )
        controller_id = arrival.claim.controller_id
        kept = await self._files.keep(connection, controller_id, decision.case_id, key, arrival.files)
        facts = _facts(arrival, parts, received_at) | {"attachments": kept}
        if isinstance(decision, OpenCase):
            event: RequestReceivedV1 | MessageReceivedV1 = _request(arrival.reading, facts, decision)
        else:
            event = _message(decision, facts)
        draft = parts.draft(controller_id, event, self._wrapped(arrival, key))
        await self._outbox.append(connection, draft)
        await self._mark(connection, arrival, decision, decision.case_id, sender)
        await self._remember(connection, arrival, decision, received_at)
        return decision

    async def _key_for(
        self, connection: Connection, arrival: OpenedArrival, decision: OpenCase | Message
    ) -> tuple[OpenCase | Message, DataKey]:
        """The arrival's own key for a case of its own; a key of the known case else, unless that was destroyed."""
        claim = arrival.claim
        if decision.case_id == claim.arrival_id or isinstance(decision, OpenCase):
            return decision, arrival.key
        try:
            return decision, await self._keys.new(connection, claim.controller_id, decision.case_id, "arrival")
        except KeyDestroyed:
            return Message(claim.arrival_id, decision.kind, decision.problem), arrival.key

    def _wrapped(self, arrival: OpenedArrival, key: DataKey) -> tuple[WrappedKeyV1, ...]:
        keys = {key.key_id: key} | ({arrival.key.key_id: arrival.key} if arrival.blob else {})
        return tuple(wrapped for one in keys.values() for wrapped in self._keys.wrap_for_readers(one))

    async def _situation(
        self,
        connection: Connection,
        claim: ClaimedArrival,
        reading: MailReading | Unreadable,
        sender: str | None,
        earlier: EarlierMail,
    ) -> Situation:
        counted = await connection.fetchrow(
            self._sql["requests_of_day"], claim.controller_id, [sender], claim.received_at
        )
        known = letter = None
        if isinstance(reading, MailReading):
            known = await self._replies.find(connection, claim.controller_id, reading)
            letter = await self._replies.bounced(connection, claim.controller_id, reading.bounced)
        return Situation(
            arrival_id=claim.arrival_id,
            known_case_id=known.case_id if known and not known.is_breach else None,
            known_breach_id=known.case_id if known and known.is_breach else None,
            known_rights=known.rights if known else frozenset(),
            is_known_open=known is not None and known.is_open,
            earlier=earlier,
            bounced_letter=letter,
            requests_today=counted["requests"] if counted else 0,
            flood_case_id=counted["flood_case_id"] if counted else None,
            daily_limit=self._requests_a_day,
        )

    async def _mark(
        self, connection: Connection, arrival: OpenedArrival, decision: Told, case_id: UUID, sender: str | None
    ) -> None:
        reading = arrival.reading
        kind = "request" if isinstance(decision, OpenCase) else decision.kind
        problem = decision.problem if isinstance(decision, Message) else None
        await connection.execute(
            self._sql["mark_read"],
            arrival.claim.arrival_id,
            case_id,
            kind,
            reading.language if isinstance(reading, MailReading) else arrival.default_language,
            sender,
            problem == "flood",
            problem,
            NOISE_KEPT_DAYS if isinstance(decision, Noise | BouncedLetter) else None,
        )

    async def _remember(
        self, connection: Connection, arrival: OpenedArrival, decision: OpenCase | Message, received_at: Any
    ) -> None:
        """What later mails and the status page need to know of the case."""
        controller_id, reading = arrival.claim.controller_id, arrival.reading
        if not isinstance(reading, MailReading):
            return
        if reading.message_id:
            hashed = self._replies.message_hash(reading.message_id)
            await connection.execute(self._sql["add_thread"], controller_id, hashed, decision.case_id)
        if decision.case_id == arrival.claim.arrival_id:
            due = due_dates(received_at).due
            rights = list(reading.rights) if isinstance(decision, Message) else list(_rights(reading, decision))
            values = (decision.case_id, controller_id, rights, reading.language, received_at, due)
            await connection.execute(self._sql["open_case"], *values)

    def _sender_hash(self, reading: MailReading | Unreadable) -> str | None:
        if not isinstance(reading, MailReading) or reading.sender_email is None:
            return None
        return self._ring.mac("address", reading.sender_email)


def _facts(arrival: OpenedArrival, parts: SealedParts, received_at: Any) -> dict[str, Any]:
    reading = arrival.reading
    if isinstance(reading, MailReading):
        person, message, language = _person(reading), _text(reading, arrival.files), reading.language
    else:
        person, message, language = PersonV1(), _raw_text(arrival.raw), arrival.default_language
    return {
        "arrival_id": arrival.claim.arrival_id,
        "channel": arrival.claim.channel,
        "received_at": received_at,
        "language": language,
        "person": parts.person(person),
        "message": parts.message(message),
        "raw_sha256": arrival.claim.raw_sha256,
        "raw": arrival.blob,
        "sender_evidence": sender_evidence(reading, arrival.own) if isinstance(reading, MailReading) else None,
    }


def _request(reading: MailReading | Unreadable, facts: dict[str, Any], decision: OpenCase) -> RequestReceivedV1:
    """What a machine sent goes to a person first, so that no machine answers it."""
    if not isinstance(reading, MailReading):
        raise TypeError("an unreadable arrival opens no request")
    return RequestReceivedV1(
        **facts,
        rights=_rights(reading, decision),
        is_on_behalf=reading.is_on_behalf,
        needs_person=reading.needs_person or reading.is_auto,
        confidence=reading.confidence,
        linked_case_id=decision.linked_case_id,
        is_automatic=reading.is_auto,
    )


def _rights(reading: MailReading, decision: OpenCase) -> tuple[Right, ...]:
    return reading.rights if decision.rights is None else decision.rights


def _message(decision: Message, facts: dict[str, Any]) -> MessageReceivedV1:
    is_readable = decision.problem in (None, "flood")
    return MessageReceivedV1(
        **facts,
        kind=decision.kind,
        is_readable=is_readable,
        problem=decision.problem,
        is_changed_copy=decision.is_changed_copy,
        linked_case_id=decision.linked_case_id,
    )


def _person(reading: MailReading) -> PersonV1:
    own = None if reading.is_on_behalf else reading.sender_email
    email = reading.subject_email or own
    is_other = reading.sender_email is not None and reading.sender_email != email
    return PersonV1(
        name=reading.subject_name or (None if reading.is_on_behalf else reading.sender_name),
        email=email,
        sender_email=reading.sender_email if is_other else None,
        sender_name=reading.sender_name if is_other else None,
    )


def _text(reading: MailReading, files: Sequence[MailFile]) -> MessageV1:
    """Names of the files that were kept come first, in their order; the others lie in the mail alone."""
    kept = [file.name for file in files]
    return MessageV1(
        subject=reading.subject_line,
        text=reading.text,
        evidence=tuple(EvidenceV1(right=evidence.right, words=evidence.words) for evidence in reading.evidence),
        message_id=reading.message_id,
        attachment_names=(*kept, *(name for name in reading.attachment_names if name not in kept)),
    )


def _raw_text(raw: bytes) -> MessageV1:
    """For a person's eyes: the first bytes as they came, since no program could make more of them."""
    text = raw[: MAX_TEXT_BYTES // 2].decode("utf-8", errors="replace")
    return MessageV1(text="".join(sign for sign in text if sign.isprintable() or sign in "\n\t"))
