"""The status page at every stage that a case can stand at, as fulfilment's events make it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from playwright.async_api import Page
from tests.browser.conftest import PublicWeb
from tests.browser.walk import press, tell
from uuid6 import uuid7

from dsr_shared.calendar import due_dates
from dsr_shared.contracts.cases import (
    CaseKeyDestroyedV1,
    CaseStageChangedV1,
    ChallengeIssuedV1,
    KeptV1,
    LetterSentV1,
)
from dsr_shared.contracts.words import LetterKind, Right, Stage
from dsr_shared.sealing import hash_token, new_token

INVOICES = KeptV1(
    label={"fi": "Laskut", "sv": "Fakturor", "en": "Invoices"},
    ground={"fi": "Kirjanpitolaki", "sv": "Bokföringslagen", "en": "Accounting Act"},
    count=2,
    until=date(2032, 12, 31),
)
DISPUTE = KeptV1(
    label={"fi": "Reklamaatio", "sv": "Reklamation", "en": "Complaint"},
    ground={"fi": "Oikeusvaateen puolustaminen", "sv": "Försvar av rättsliga anspråk", "en": "Defence of a claim"},
    count=1,
)


@dataclass(frozen=True)
class Course:
    """What fulfilment told of one case, in order."""

    name: str
    stages: tuple[Stage, ...]
    letters: tuple[LetterKind, ...] = ("challenge",)
    rights: tuple[Right, ...] = ("access", "erasure")
    kept: tuple[KeptV1, ...] = ()
    days_ago: int = 5


COURSES = (
    Course("identifying", ("identifying",)),
    Course("gathering", ("identifying", "gathering")),
    Course("with the staff", ("identifying", "gathering", "awaiting_staff")),
    Course(
        "answered",
        ("gathering", "erasing", "answered"),
        ("challenge", "access_reply", "erasure_reply"),
        kept=(INVOICES,),
    ),
    Course("kept without an end", ("gathering", "erasing"), kept=(INVOICES, DISPUTE)),
    Course("opted out", ("answered",), ("confirmation",), ("marketing_opt_out",)),
    Course(
        "opted out beside", ("identifying",), ("challenge", "confirmation"), ("access", "marketing_opt_out"), days_ago=1
    ),
    Course("late", ("gathering",), days_ago=60),
    Course("closed", ("gathering", "answered", "closed"), ("challenge", "access_reply"), ("access",), (INVOICES,), 20),
)


async def carried_out(web: PublicWeb, course: Course) -> tuple[UUID, str]:
    """A case that took this course, and the token of the letter that proves the address."""
    case_id, token, now = uuid7(), new_token(), datetime.now(UTC)
    received_at = now - timedelta(days=course.days_ago)
    issued = ChallengeIssuedV1(challenge_id=uuid7(), token_hash=hash_token(token), expires_at=now + timedelta(days=14))
    await tell(web.intake, issued, case_id)
    for stage in course.stages:
        told = CaseStageChangedV1(
            reference=f"K-2026-{case_id.int % 10**6}",
            stage=stage,
            rights=course.rights,
            language="fi",
            received_at=received_at,
            due_on=due_dates(received_at).due,
            kept=course.kept,
            changed_at=now,
        )
        await tell(web.intake, told, case_id)
    for kind in course.letters:
        await tell(web.intake, LetterSentV1(letter_id=uuid7(), kind=kind, sent_at=now), case_id)
    return case_id, token


async def stage_pages(page: Page, web: PublicWeb, language: str) -> AsyncIterator[str]:
    """The status page of every course, and at last of a case whose key is destroyed."""
    case_id = uuid7()
    for course in COURSES:
        case_id, token = await carried_out(web, course)
        await page.goto(f"{web.url}/esimerkki/verify/{token}?lang={language}")
        await press(page)
        yield course.name
    await tell(web.intake, CaseKeyDestroyedV1(destroyed_at=datetime.now(UTC)), case_id)
    await page.reload()
    yield "destroyed"
