"""What became of letters: an answer counts only when the mail server accepted it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from dsr_fulfilment.adapters import cases, evidence, work
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.deadline import extension_takes_effect
from dsr_fulfilment.handlers import breach_letters
from dsr_fulfilment.handlers.letters import move, publish_stage
from dsr_fulfilment.handlers.status_page import tell_letter_sent
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.deliveries import LetterAcceptedV1, LetterFailedV1
from dsr_shared.contracts.requests import LetterBouncedV1
from dsr_shared.contracts.words import LetterKind
from dsr_shared.inbox import Received
from dsr_shared.postgres import Connection

ANSWERS: Final[frozenset[LetterKind]] = frozenset({"access_reply", "nothing_found", "not_identified", "confirmation"})


async def on_letter_accepted(tools: Tools, conn: Connection, received: Received, event: LetterAcceptedV1) -> None:
    """The mail server took a letter of the case; what waited for it goes on."""
    case = await cases.find(conn, received.envelope.case_id)
    kind = await work.letter_accepted(
        conn, event.letter_id, event.accepted_at, event.message_id, is_repeat=event.is_repeat
    )
    if kind == "breach_notice":
        await breach_letters.on_accepted(
            tools,
            conn,
            event.letter_id,
            message_id=event.message_id,
            accepted_at=event.accepted_at,
            is_repeat=event.is_repeat,
        )
    if kind is None or case is None:
        return
    case = await cases.lock(conn, case.case_id)
    facts = {
        "kind": kind,
        "letter": str(event.letter_id),
        "message_id": event.message_id,
        "accepted_at": event.accepted_at.isoformat(),
        "is_repeat": event.is_repeat,
    }
    await evidence.add(conn, tools.ring, case, "letter_accepted", facts)
    await tell_letter_sent(tools, conn, case, kind, event)
    await told(tools, conn, case, kind, event.accepted_at)


async def told(tools: Tools, conn: Connection, case: Case, kind: LetterKind, at: datetime) -> None:
    """A letter is on its way to the person, by mail or by post since `at`."""
    if kind == "extension":
        await _extend(tools, conn, case, at)
    else:
        await go_on(tools, conn, case, kind)


async def go_on(tools: Tools, conn: Connection, case: Case, kind: LetterKind) -> None:
    """The person was told: what waited for it goes on."""
    if kind == "refusal" and case.state == "refusing":
        await move(tools, conn, case, "accept_refusal")
    elif kind in ANSWERS and case.state == "answering" and not await _waits_for_answer(conn, case):
        await move(tools, conn, case, "accept_answer")
        await work.add_job(conn, case, "conclude")
    elif case.state == "closing":
        await work.add_job(conn, case, "conclude")


async def _waits_for_answer(conn: Connection, case: Case) -> bool:
    """An opt-out is confirmed at once, beside the answer to the rest: the case goes on when both were taken."""
    return any(
        letter.kind in ANSWERS and letter.state == "requested" for letter in await work.letters(conn, case.case_id)
    )


async def _extend(tools: Tools, conn: Connection, case: Case, accepted_at: datetime) -> None:
    """A notice that the mail server took, or that was posted, after the first due date is void (Art. 12(3))."""
    if not extension_takes_effect(case.due_on, accepted_at):
        late = await cases.set_needs_person(conn, case.case_id, "extension_too_late")
        await work.add_task(conn, late, "needs_person", purpose="extension_too_late")
        return
    extended = await cases.set_extension(conn, case.case_id, due_dates(case.received_at).extended_due)
    await evidence.add(conn, tools.ring, extended, "extended", {"until": str(extended.extended_due_on)})
    await publish_stage(tools, conn, extended)


async def on_letter_failed(tools: Tools, conn: Connection, received: Received, event: LetterFailedV1) -> None:
    """The letter will not arrive: a person chooses another way, and the clock goes on."""
    failed = Failed(event.letter_id, event.failed_at, event.reason)
    await _fail(tools, conn, received.envelope.case_id, failed)


async def on_letter_bounced(tools: Tools, conn: Connection, received: Received, event: LetterBouncedV1) -> None:
    """A report came that the letter will not arrive, though the mail server had taken it: it counts no longer."""
    failed = Failed(event.letter_id, event.bounced_at, "bounced", {"cause": event.cause})
    await _fail(tools, conn, received.envelope.case_id, failed)


@dataclass(frozen=True)
class Failed:
    """What is known of a letter that will not arrive."""

    letter_id: UUID
    at: datetime
    reason: str
    more: Mapping[str, str] = field(default_factory=dict)


async def _fail(tools: Tools, conn: Connection, case_id: UUID, failed: Failed) -> None:
    kind = await work.letter_failed(conn, failed.letter_id, failed.at, failed.reason)
    facts = {"kind": kind, "letter": str(failed.letter_id), "reason": failed.reason, **failed.more}
    if kind == "breach_notice":
        await breach_letters.on_failed(tools, conn, failed.letter_id, facts)
    if kind is None or await cases.find(conn, case_id) is None:
        return
    case = await cases.lock(conn, case_id)
    await evidence.add(conn, tools.ring, case, "letter_failed", facts)
    if kind == "extension":
        case = await _take_back_extension(tools, conn, case)
    case = await cases.set_needs_person(conn, case.case_id, f"letter_failed:{kind}")
    await work.add_task(conn, case, "letter_failed", purpose=str(failed.letter_id))


async def _take_back_extension(tools: Tools, conn: Connection, case: Case) -> Case:
    """A notice that did not arrive extends nothing (Art. 12(3)): the first due date holds again."""
    if case.extended_due_on is None:
        return case
    case = await cases.set_extension(conn, case.case_id, None)
    await evidence.add(conn, tools.ring, case, "extension_void", {"due": str(case.due_on)})
    await publish_stage(tools, conn, case)
    return case
