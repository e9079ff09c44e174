"""Asking the notifier for a letter, and telling intake how a case stands."""

from datetime import date
from typing import Literal
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters import cases, evidence, webhook_calls, work
from dsr_fulfilment.adapters.work import Letter
from dsr_fulfilment.domain.case import Case, Subject
from dsr_fulfilment.domain.lifecycle import Command, advance, public_stage
from dsr_fulfilment.handlers.replies import expect_reply, token_of
from dsr_fulfilment.handlers.sealed import open_letter_address, open_message, open_person
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.cases import CaseStageChangedV1, KeptV1
from dsr_shared.contracts.letters import LetterRequestedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import Language, LetterKind
from dsr_shared.outbox import Draft
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import SealContext, open_model, seal_model

AUTOMATIC: frozenset[LetterKind] = frozenset({"challenge", "acknowledgement", "reminder"})
"""Letters that anybody can cause by writing: they count towards the daily limit of an address."""


ONLY_BY_MAIL: frozenset[LetterKind] = frozenset({"challenge", "acknowledgement", "reminder", "download_code"})
"""Letters that say nothing to who gets no mail: no task asks anybody to post them."""


async def content_for(tools: Tools, conn: Connection, case: Case) -> LetterContentV1:
    """What every letter of the case has in common; without an e-mail address it is to be posted."""
    person = await open_person(tools, conn, case)
    message = await open_message(tools, conn, case)
    recipient = await open_letter_address(tools, conn, case) or person.sender_email or person.email
    token = message.status_token
    return LetterContentV1(
        recipient_email=recipient or "",
        recipient_name=person.name,
        reference=case.reference,
        received_on=helsinki_date(case.received_at),
        due_on=case.due_on,
        extended_due_on=case.extended_due_on,
        rights=case.rights,
        status_link=None if token is None else public_link(tools, case, "status", token),
        in_reply_to=message.message_id,
        case_id=case.case_id,
    )


def public_link(tools: Tools, case: Case, page: str, token: str) -> str:
    """The address of a page of intake that only the holder of the token can open, in the person's language."""
    return f"{tools.intake_url}/{case.controller_id}/{page}/{token}?lang={case.language}"


async def request_letter(
    tools: Tools,
    conn: Connection,
    case: Case,
    kind: LetterKind,
    content: LetterContentV1,
    *,
    is_automatic: bool = False,
) -> None:
    """Ask for one letter of a case; it is sent once, and the case hears what became of it.

    `is_automatic`: no person and no proof stands behind it, whatever its kind. Without an e-mail address
    somebody posts it.
    """
    if content.recipient_email:
        letter_id = await request_letter_in(
            tools,
            conn,
            case,
            kind=kind,
            content=content.model_copy(update={"reply_token": token_of(tools, case)}),
            language=case.language,
            is_automatic=is_automatic,
        )
        await expect_reply(tools, conn, case, letter_id, content.recipient_email)
        await _keep(tools, conn, case, letter_id, content=content, way="mail")
    elif kind not in ONLY_BY_MAIL:
        letter_id = uuid7()
        await work.add_letter(conn, case, letter_id, kind, case.language)
        await _keep(tools, conn, case, letter_id, content=content, way="post")
        await work.add_task(conn, case, "post_letter", purpose=str(letter_id))
        await evidence.add(conn, tools.ring, case, "letter_to_post", {"kind": kind, "letter": str(letter_id)})


async def _keep(
    tools: Tools,
    conn: Connection,
    case: Case,
    letter_id: UUID,
    *,
    content: LetterContentV1,
    way: Literal["mail", "post"],
) -> None:
    key = await tools.keys.current(conn, case.controller_id, case.case_id, "gathered")
    await work.keep_letter(conn, letter_id, seal_model(key, content, _kept_context(case, letter_id)), way)


async def open_letter(tools: Tools, conn: Connection, case: Case, letter: Letter) -> LetterContentV1 | None:
    """What a letter says; None where it was not kept. Raises `KeyDestroyed`."""
    if letter.content_sealed is None:
        return None
    key = await tools.keys.get(conn, letter.content_sealed.key_id)
    return open_model(key, letter.content_sealed, _kept_context(case, letter.letter_id), LetterContentV1)


def _kept_context(case: Case, letter_id: UUID) -> SealContext:
    return SealContext(record_id=letter_id, kind="letters", case_id=case.case_id, field="content")


async def request_letter_in(
    tools: Tools,
    conn: Connection,
    case: Subject,
    *,
    kind: LetterKind,
    content: LetterContentV1,
    language: Language,
    is_automatic: bool = False,
) -> UUID:
    """Ask for one letter in a language; returns its id."""
    event_id, letter_id = uuid7(), uuid7()
    key = await tools.keys.current(conn, case.controller_id, case.case_id, "letter")
    context = SealContext(record_id=event_id, kind=LetterRequestedV1.TYPE, case_id=case.case_id, field="content")
    event = LetterRequestedV1(
        letter_id=letter_id,
        kind=kind,
        language=language,
        is_automatic=is_automatic or kind in AUTOMATIC,
        address_hash=tools.ring.mac("letter-address", content.recipient_email),
        content=seal_model(key, content, context),
    )
    await work.add_letter(conn, case, letter_id, kind, language)
    await tools.outbox.append(
        conn, Draft(event_id, case.controller_id, case.case_id, event, keys=tools.keys.wrap_for_readers(key))
    )
    await evidence.add(conn, tools.ring, case, "letter_requested", {"kind": kind, "letter": str(letter_id)})
    return letter_id


async def publish_stage(tools: Tools, conn: Connection, case: Case, kept: tuple[KeptV1, ...] = ()) -> None:
    """Tell the public pages how the case stands; ids, dates and the register's own words only."""
    event = CaseStageChangedV1(
        reference=case.reference,
        stage=public_stage(case.state),
        rights=case.rights,
        language=case.language,
        received_at=case.received_at,
        due_on=case.due_on,
        extended_due_on=case.extended_due_on,
        kept=kept,
        changed_at=await database_now(conn),
    )
    await tools.outbox.append(conn, Draft(uuid7(), case.controller_id, case.case_id, event))
    if tools.registers.get(case.controller_id).webhook is not None:
        await webhook_calls.tell(conn, case, _webhook_facts(event, case))


def _webhook_facts(event: CaseStageChangedV1, case: Case) -> dict[str, str | None]:
    """What a program of the company's own is told: nothing of the person, not even what was asked."""
    return {
        "type": event.TYPE,
        "controller": case.controller_id,
        "case_id": str(case.case_id),
        "reference": event.reference,
        "stage": event.stage,
        "due_on": event.due_on.isoformat(),
        "extended_due_on": event.extended_due_on.isoformat() if event.extended_due_on else None,
        "changed_at": event.changed_at.isoformat(),
    }


async def move(tools: Tools, conn: Connection, case: Case, command: Command, kept: tuple[KeptV1, ...] = ()) -> Case:
    """Bring the case on by a command of the lifecycle, on the record and on the public pages.

    Raises `IllegalTransition`.
    """
    moved = await cases.set_state(conn, case.case_id, advance(case.state, command, is_verified=case.is_verified))
    await evidence.add(conn, tools.ring, moved, "state", {"command": command, "from": case.state, "to": moved.state})
    await publish_stage(tools, conn, moved, kept)
    return moved


def last_day(case: Case) -> date:
    """The day by which the answer must be with the person."""
    return case.extended_due_on or case.due_on
