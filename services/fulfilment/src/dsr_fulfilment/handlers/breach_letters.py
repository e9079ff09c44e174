"""The letters to the persons: after a person's approval, once to each, in their language (Art. 34)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from dsr_fulfilment.adapters import breach_tasks, breaches, evidence, work
from dsr_fulfilment.adapters.breaches import LetterStates, SealedPerson
from dsr_fulfilment.domain.breach_case import Breach, BreachDetails, missing_letter_parts
from dsr_fulfilment.handlers.breach_sealed import open_details, open_person
from dsr_fulfilment.handlers.breaches import NotYet, TextsMissing, settle_task
from dsr_fulfilment.handlers.letters import request_letter_in
from dsr_fulfilment.handlers.replies import expect_reply, token_of
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import Language
from dsr_shared.postgres import Connection

LANGUAGES: Final[dict[Language, str]] = {"fi": "Finnish", "sv": "Swedish", "en": "English"}


async def approve_letters(tools: Tools, conn: Connection, breach_id: UUID, user: str) -> int:
    """Ask for one letter to each person with an address; returns how many. A second approval is refused."""
    breach = await breaches.lock(conn, breach_id)
    _refuse_too_early(breach, await breaches.letter_states(conn, breach_id))
    details = await open_details(tools, conn, breach)
    people = await breaches.persons_to_write_to(conn, breach_id)
    missing = missing_letter_parts(details.letters, {person.language for person in people})
    if missing:
        raise TextsMissing("letter", tuple(f"{item} in {LANGUAGES[language]}" for item, language in missing))
    await breaches.approve_letters(conn, breach_id, user)
    await evidence.add(conn, tools.ring, breach, "letters_approved", {"letters": len(people), "by": user})
    for person in people:
        await _write_to(tools, conn, breach, person, details)
    return len(people)


async def send_again(
    tools: Tools, conn: Connection, breach_id: UUID, task_id: UUID, *, address: str | None, user: str
) -> None:
    """Send one letter that did not arrive once more, in place of the first; None: to the same address."""
    breach = await breaches.lock(conn, breach_id)
    task = await breach_tasks.load(conn, breach_id, task_id)
    if task is None or task.kind != "letter_failed" or not task.is_open:
        raise NotYet("This task is done already. Open the breach again.")
    letter_id = UUID(task.about)
    person = await breaches.person_of_letter(conn, breach_id, letter_id)
    if person is None or not await work.letter_resent(conn, letter_id):
        raise NotYet("This letter went out already. Open the breach again.")
    await _write_to(tools, conn, breach, person, await open_details(tools, conn, breach), address=address)
    facts = {"letter": str(letter_id), "by": user, "to_another_address": address is not None}
    await evidence.add(conn, tools.ring, breach, "letter_resent", facts)
    what = "Sent once more, to another address." if address else "Sent once more."
    await settle_task(tools, conn, breach_id, task_id, what_was_done=what, user=user)


def _refuse_too_early(breach: Breach, letters: LetterStates) -> None:
    if breach.state == "searching":
        raise NotYet("The search for the people is not over. Wait for it, then look at the list.")
    if breach.state == "letters_approved":
        raise NotYet("The letters were approved before: nobody gets two.")
    if breach.risk is None:
        raise NotYet("Say first how bad it is: that decides whether the people are told.")
    if not letters.with_address:
        raise NotYet("Nobody who was found has an e-mail address. Reach them another way.")


async def _write_to(
    tools: Tools,
    conn: Connection,
    breach: Breach,
    row: SealedPerson,
    details: BreachDetails,
    *,
    address: str | None = None,
) -> None:
    person = await open_person(tools, conn, breach, row)
    texts = {item: text.strip() for item, text in details.letters[row.language].items() if text.strip()}
    content = LetterContentV1(
        recipient_email=address or person.email or "",
        recipient_name=person.name,
        reference=breach.reference,
        breach=texts,
        case_id=breach.breach_id,
        reply_token=token_of(tools, breach),
    )
    letter_id = await request_letter_in(
        tools, conn, breach, kind="breach_notice", content=content, language=row.language
    )
    await expect_reply(tools, conn, breach, letter_id, content.recipient_email)
    await breaches.set_person_letter(conn, row.person_id, letter_id)


async def on_accepted(
    tools: Tools, conn: Connection, letter_id: UUID, *, message_id: str, accepted_at: datetime, is_repeat: bool
) -> None:
    """The mail server took the letter of one person: that they were told is on record."""
    breach_id = await breaches.breach_of_letter(conn, letter_id)
    if breach_id is None:
        return
    facts = {
        "kind": "breach_notice",
        "letter": str(letter_id),
        "message_id": message_id,
        "accepted_at": accepted_at.isoformat(),
        "is_repeat": is_repeat,
    }
    await evidence.add(conn, tools.ring, await breaches.lock(conn, breach_id), "letter_accepted", facts)


async def on_failed(tools: Tools, conn: Connection, letter_id: UUID, facts: Mapping[str, str | None]) -> None:
    """The letter of one person will not arrive: somebody reaches them another way."""
    breach_id = await breaches.breach_of_letter(conn, letter_id)
    if breach_id is None:
        return
    breach = await breaches.lock(conn, breach_id)
    await evidence.add(conn, tools.ring, breach, "letter_failed", facts)
    await breach_tasks.add(conn, breach, "letter_failed", str(letter_id))
