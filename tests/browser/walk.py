"""A person's way through the public pages: every page that can be seen, one after the other."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from playwright.async_api import Page
from tests.browser.conftest import PublicWeb
from tests.connected.intake.builders import received
from uuid6 import uuid7

from dsr_intake.bootstrap import Intake
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.base import BlobRefV1, Event
from dsr_shared.contracts.cases import (
    CaseStageChangedV1,
    ChallengeIssuedV1,
    KeptV1,
    LetterSentV1,
    PackageReadyV1,
    StatusCodeIssuedV1,
)
from dsr_shared.sealing import SealContext, hash_token, new_token, seal_with_token

PDF = b"%PDF-1.7\nauthority\n"
CODE = "482913"


async def tell(intake: Intake, event: Event, case_id: UUID, controller_id: str = "esimerkki") -> None:
    async with intake.database.transaction(controller_id) as connection:
        await intake.events.handlers()[type(event)](connection, received(controller_id, event, case_id))


async def press(page: Page) -> None:
    """The page's own main button."""
    await page.locator("main form .btn:not(.second)").first.click()


async def form_pages(page: Page, web: PublicWeb, language: str) -> AsyncIterator[str]:
    """Every state of the form, with and without errors, to the receipt and the status page."""
    await page.goto(f"{web.url}/esimerkki/?lang={language}")
    yield "what"
    await press(page)
    yield "what with an error"
    await page.click("label[for=choice-access]")
    await page.click("label[for=choice-rectification]")
    await press(page)
    yield "who"
    await page.click("label[for=whose-organisation]")
    await press(page)
    yield "who with errors"
    await page.fill("#name", "Oili Omainen")
    await page.fill("#email", "oili@posti.example")
    await page.fill("#message", "Osoitteeni on väärin.")
    await press(page)
    yield "about an organisation"
    await page.fill("#business_id", "1234567-8")
    await press(page)
    yield "about an organisation with errors"
    await page.fill("#organisation_name", "Tuotanto Oy")
    await page.fill("#business_id", "0112038-9")
    await page.fill("#role", "toimitusjohtaja")
    await press(page)
    yield "check for an organisation"
    await page.locator("button[name=go][value=who]").first.click()
    await page.click("label[for=whose-other]")
    await press(page)
    yield "about another"
    await press(page)
    yield "about another with errors"
    await page.fill("#subject_name", "Aino Esimerkki")
    await press(page)
    yield "files"
    await page.set_input_files("#file", files=[{"name": "ohjelma.exe", "mimeType": "x/y", "buffer": b"MZ\x00\x01"}])
    await page.click("button[name=act]")
    yield "files with an error"
    await page.set_input_files(
        "#file", files=[{"name": "valtakirja.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    )
    await page.click("button[name=act]")
    yield "files with one"
    await press(page)
    yield "check"
    await press(page)
    yield "receipt"
    await page.click(".answer .btn")
    yield "status"
    await page.click("a[href*='/add']")
    yield "add"
    await press(page)
    yield "add with an error"
    await page.fill("#message", "Vielä yksi asia.")
    await press(page)
    yield "added"
    await page.click("main a[href*='/status/']")
    await page.click("a[href*='/withdraw']")
    yield "withdraw"
    await press(page)
    yield "withdrawn"
    await page.click("main a[href*='/status/']")
    yield "status after the withdrawal"


async def a_case(web: PublicWeb, language: str = "fi") -> tuple[UUID, str]:
    """A case under way, as fulfilment tells of it, and the token of the letter that proves the address."""
    case_id, token, now = uuid7(), new_token(), datetime.now(UTC)
    dates = due_dates(now - timedelta(days=5))
    kept = KeptV1(
        label={"fi": "Laskut", "sv": "Fakturor", "en": "Invoices"},
        ground={"fi": "Kirjanpitolaki", "sv": "Bokföringslagen", "en": "Accounting Act"},
        count=2,
        until=date(2032, 12, 31),
    )
    expires_at = now + timedelta(days=14)
    await tell(
        web.intake,
        ChallengeIssuedV1(challenge_id=uuid7(), token_hash=hash_token(token), expires_at=expires_at),
        case_id,
    )
    for stage in ("gathering", "erasing"):
        await tell(
            web.intake,
            CaseStageChangedV1(
                reference=f"K-2026-{case_id.int % 10000:04d}",
                stage=stage,
                rights=("access", "erasure", "marketing_opt_out"),
                language=language,
                received_at=now - timedelta(days=5),
                due_on=dates.due,
                extended_due_on=dates.extended_due,
                kept=(kept,),
                changed_at=now,
            ),
            case_id,
        )
    for kind in ("challenge", "access_reply"):
        await tell(web.intake, LetterSentV1(letter_id=uuid7(), kind=kind, sent_at=now), case_id)
    return case_id, token


async def link_pages(page: Page, web: PublicWeb, language: str) -> AsyncIterator[str]:
    """Every page behind a letter's link."""
    case_id, token = await a_case(web, language)
    await page.goto(f"{web.url}/esimerkki/verify/{token}?lang={language}")
    yield "verify"
    await press(page)
    yield "status with everything"
    address = page.url
    await page.context.clear_cookies()
    await page.goto(address)
    yield "status that asks for a code"
    await page.click("main form button")
    yield "code"
    await press(page)
    yield "code with an error"
    status_hash = hash_token(address.split("/status/")[1].split("?")[0])
    await _issue_code(web, case_id, status_hash)
    await page.fill("#code", CODE)
    await press(page)
    assert await page.locator("a[href*='/withdraw']").count() == 1, await page.content()
    await page.goto(f"{web.url}/esimerkki/verify/{token}?lang={language}")
    yield "verified before"
    package = await _a_package(web, case_id)
    await page.goto(f"{web.url}/esimerkki/package/{package}?lang={language}")
    yield "package"
    await press(page)
    yield "package code"
    await page.goto(f"{web.url}/esimerkki/status/{'x' * 43}?lang={language}&looked=3")
    yield "wrong link"
    await page.goto(f"{web.url}/esimerkki/nothing?lang={language}")
    yield "no such page"


async def _issue_code(web: PublicWeb, case_id: UUID, status_hash: str) -> None:
    hashed = hashlib.sha256(f"{status_hash}:{CODE}".encode()).hexdigest()
    expires_at = datetime.now(UTC) + timedelta(minutes=10)
    issued = StatusCodeIssuedV1(token_hash=status_hash, code_hash=hashed, expires_at=expires_at, tries=5)
    await tell(web.intake, issued, case_id)


async def _a_package(web: PublicWeb, case_id: UUID) -> str:
    package_id, token = uuid7(), new_token()
    sealed = seal_with_token(token, b"PK", SealContext(package_id, "package", case_id, "zip"))
    stored = await web.intake.blobs.put("packages", sealed)
    blob = BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256)
    expires_at = datetime.now(UTC) + timedelta(days=14)
    ready = PackageReadyV1(package_id=package_id, token_hash=hash_token(token), blob=blob, expires_at=expires_at)
    await tell(web.intake, ready, case_id)
    return token
