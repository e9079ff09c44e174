"""Letters to who has no e-mail address, and letters that did not arrive: posted, or sent to a better address."""

from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from dsr_fulfilment.adapters import cases, desk, evidence, packages, work
from dsr_fulfilment.adapters.work import Letter, Task
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.challenges import send_challenge
from dsr_fulfilment.handlers.deliveries import told
from dsr_fulfilment.handlers.letters import move, open_letter, request_letter
from dsr_fulfilment.handlers.sealed import choose_letter_address, open_letter_address, open_person
from dsr_fulfilment.handlers.settle import nothing_left
from dsr_fulfilment.handlers.staff import NeedsReason, NotNow, StaffError
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.handlers.typed import sealed_fact
from dsr_shared.calendar import HELSINKI, helsinki_date
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.contracts.words import LetterKind
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import SealContext, open_with_token

PROVES_ITS_ADDRESS: Final[frozenset[LetterKind]] = frozenset({"challenge", "reminder", "download_code"})
"""A link or a code shows who holds the address it went to, so none of these is ever sent on to another one."""


def moment_of(day: date, now: datetime) -> datetime:
    """What staff know by its day alone: now for today, else noon of that day in Finland."""
    return now if day == helsinki_date(now) else datetime.combine(day, time(12), HELSINKI).astimezone(UTC)


async def set_address(tools: Tools, conn: Connection, case_id: UUID, *, address: str, reason: str, user: str) -> Case:
    """Letters of the case go here from now on. It proves nothing: before verification a person still decides."""
    case = await cases.lock(conn, case_id)
    if not reason.strip():
        raise NeedsReason
    if not case.is_open:
        raise NotNow(case, "another address")
    chosen = await choose_letter_address(tools, conn, case, address)
    facts = {"by": user, **await sealed_fact(tools, conn, case, "reason", reason)}
    await evidence.add(conn, tools.ring, chosen, "address_set", facts)
    if chosen.state == "identifying":
        chosen = await move(tools, conn, chosen, "ask_for_identity")
        chosen = await cases.set_needs_person(conn, case_id, "address_set")
        await work.add_task(conn, chosen, "identify", purpose="address_set")
    if chosen.state == "awaiting_identity":
        await send_challenge(tools, conn, chosen, address, "address_only")
    return chosen


async def send_again(tools: Tools, conn: Connection, task: Task, user: str) -> None:
    """Send what did not arrive, or was to be posted, to the address that letters of the case go to now."""
    case = await cases.lock(conn, task.case_id)
    letter, content = await letter_of(tools, conn, case, task)
    address = await open_letter_address(tools, conn, case) or (await open_person(tools, conn, case)).email
    if letter.kind in PROVES_ITS_ADDRESS:
        raise StaffError("This letter holds for the address it went to. Add an address: it gets a letter of its own.")
    if address is None:
        raise StaffError("There is no e-mail address in this case. Add one first, under Who.")
    if not await work.letter_resent(conn, letter.letter_id):
        raise StaffError("This letter went out already. Open the case again.")
    facts = {"kind": letter.kind, "letter": str(letter.letter_id), "by": user}
    await evidence.add(conn, tools.ring, case, "letter_resent", facts)
    await work.finish_task(conn, task.task_id, user, "resent", None)
    await request_letter(tools, conn, case, letter.kind, content.model_copy(update={"recipient_email": address}))
    await nothing_left(conn, case)


async def note_posted(tools: Tools, conn: Connection, task: Task, posted_on: date, user: str) -> None:
    """Somebody brought the letter to the post on that day: from here it counts like one that a mail server took."""
    case, now = await cases.lock(conn, task.case_id), await database_now(conn)
    letter, _ = await letter_of(tools, conn, case, task)
    if posted_on > helsinki_date(now) or posted_on < helsinki_date(letter.requested_at):
        raise StaffError("The letter was posted after it was written, and not in the future. Write that day.")
    posted_at = max(moment_of(posted_on, now), letter.requested_at)
    if not await work.letter_posted(conn, letter.letter_id, posted_at):
        raise StaffError("This letter is on its way already. Open the case again.")
    facts = {"kind": letter.kind, "letter": str(letter.letter_id), "posted_on": posted_on.isoformat(), "by": user}
    await evidence.add(conn, tools.ring, case, "letter_posted", facts)
    await work.finish_task(conn, task.task_id, user, "posted", None)
    await told(tools, conn, case, letter.kind, posted_at)
    await nothing_left(conn, await cases.lock(conn, case.case_id))


async def letter_of(tools: Tools, conn: Connection, case: Case, task: Task) -> tuple[Letter, LetterContentV1]:
    """The letter that a task is about, and what it says."""
    purposes = await desk.task_purposes(conn, case.case_id)
    letter = None
    if task.is_open and task.kind in ("letter_failed", "post_letter"):
        letter = await work.load_letter(conn, case.case_id, UUID(purposes[task.task_id]))
    content = None if letter is None else await open_letter(tools, conn, case, letter)
    if letter is None or content is None:
        raise StaffError("This letter can’t be taken up again. Reach the person another way, and write down how.")
    return letter, content


async def copy_to_print(
    tools: Tools, conn: Connection, case: Case, content: LetterContentV1, user: str
) -> bytes | None:
    """The person's copy of their data as it would be fetched by the link; None where there is none any more."""
    package = await packages.living(conn, case.case_id)
    if content.link is None or package is None:
        return None
    token = content.link.split("?")[0].rsplit("/", 1)[1]
    context = SealContext(record_id=package.package_id, kind="package", case_id=case.case_id, field="zip")
    zipped = open_with_token(token, await tools.blobs.get(package.blob), context)
    await evidence.add(conn, tools.ring, case, "copy_printed", {"package": str(package.package_id), "by": user})
    return zipped
