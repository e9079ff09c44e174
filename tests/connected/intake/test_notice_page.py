"""The notice on the web: in the reader's language, with its version, its date, what changed, and the ones before."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.connected.intake.builders import a_register, received

from dsr_fulfilment.register.loader import load_register
from dsr_fulfilment.register.notice.changes import hash_of, with_changes
from dsr_fulfilment.register.notice.text import notice_texts
from dsr_intake.bootstrap import Intake
from dsr_shared.contracts.notices import NoticePublishedV1

pytestmark = [pytest.mark.connected, pytest.mark.promise("P39")]
REGISTER = load_register(Path(__file__).parents[3] / "deploy" / "controllers" / "esimerkki.yaml")
FORM = "http://localhost:8080/esimerkki/"
Publish = Callable[[NoticePublishedV1], Awaitable[None]]


def versions() -> tuple[NoticePublishedV1, NoticePublishedV1]:
    """A first notice, and one in which newsletters are kept for less long."""
    first = notice_texts(REGISTER, FORM)
    document = REGISTER.model_dump()
    document["activities"][2]["retention"] = {"fi": "Vuoden", "sv": "Ett år", "en": "A year"}
    second = with_changes(first, notice_texts(type(REGISTER).model_validate(document), FORM))
    assert second is not None
    days = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    return (
        NoticePublishedV1(notice_version=1, published_at=days[0], texts=first, sha256=hash_of(first)),
        NoticePublishedV1(notice_version=2, published_at=days[1], texts=second, sha256=hash_of(second)),
    )


SAID = {
    "fi": ("Tietosuojaseloste", "Versio 2, voimassa 23.11.2026 alkaen.", "Mikä muuttui", "Kunnes suostumus", "Vuoden"),
    "sv": ("Dataskyddsbeskrivning", "gäller från och med 23 november 2026", "Vad som ändrades", "Tills samtycket"),
    "en": ("Privacy notice", "in force since 23 November 2026", "What changed", "Until consent is withdrawn", "A year"),
}


@pytest.fixture
def publish(intake: Intake) -> Publish:
    async def take(notice: NoticePublishedV1) -> None:
        async with intake.database.transaction("esimerkki") as connection:
            await intake.events.handlers()[NoticePublishedV1](connection, received("esimerkki", notice, uuid4()))

    return take


@pytest.fixture
async def two_versions(publish: Publish) -> None:
    for notice in versions():
        await publish(notice)


@pytest.mark.parametrize(("language", "words"), SAID.items())
@pytest.mark.usefixtures("two_versions")
async def test_the_newest_version_says_what_changed_and_since_when(
    browser: httpx.AsyncClient, language: str, words: tuple[str, ...]
) -> None:
    page = await browser.get(f"/esimerkki/notice?lang={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text
    assert [word for word in words if word not in page.text] == []


@pytest.mark.usefixtures("two_versions")
async def test_an_older_version_stays_readable_and_says_that_it_is_old(browser: httpx.AsyncClient) -> None:
    newest = await browser.get("/esimerkki/notice?lang=en")
    assert 'href="/esimerkki/notice/1?lang=en"' in newest.text
    old = await browser.get("/esimerkki/notice/1?lang=en")
    assert "Version 1, in force since 2 November 2026." in old.text
    assert "This is an older version." in old.text
    assert "Until consent is withdrawn" in old.text
    assert "What changed" not in old.text


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "9999999", "%D9%A1", "1%2F2"])
async def test_a_version_that_never_was_does_not_exist(browser: httpx.AsyncClient, number: str) -> None:
    assert (await browser.get(f"/esimerkki/notice/{number}")).status_code == 404


async def test_before_the_first_version_the_page_says_so(browser: httpx.AsyncClient) -> None:
    page = await browser.get("/esimerkki/notice?lang=sv")
    assert page.status_code == 404
    assert "tietosuoja@esimerkki.example" in page.text


@pytest.mark.usefixtures("two_versions")
async def test_another_controller_shows_nothing_of_it(browser: httpx.AsyncClient, intake: Intake) -> None:
    assert (await browser.get("/toinen/notice")).status_code == 404
    assert (await browser.get("/toinen/notice/1")).status_code == 404
    async with intake.database.transaction("toinen") as connection:
        assert await connection.fetchval("select count(*) from notices") == 0


async def test_a_version_that_comes_twice_or_late_changes_nothing(browser: httpx.AsyncClient, publish: Publish) -> None:
    first, second = versions()
    for notice in (second, first, second, first):
        await publish(notice)
    page = await browser.get("/esimerkki/notice?lang=en")
    assert "Version 2, in force" in page.text
    assert page.text.count("Version 1, ") == 1


@pytest.mark.usefixtures("two_versions")
async def test_the_form_links_to_it_in_its_own_language(browser: httpx.AsyncClient) -> None:
    form = await browser.get("/esimerkki/?lang=sv")
    assert '<a href="/esimerkki/notice?lang=sv">Dataskyddsbeskrivning</a>' in form.text


async def test_the_form_links_to_the_companys_own_notice_where_the_register_names_one(
    browser: httpx.AsyncClient, intake: Intake
) -> None:
    register = a_register(register_version=2, notice_url="https://www.esimerkki.example/seloste")
    async with intake.database.transaction("esimerkki") as connection:
        await intake.events.handlers()[type(register)](connection, received("esimerkki", register))
    page = await browser.get("/esimerkki/?lang=fi")
    assert '<a href="https://www.esimerkki.example/seloste">Tietosuojaseloste</a>' in page.text


async def test_markup_in_a_register_is_text_on_the_page(browser: httpx.AsyncClient, publish: Publish) -> None:
    first, _ = versions()
    await publish(NoticePublishedV1.model_validate_json(first.model_dump_json().replace("Asiakassuhteet", "<b>x</b>")))
    page = await browser.get("/esimerkki/notice?lang=fi")
    assert "<b>x</b>" not in page.text
    assert "&lt;b&gt;x&lt;/b&gt;" in page.text
