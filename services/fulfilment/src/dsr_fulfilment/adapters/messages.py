"""What came with messages, in PostgreSQL: files, what speaks for the sender, and the cases that hang together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dsr_fulfilment.adapters.cases import Origin
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.requests import MessageReceivedV1, RequestReceivedV1, SenderEvidenceV1
from dsr_shared.contracts.words import Right
from dsr_shared.postgres import Connection


@dataclass(frozen=True)
class Attachment:
    """A file of a case; its name stands sealed in the message, at `position`."""

    attachment_id: UUID
    message_id: UUID
    position: int
    media_type: str
    blob: BlobRefV1


@dataclass(frozen=True)
class LinkedCase:
    """A case that hangs together with another: `is_origin` where it came first; a breach always did."""

    reference: str
    rights: tuple[Right, ...]
    is_origin: bool
    is_breach: bool = False


@dataclass(frozen=True)
class LaterSender:
    """What speaks for the sender of something that came later."""

    evidence: SenderEvidenceV1 | None
    is_changed_copy: bool


def _json(evidence: SenderEvidenceV1 | None) -> str | None:
    return None if evidence is None else evidence.model_dump_json()


def _attachment(row: Mapping[str, Any]) -> Attachment:
    return Attachment(**{**dict(row), "blob": BlobRefV1.model_validate_json(row["blob"])})


async def note_origin(conn: Connection, origin: Origin, event: RequestReceivedV1 | MessageReceivedV1) -> None:
    """Keep what the arrival that opened a case tells beside its words."""
    is_automatic = isinstance(event, RequestReceivedV1) and event.is_automatic
    values = (origin.case_id, _json(event.sender_evidence), event.linked_case_id, is_automatic)
    await conn.execute(statements("messages")["note_origin"], *values)
    await _add_attachments(conn, origin, event)


async def note_message(conn: Connection, origin: Origin, event: MessageReceivedV1) -> None:
    """Keep what something that came later tells beside its words."""
    values = (origin.event_id, event.arrival_id, _json(event.sender_evidence), event.is_changed_copy)
    await conn.execute(statements("messages")["note_message"], *values)
    await _add_attachments(conn, origin, event)


async def _add_attachments(conn: Connection, origin: Origin, event: RequestReceivedV1 | MessageReceivedV1) -> None:
    for position, one in enumerate(event.attachments):
        await conn.execute(
            statements("messages")["add_attachment"],
            one.attachment_id,
            origin.controller_id,
            origin.case_id,
            origin.event_id,
            position,
            one.media_type,
            one.blob.model_dump_json(),
        )


async def attachments(conn: Connection, case_id: UUID) -> tuple[Attachment, ...]:
    rows = await conn.fetch(statements("messages")["attachments_of_case"], case_id)
    return tuple(_attachment(row) for row in rows)


async def attachment(conn: Connection, case_id: UUID, attachment_id: UUID) -> Attachment | None:
    row = await conn.fetchrow(statements("messages")["attachment"], case_id, attachment_id)
    return None if row is None else _attachment(row)


async def forget_attachments(conn: Connection, case_id: UUID) -> tuple[BlobRefV1, ...]:
    """Drop the files of a case; returns the blobs that are to be deleted."""
    rows = await conn.fetch(statements("messages")["forget_attachments"], case_id)
    return tuple(BlobRefV1.model_validate_json(row["blob"]) for row in rows)


async def later_senders(conn: Connection, case_id: UUID) -> dict[UUID, LaterSender]:
    rows = await conn.fetch(statements("messages")["sender_evidence_of_messages"], case_id)
    return {row["message_id"]: LaterSender(_evidence(row["sender_evidence"]), row["is_changed_copy"]) for row in rows}


def _evidence(document: str | None) -> SenderEvidenceV1 | None:
    return None if document is None else SenderEvidenceV1.model_validate(json.loads(document))


async def linked_cases(conn: Connection, case: Case) -> tuple[LinkedCase, ...]:
    """The case or breach this one came from, then those that came from this one."""
    rows = await conn.fetch(statements("messages")["linked_cases"], case.case_id, case.linked_case_id)
    return tuple(
        LinkedCase(row["reference"], tuple(row["rights"]), bool(row["is_origin"]), row["is_breach"]) for row in rows
    )


async def answers_about(conn: Connection, breach_id: UUID) -> tuple[str, ...]:
    """References of the cases that came as answers to the letters of a breach, oldest first."""
    return tuple(row["reference"] for row in await conn.fetch(statements("messages")["answers_about"], breach_id))


async def mark_look_alike(conn: Connection, case_id: UUID) -> None:
    await conn.execute(statements("messages")["mark_look_alike"], case_id)


async def correct_receipt(conn: Connection, case_id: UUID, received_at: datetime) -> Case | None:
    """Move the clock back to an earlier receipt; None where it is not earlier."""
    dates = due_dates(received_at)
    sql = statements("messages")
    row = await conn.fetchrow(sql["correct_receipt"], case_id, received_at, dates.due, dates.extended_due)
    if row is None:
        return None
    case = Case.from_row(row)
    await conn.execute(sql["bring_tasks_forward"], case_id, case.due_on)
    return case


async def correct_message_receipt(conn: Connection, case_id: UUID, arrival_id: UUID, received_at: datetime) -> None:
    await conn.execute(statements("messages")["correct_message_receipt"], case_id, arrival_id, received_at)


async def set_withdrawn(conn: Connection, case_id: UUID, withdrawn_at: datetime) -> Case:
    return Case.from_row(await conn.fetchrow(statements("messages")["set_withdrawn"], case_id, withdrawn_at))


async def clear_withdrawn(conn: Connection, case_id: UUID) -> Case:
    return Case.from_row(await conn.fetchrow(statements("messages")["clear_withdrawn"], case_id))


async def leave_nothing_to_do(conn: Connection, case_id: UUID, user: str, outcome: str) -> None:
    """Finish every open task and cancel every job that waits."""
    await conn.execute(statements("messages")["finish_all_tasks"], case_id, user, outcome)
    await conn.execute(statements("messages")["cancel_all_jobs"], case_id)
