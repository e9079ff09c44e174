"""Letters, visits and calls that staff enter: the day that counts, whose request it is, and the answer by post."""

import asyncio
import io
import zipfile
from datetime import date, timedelta

import pytest
from tests.connected.console.test_typed_words import in_clear, mark

from dsr_fulfilment.domain.evidence import Unbroken
from dsr_fulfilment.handlers.blobs import sweep_blobs
from dsr_shared.calendar import due_dates_of, helsinki_date
from dsr_shared.postgres import database_now

__all__ = ["mark"]
PDF = ("kirje.pdf", b"%PDF-1.7 " + b"x" * 2000, "image/gif")
AINO = {"name": "Aino Esimerkki", "whose": "self", "language": "fi", "right": "access", "said": "Haluan tietoni."}


@pytest.fixture
async def settings(settings):
    """The customer register can be searched by number too."""
    register = settings.registers_directory / "esimerkki.yaml"
    email = "          - {name: email, column: email, normalise: email}\n"
    number = "          - {name: customer_number, column: id}\n"
    register.write_text(register.read_text().replace(email, email + number))
    return settings


async def today_of(desk) -> date:
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        return helsinki_date(await database_now(conn))


async def opened(browser, channel: str, day: date, **more):
    page = await browser.open("/entries/new", params={"channel": channel, "received_on": day.isoformat(), **more})
    assert page.status == 200, page.errors
    return page


async def case_ids(desk) -> list:
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        return [row["case_id"] for row in await conn.fetch("select case_id from cases order by reference")]


@pytest.mark.promise("P05")
@pytest.mark.parametrize("channel", ["letter", "visit", "phone"])
async def test_what_staff_enter_is_a_case_on_the_clock_from_the_day_it_came(desk, signed_in, channel):
    matti, day = await signed_in(), await today_of(desk) - timedelta(days=6)
    page = await opened(matti, channel, day)
    due = due_dates_of(day).due
    assert str(due.day) in page.texts("h1")[0], "the due date is shown before anything is saved"
    assert await case_ids(desk) == []
    page = await matti.upload(page.form("#entry"), **AINO, email="aino@posti.example")
    assert page.path == "/cases/K-2026-0001", page.errors
    (case_id,) = await case_ids(desk)
    case = await desk.case(case_id)
    assert (case.channel, helsinki_date(case.received_at), case.due_on, case.rights) == (channel, day, due, ("access",))
    assert "Haluan tietoni." in page.text
    assert "matti entered it" in page.text
    await desk.work()
    assert (await desk.case(case_id)).state == "identifying", "a link went to the address on file"
    await desk.answer_challenge(case_id)
    await desk.work()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    assert isinstance(await desk.chain(case_id), Unbroken)


@pytest.mark.promise("P05")
async def test_a_day_in_the_future_is_refused_and_an_old_one_asked_twice(desk, signed_in):
    matti, today = await signed_in(), await today_of(desk)
    tomorrow, old = (today + timedelta(days=1)).isoformat(), today - timedelta(days=45)
    page = await matti.open("/entries/new", params={"channel": "letter", "received_on": tomorrow})
    assert page.status == 422
    assert "future" in page.errors[0]
    page = await matti.open("/entries/new", params={"channel": "letter", "received_on": old.isoformat()})
    assert "more than a month ago" in page.errors[0]
    assert page.has("#old_day")
    page = await opened(matti, "letter", old, old_day=old.isoformat())
    assert "The answer was due" in page.text
    form = page.form("#entry")
    page = await matti.upload(form, **AINO, old_day="")
    assert page.status == 422, "the second yes belongs to the day that is saved"
    page = await matti.upload(form, **AINO, received_on=tomorrow)
    assert page.status == 422
    assert await case_ids(desk) == []
    page = await matti.upload(form, **AINO)
    assert page.path == "/cases/K-2026-0001"
    assert "late" in page.text


@pytest.mark.promise("P05")
async def test_a_double_click_opens_one_case(desk, signed_in):
    matti = await signed_in()
    form = (await opened(matti, "phone", await today_of(desk))).form("#entry")
    pages = await asyncio.gather(*(matti.upload(form, **AINO) for _ in range(3)))
    assert {page.path for page in pages} == {"/cases/K-2026-0001"}
    assert len(await case_ids(desk)) == 1
    assert (await matti.upload(form, **AINO)).path == "/cases/K-2026-0001"


@pytest.mark.promise("P05")
async def test_each_missing_part_is_named_and_nothing_is_saved(desk, signed_in):
    matti = await signed_in()
    page = await opened(matti, "visit", await today_of(desk))
    form = page.form("#entry")
    page = await matti.upload(form)
    assert page.status == 422
    links = [node.attributes["href"] for node in page.html.css(".errors a")]
    assert links == ["#name", "#right-access", "#language-fi", "#whose-self", "#said"]
    assert all(page.has(link) for link in links), "each line leads to its input"
    page = await matti.upload(form, **{**AINO, "unclear": "yes"}, email="ei osoite", id_seen="yes", business_id="1")
    links = [node.attributes["href"] for node in page.html.css(".errors a")]
    assert links == ["#email", "#business_id", "#right-access", "#document_seen"]
    page = await matti.upload(form, scan=("kuva.pdf", b"GIF89a", "application/pdf"), **AINO)
    assert any("no PDF, JPEG or PNG" in error for error in page.errors)
    page = await matti.upload(form, scan=("iso.pdf", b"%PDF-" + b"x" * 20 * 1024 * 1024, "application/pdf"), **AINO)
    assert any("larger than 20 MB" in error for error in page.errors)
    assert "Haluan tietoni." in page.html.css_first("#said").text()
    response = await matti.client.post(form.action, data=form.fields, files={"scan": ("x", b"x" * 21_300_000)})
    assert response.status_code == 413
    assert await case_ids(desk) == []


@pytest.mark.promise("P05")
async def test_a_scan_lies_sealed_under_the_case_and_its_words_nowhere_in_clear(desk, signed_in, mark, settings):
    matti = await signed_in()
    page = await opened(matti, "letter", await today_of(desk))
    words = {name: f"{name} {mark}" for name in ("name", "said", "sender_name", "organisation_name", "postal_address")}
    scan = (f"{mark}.pdf", PDF[1] + mark.encode(), "application/pdf")
    page = await matti.upload(page.form("#entry"), scan=scan, **{**AINO, **words, "email": f"{mark}@posti.example"})
    assert page.path == "/cases/K-2026-0001", page.errors
    assert f"{mark}.pdf" in page.text
    await desk.work()
    assert await in_clear(desk, mark) == []
    blobs = [path for path in settings.blob_directory.rglob("*") if path.is_file()]
    assert len(blobs) == 1
    assert all(mark.encode() not in path.read_bytes() for path in blobs)
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        row = await conn.fetchrow("select media_type, blob from case_attachments")
    assert row["media_type"] == "application/pdf", "by its bytes, not by what the browser says"
    await sweep_blobs(desk.fulfilment.tools)
    assert blobs[0].exists()


@pytest.mark.promise("P05")
async def test_who_came_and_showed_a_document_is_verified_with_the_reason(desk, signed_in):
    matti = await signed_in()
    page = await opened(matti, "visit", await today_of(desk))
    seen = {"id_seen": "yes", "document_seen": "Passi, kasvot ja nimi"}
    page = await matti.upload(page.form("#entry"), **AINO, **seen, email="aino@posti.example")
    (case_id,) = await case_ids(desk)
    assert (await desk.case(case_id)).is_verified
    assert "matti saw an identity document." in page.text
    assert "matti saw an identity document: Passi, kasvot ja nimi" in page.text
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_paper"


@pytest.mark.promise("P05")
async def test_a_call_or_letter_proves_nobody_whatever_its_form_says(desk, signed_in):
    matti = await signed_in()
    page = await opened(matti, "phone", await today_of(desk))
    assert not page.has("#id_seen")
    seen = {"id_seen": "yes", "document_seen": "Passi"}
    await matti.upload(page.form("#entry"), **AINO, **seen)
    (case_id,) = await case_ids(desk)
    await desk.work()
    case = await desk.case(case_id)
    assert (case.state, case.is_verified) == ("awaiting_identity", False)


@pytest.mark.promise("P05")
async def test_who_has_no_mail_gets_letters_by_post_and_the_case_waits_for_the_posting(desk, signed_in):
    matti, today = await signed_in(), await today_of(desk)
    page = await opened(matti, "visit", today)
    seen = {"id_seen": "yes", "document_seen": "Passi", "identifier-customer_number": "1"}
    page = await matti.upload(page.form("#entry"), **AINO, **seen, postal_address="Kuja 3\n00100 Helsinki")
    (case_id,) = await case_ids(desk)
    await desk.work()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert (await desk.case(case_id)).state == "answering"
    page = await matti.open("/cases/K-2026-0001")
    href = page.html.css_first("form.post a").attributes["href"]
    sheet = await matti.open(href)
    assert sheet.html.css_first("html").attributes["lang"] == "fi"
    assert "Kuja 3" in sheet.text
    assert "Aino Esimerkki" in sheet.text
    copy = await matti.client.post(href + "/copy", data=sheet.form("main form").fields)
    assert "index.html" in zipfile.ZipFile(io.BytesIO(copy.content)).namelist()
    other, reader = await signed_in(controller="toinen", name="kalle"), await signed_in("reader", name="liisa")
    for browser, status in ((other, 404), (reader, 403)):
        token = (await browser.open("/")).form("form[action='/sign-out']").fields
        assert (await browser.open(href)).status == status
        assert (await browser.client.post(href + "/copy", data=token)).status_code == status
    page = await matti.submit(page.form("form.post"), posted_on="")
    assert page.status == 422
    page = await matti.submit(page.form("form.post"), posted_on=(today + timedelta(days=1)).isoformat())
    assert page.status == 409
    page = await matti.submit(page.form("form.post"), posted_on=today.isoformat())
    assert not page.errors, page.errors
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"
    assert (await matti.open("/letters")).has(".empty"), "a letter for the post is no mail that nobody took"


@pytest.mark.promise("P05")
async def test_readers_and_other_companies_enter_and_see_nothing(desk, signed_in):
    matti, liisa = await signed_in(), await signed_in("reader", name="liisa")
    other = await signed_in(controller="toinen", name="kalle")
    form = (await opened(matti, "letter", await today_of(desk))).form("#entry")
    assert (await liisa.open("/entries/new")).status == 403
    page = await matti.upload(form, **AINO)
    assert page.path == "/cases/K-2026-0001"
    theirs = (await opened(other, "letter", await today_of(desk))).form("#entry")
    theirs.fields["entry_id"] = form.fields["entry_id"]
    page = await other.upload(theirs, **{**AINO, "said": "Muuta"})
    assert "Haluan tietoni." not in page.text
    assert "Muuta" in page.text
    assert len(await case_ids(desk)) == 2
