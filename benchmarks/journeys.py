"""Machine time of a case: from "verified" to "package ready", and to "erased".

It begins with the transaction that proves the verification and ends when Kafka has taken the event that tells of the
result: commits and the relay's way are in it. A person's time to approve the erasure plan is not.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from benchmarks.forms import Poster, filled_form
from benchmarks.installation import CONTROLLER, STAFF, Installation
from benchmarks.measure import Measure, share
from benchmarks.waiting import until
from kuukausi.demo.browser import Browser
from kuukausi.demo.staff import Staff
from kuukausi.sample.people import Person, people

PROVED = "select occurred_at from evidence where case_id = $1 and kind = $2 order by position desc limit 1"
SENT = """
    select max(sent_at) from outbox where case_id = $1 and created_at >= $2
    having bool_and(sent_at is not null) and bool_or(event_type = $3)
"""
IS_PROPOSED = "select exists (select 1 from tasks where case_id = $1 and kind = 'approve_plan' and done_at is null)"
Database: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


async def measure_journeys(installed: Installation, *, cases: int) -> list[Measure]:
    """Cases of people in the sample company's two databases, one at a time."""
    customers = list(people()[100 : 100 + 2 * cases + 2])
    staff = Staff(installed.console_url, CONTROLLER, STAFF, installed.staff_password)
    await asyncio.to_thread(staff.sign_in)
    async with installed.connection("fulfilment") as database:
        await _access(installed, database, customers.pop())  # the first of each warms the connectors up
        await _erasure(installed, database, staff, customers.pop())
        packages = [await _access(installed, database, customers.pop()) for _ in range(cases)]
        erasures = [await _erasure(installed, database, staff, customers.pop()) for _ in range(cases)]
    return [
        *_lines("verified to package ready", packages),
        *_lines("verified to erased, without the person who approves", erasures),
    ]


def _lines(name: str, seconds: Sequence[float]) -> list[Measure]:
    return [
        Measure(f"{name}, median", share(seconds, 0.5), "s", 0.1, "at most"),
        Measure(f"{name}, longest of {len(seconds)}", max(seconds), "s"),
    ]


async def _access(installed: Installation, database: Database, person: Person) -> float:
    case_id = await _verified(installed, person, "access")
    began, ended = await _span(database, case_id, "verified", "package_ready")
    return (ended - began).total_seconds()


async def _erasure(installed: Installation, database: Database, staff: Staff, person: Person) -> float:
    case_id = await _verified(installed, person, "erasure")
    await _until(database, IS_PROPOSED, case_id)
    verified, proposed = await _span(database, case_id, "verified", "case_stage_changed")
    reference = await database.fetchval("select reference from cases where case_id = $1", case_id)
    await asyncio.to_thread(staff.approve_plan, reference)
    approved, told = await _span(database, case_id, "plan_approved", "letter_requested")
    return (proposed - verified + (told - approved)).total_seconds()


async def _verified(installed: Installation, person: Person, choice: str) -> UUID:
    """Post the form, read the letter, open its link and press the button, as the person would."""
    form, poster = filled_form(person.name, person.email, (choice,)), Poster(installed)
    async with poster.connection() as connection:
        await connection.post(poster.request(form))
    await asyncio.to_thread(_press, await installed.mail.link(person.email, "verify"))
    return form.arrival_id


def _press(link: str) -> None:
    browser = Browser()
    try:
        browser.submit(browser.open_form(link, "main form"))
    finally:
        browser.close()


async def _span(database: Database, case_id: UUID, proved: str, told: str) -> tuple[datetime, datetime]:
    """When the fact was proved, and when everything told since then, the given event among it, lay in Kafka."""
    began: datetime = await _until(database, PROVED, case_id, proved)
    ended: datetime = await _until(database, SENT, case_id, began, told)
    return began, ended


async def _until(database: Database, query: str, *values: object) -> Any:
    return await until(lambda: database.fetchval(query, *values), deadline_seconds=30)
