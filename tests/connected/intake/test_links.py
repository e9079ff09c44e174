"""The links of letters: proving an address, and fetching the package."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL, received, stage_changed
from uuid6 import uuid7

from dsr_intake.bootstrap import Intake, build
from dsr_intake.config import IntakeSettings
from dsr_intake.entrypoints.web.app import build_app
from dsr_intake.entrypoints.web.site import make_site
from dsr_shared.contracts.base import BlobRefV1, Event
from dsr_shared.contracts.cases import (
    ChallengeIssuedV1,
    DownloadCodeIssuedV1,
    KeptV1,
    PackageDeletedV1,
    PackageReadyV1,
)
from dsr_shared.sealing import SealContext, hash_token, new_token, seal_with_token

pytestmark = pytest.mark.connected
ZIP = b"PK" + b"a copy of everything " * 10_000


async def tell(intake: Intake, event: Event, case_id: UUID) -> None:
    async with intake.database.transaction("esimerkki") as connection:
        await intake.events.handlers()[type(event)](connection, received("esimerkki", event, case_id))


async def told(intake: Intake) -> list[str]:
    async with intake.database.across_controllers() as connection:
        return [
            row["event_type"] for row in await connection.fetch("select event_type from outbox order by created_at")
        ]


async def a_challenge(intake: Intake, *, days: int = 14) -> tuple[UUID, str]:
    case_id, token = uuid7(), new_token()
    expires_at = datetime.now(UTC) + timedelta(days=days)
    event = ChallengeIssuedV1(challenge_id=uuid7(), token_hash=hash_token(token), expires_at=expires_at)
    await tell(intake, event, case_id)
    return case_id, token


async def a_package(intake: Intake) -> tuple[UUID, UUID, str]:
    case_id, package_id, token = uuid7(), uuid7(), new_token()
    sealed = seal_with_token(token, ZIP, SealContext(package_id, "package", case_id, "zip"))
    stored = await intake.blobs.put("packages", sealed)
    blob = BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256)
    expires_at = datetime.now(UTC) + timedelta(days=14)
    event = PackageReadyV1(package_id=package_id, token_hash=hash_token(token), blob=blob, expires_at=expires_at)
    await tell(intake, event, case_id)
    return case_id, package_id, token


async def a_code(intake: Intake, package_id: UUID, token: str, code: str, *, minutes: int = 10) -> None:
    hashed = hashlib.sha256(f"{hash_token(token)}:{code}".encode()).hexdigest()
    expires_at = datetime.now(UTC) + timedelta(minutes=minutes)
    await tell(
        intake, DownloadCodeIssuedV1(package_id=package_id, code_hash=hashed, expires_at=expires_at, tries=5), uuid7()
    )


async def test_the_button_proves_the_address_once_and_looking_at_the_page_does_not(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    _, token = await a_challenge(intake)
    page = await browser.get(f"/esimerkki/verify/{token}")
    assert "Vahvista, että pyyntö tuli sinulta" in page.text
    assert await told(intake) == []
    answer = await browser.post(f"/esimerkki/verify/{token}")
    assert answer.status_code == 303
    again = await browser.post(f"/esimerkki/verify/{token}")
    assert "Kiitos, pyyntö on vahvistettu" in again.text
    assert await told(intake) == ["challenge_answered"]


async def test_an_unknown_and_an_expired_link_get_the_same_page_that_looks_again_a_few_times(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    _, expired = await a_challenge(intake, days=-1)
    pages = [await browser.get(f"/esimerkki/verify/{token}") for token in (expired, new_token())]
    pages.append(await browser.post(f"/esimerkki/verify/{expired}"))
    assert {page.status_code for page in pages} == {404}
    assert len({page.text for page in pages}) == 1
    assert "Hetki vielä" in pages[0].text
    waits, _, url = pages[0].headers["refresh"].partition("; url=")
    assert int(waits) <= 5
    for _ in range(2):
        page = await browser.get(url)
        url = page.headers["refresh"].partition("; url=")[2]
    page = await browser.get(url)
    assert "refresh" not in page.headers
    assert "Tämä linkki ei toimi" in page.text
    assert await told(intake) == []


@pytest.mark.parametrize("page", ["verify", "package", "status", "receipt"])
async def test_a_link_that_was_cut_off_is_said_to_be_wrong_at_once(browser: httpx.AsyncClient, page: str) -> None:
    answer = await browser.get(f"/esimerkki/{page}/nonsense")
    assert answer.status_code == 404
    assert "refresh" not in answer.headers
    assert "Tämä linkki ei toimi" in answer.text


async def test_a_letter_that_came_before_its_link_was_known_opens_a_moment_later(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    token = new_token()
    early = await browser.get(f"/esimerkki/verify/{token}?lang=sv")
    assert "Ett ögonblick" in early.text
    expires_at = datetime.now(UTC) + timedelta(days=14)
    await tell(
        intake,
        ChallengeIssuedV1(challenge_id=uuid7(), token_hash=hash_token(token), expires_at=expires_at),
        uuid7(),
    )
    page = await browser.get(early.headers["refresh"].partition("; url=")[2])
    assert page.status_code == 200
    assert "Bekräfta" in page.text


async def test_another_controllers_pages_do_not_know_the_link(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, token = await a_challenge(intake)
    assert (await browser.get(f"/toinen/verify/{token}")).status_code == 404
    assert (await browser.post(f"/toinen/verify/{token}")).status_code == 404
    _, _, token = await a_package(intake)
    assert (await browser.get(f"/toinen/package/{token}")).status_code == 404


@pytest.mark.promise("P01")
async def test_link_and_code_bring_the_package_and_the_download_is_told(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    _, package_id, token = await a_package(intake)
    asked = await browser.post(f"/esimerkki/package/{token}")
    assert asked.status_code == 303
    await a_code(intake, package_id, token, "123456")
    assert "Kirjoita koodi" in (await browser.get(asked.headers["location"])).text
    answer = await browser.post(f"/esimerkki/package/{token}/code", data={"code": "123 456"})
    assert answer.content == ZIP
    assert answer.headers["content-type"] == "application/zip"
    assert await told(intake) == ["package_opened", "package_downloaded"]
    repeated = await browser.post(f"/esimerkki/package/{token}/code", data={"code": "123456"})
    assert repeated.status_code == 422


async def test_five_wrong_codes_end_the_code_also_across_a_restart(
    intake: Intake, settings: IntakeSettings, browser: httpx.AsyncClient
) -> None:
    _, package_id, token = await a_package(intake)
    await a_code(intake, package_id, token, "123456")
    for left in (4, 3, 2):
        page = await browser.post(f"/esimerkki/package/{token}/code", data={"code": "000000"})
        assert f"jäljellä: {left}" in page.text
    restarted = await build(settings)
    transport = httpx.ASGITransport(build_app(make_site(restarted), public_url=PUBLIC_URL), client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as other:
        for _ in range(2):
            await other.post(f"/esimerkki/package/{token}/code", data={"code": "000000"})
        page = await other.post(f"/esimerkki/package/{token}/code", data={"code": "123456"})
    await restarted.database.close()
    assert page.status_code == 422
    assert "Pyydä uusi koodi" in page.text


async def test_an_expired_code_opens_nothing(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, package_id, token = await a_package(intake)
    await a_code(intake, package_id, token, "123456", minutes=-1)
    answer = await browser.post(f"/esimerkki/package/{token}/code", data={"code": "123456"})
    assert answer.status_code == 422


async def test_only_a_few_codes_an_hour_are_asked_for(intake: Intake, browser: httpx.AsyncClient) -> None:
    _, _, token = await a_package(intake)
    answers = [await browser.post(f"/esimerkki/package/{token}") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert await told(intake) == ["package_opened"] * 5


async def test_a_deleted_package_is_a_link_that_does_not_work(intake: Intake, browser: httpx.AsyncClient) -> None:
    case_id, package_id, token = await a_package(intake)
    await tell(intake, PackageDeletedV1(package_id=package_id, deleted_at=datetime.now(UTC)), case_id)
    assert (await browser.get(f"/esimerkki/package/{token}")).status_code == 404


async def test_the_status_page_shows_stage_due_date_and_what_is_kept(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    case_id, token = await a_challenge(intake)
    answer = await browser.post(f"/esimerkki/verify/{token}?lang=en")
    kept = KeptV1(
        label={"fi": "Lasku", "en": "Invoice"},
        ground={"fi": "Kirjanpitolaki", "en": "Accounting Act"},
        count=3,
        until=datetime(2032, 12, 31, tzinfo=UTC).date(),
    )
    event = stage_changed("erasing", "K-2026-0034", "access", "erasure", kept=(kept,))
    await tell(intake, event, case_id)
    page = await browser.get(answer.headers["location"])
    for words in ("K-2026-0034", "We answer by", "Invoice", "(3 items)", "Kept until 31 December 2032", "aria-current"):
        assert words in page.text
