"""Letters, visits and phone calls, entered by staff: a case like any other, on the clock from the day it reached us.

EntryError
├── WrongDay      a day in the future
└── NothingSaid   neither words nor a scan
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Final, Literal
from uuid import UUID, uuid5

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.identity import NO_PROOF
from dsr_fulfilment.handlers.letters import move
from dsr_fulfilment.handlers.post import moment_of
from dsr_fulfilment.handlers.requests import open_request, verify
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import sealed_fact
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.requests import AttachmentV1, RequestReceivedV1, Whose
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.contracts.words import Language, Right
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import DataKey, SealContext, seal, seal_model

EnteredChannel = Literal["letter", "visit", "phone"]
SCANS: Final = "scans"
"""The room of the blob store where scans lie."""


class EntryError(Exception):
    """What was entered can't be; the text says why."""


class WrongDay(EntryError):
    """It reached us on a day that is not there yet."""


class NothingSaid(EntryError):
    """Nothing tells what was asked."""


@dataclass(frozen=True)
class Scan:
    """A scan or photo of what came; `media_type` is told by its bytes."""

    name: str = field(repr=False)
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Entry:
    """What a member of staff enters. The same `entry_id` twice is one entry: a double click opens no second case."""

    entry_id: UUID
    channel: EnteredChannel
    received_on: date
    language: Language
    rights: tuple[Right, ...]
    whose: Whose
    person: PersonV1 = field(repr=False)
    said: str = field(repr=False)
    scan: Scan | None = None
    document_seen: str = field(default="", repr=False)
    """For a visit: which document was seen and what was compared; never a copy of it."""


@dataclass(frozen=True)
class EnteredHere:
    """Stands where the envelope of an event does."""

    event_id: UUID
    controller_id: str
    case_id: UUID
    type: str = RequestReceivedV1.TYPE


async def enter(tools: Tools, conn: Connection, controller_id: str, entry: Entry, user: str) -> Case:
    """Open the case, or give the one that this very entry opened before; raises `EntryError`."""
    case_id = uuid5(entry.entry_id, controller_id)
    await conn.execute(statements("work")["lock_chain"], str(case_id))
    known = await cases.find(conn, case_id)
    if known is not None:
        return known
    now = await database_now(conn)
    _check(entry, now)
    origin = EnteredHere(uuid7(), controller_id, case_id)
    event = await _event(tools, conn, origin, entry, now)
    case = await open_request(tools, conn, origin, event)
    facts = {"by": user, "received_on": entry.received_on.isoformat(), "has_scan": entry.scan is not None}
    await evidence.add(conn, tools.ring, case, "entered", facts)
    if entry.channel == "visit" and entry.document_seen.strip():
        return await _seen(tools, conn, case, entry.document_seen, user)
    return case


def _check(entry: Entry, now: datetime) -> None:
    if entry.received_on > helsinki_date(now):
        raise WrongDay("It can’t have reached you in the future. Write the day it came.")
    if not entry.said.strip() and entry.scan is None:
        raise NothingSaid("Write what was said, or add a scan of the letter.")


async def _event(tools: Tools, conn: Connection, origin: EnteredHere, entry: Entry, now: datetime) -> RequestReceivedV1:
    """What intake would have sent, sealed for arrival like everything that comes."""
    key = await tools.keys.current(conn, origin.controller_id, origin.case_id, "arrival")
    scan = entry.scan
    message = MessageV1(text=entry.said.strip(), attachment_names=() if scan is None else (scan.name,))
    return RequestReceivedV1(
        arrival_id=entry.entry_id,
        channel=entry.channel,
        received_at=moment_of(entry.received_on, now),
        language=entry.language,
        rights=entry.rights,
        is_on_behalf=entry.whose == "other",
        needs_person=not entry.rights,
        confidence=1.0,
        person=seal_model(key, entry.person, _context(origin, "person")),
        message=seal_model(key, message, _context(origin, "message")),
        raw_sha256=_mark(tools, entry),
        attachments=() if scan is None else (await _stored(tools, key, origin, scan),),
        whose=entry.whose,
    )


def _context(origin: EnteredHere, name: str) -> SealContext:
    return SealContext(record_id=origin.event_id, kind=origin.type, case_id=origin.case_id, field=name)


def _mark(tools: Tools, entry: Entry) -> str:
    """The hash of the scan; of typed words a keyed one, for they could be guessed."""
    return tools.ring.mac("entry", entry.said) if entry.scan is None else sha256(entry.scan.data).hexdigest()


async def _stored(tools: Tools, key: DataKey, origin: EnteredHere, scan: Scan) -> AttachmentV1:
    attachment_id = uuid7()
    context = SealContext(record_id=attachment_id, kind="attachment", case_id=origin.case_id, field="bytes")
    sealed = seal(key, scan.data, context)
    stored = await tools.blobs.put(SCANS, sealed.ciphertext)
    blob = BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256, key_id=sealed.key_id)
    return AttachmentV1(attachment_id=attachment_id, media_type=scan.media_type, blob=blob)


async def _seen(tools: Tools, conn: Connection, case: Case, document: str, user: str) -> Case:
    """Somebody who came in person and showed who they are is that person: staff say how they know."""
    why = await sealed_fact(tools, conn, case, "reason", document)
    await evidence.add(conn, tools.ring, case, "document_seen", {"by": user, **why})
    if case.state != "received" or set(case.rights) <= NO_PROOF:
        return case
    return await verify(tools, conn, await move(tools, conn, case, "ask_for_identity"), f"document:{user}")
