"""The form for others and for organisations, with files; and what the receipt tells to expect."""

import asyncio
import io
import json
import re
import zipfile
from html import unescape
from uuid import UUID

import httpx
import pytest
from tests.connected.intake.builders import PUBLIC_URL, filled_form, hidden_state, received
from tests.connected.intake.test_form_request import envelopes

from dsr_intake.bootstrap import Intake
from dsr_intake.domain.form_files import MAX_FILE_BYTES
from dsr_shared.contracts.base import BlobRefV1, Envelope, SealedV1
from dsr_shared.contracts.cases import CaseKeyDestroyedV1
from dsr_shared.contracts.requests import MessageReceivedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import database_now
from dsr_shared.sealing import CannotOpen, SealContext, open_model, open_sealed

pytestmark = pytest.mark.connected
PDF = b"%PDF-1.7\n" + b"authority of Aino " * 1000
OTHER = {"name": "Oili Omainen", "email": "oili@posti.example", "message": "", "whose": "other"}
COMPANY = {"organisation_name": "Tuotanto Oy", "business_id": "FI01120389", "role": "toimitusjohtaja"}


async def step(browser: httpx.AsyncClient, page: httpx.Response, of: str, /, **fields: object) -> httpx.Response:
    return await browser.post("/esimerkki/", data={"state": hidden_state(page), "step": of, **fields})


async def files(
    browser: httpx.AsyncClient, page: httpx.Response, *uploads: tuple[str, bytes], **fields: str
) -> httpx.Response:
    data = {"state": hidden_state(page), "step": "files", **fields}
    return await browser.post(
        "/esimerkki/files", data=data, files=[("file", upload) for upload in uploads] or {"x": (None, b"")}
    )


async def at_files(browser: httpx.AsyncClient, **changes: object) -> httpx.Response:
    page = await step(browser, await browser.get("/esimerkki/?lang=en"), "what", choice=["access"])
    page = await step(browser, page, "who", **{**OTHER, **changes})
    page = await step(browser, page, "about", subject_name="Aino Esimerkki", subject_email="")
    assert "Authority or other proof" in page.text
    return page


async def send(browser: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    return await step(browser, page, "check")


def opened(fulfilment_keys: KeyRing, envelope: Envelope, field: str) -> object:
    (wrapped,) = [key for key in envelope.keys if key.reader == "fulfilment"]
    context = SealContext(envelope.event_id, envelope.type, envelope.case_id, field)
    cls = PersonV1 if field == "person" else MessageV1
    return open_model(fulfilment_keys.unwrap(wrapped), SealedV1.model_validate(envelope.data[field]), context, cls)


async def bytes_of(intake: Intake, keys: KeyRing, envelope: Envelope, number: int = 0) -> bytes:
    event = (RequestReceivedV1 if envelope.type == "request_received" else MessageReceivedV1).model_validate(
        envelope.data
    )
    attachment = event.attachments[number]
    (wrapped,) = [key for key in envelope.keys if key.reader == "fulfilment"]
    sealed = SealedV1.model_construct(key_id=attachment.blob.key_id, ciphertext=await intake.blobs.get(attachment.blob))
    context = SealContext(attachment.attachment_id, "attachment", envelope.case_id, "bytes")
    return open_sealed(keys.unwrap(wrapped), sealed, context)


@pytest.mark.promise("P17")
async def test_a_form_for_an_organisation_names_it_and_who_writes(
    intake: Intake, browser: httpx.AsyncClient, fulfilment_keys: KeyRing
) -> None:
    page = await step(browser, await browser.get("/esimerkki/?lang=en"), "what", choice=["erasure"])
    page = await step(browser, page, "who", **{**OTHER, "whose": "organisation"})
    wrong = await step(browser, page, "about", organisation_name="", business_id="0112038-8", role="")
    assert wrong.status_code == 422
    assert all(f'href="#{name}"' in wrong.text for name in COMPANY)
    page = await step(browser, wrong, "about", **COMPANY)
    assert "0112038-9" in page.text
    answer = await send(browser, page)
    (envelope,) = await envelopes(intake)
    event = RequestReceivedV1.model_validate(envelope.data)
    assert (event.whose, event.is_on_behalf, event.needs_person) == ("organisation", True, True)
    assert opened(fulfilment_keys, envelope, "person") == PersonV1(
        sender_email="oili@posti.example",
        sender_name="Oili Omainen",
        organisation_name="Tuotanto Oy",
        business_id="0112038-9",
    )
    message = opened(fulfilment_keys, envelope, "message")
    assert isinstance(message, MessageV1)
    assert [words.words for words in message.evidence] == ["whose: organisation", "role: toimitusjohtaja"]
    receipt = await browser.get(answer.headers["location"])
    assert "first checks that you may ask for the company" in receipt.text
    assert "link" not in re.sub(r"<(link|a) [^>]*>", "", receipt.text)


async def test_an_authority_travels_sealed_through_the_check_and_can_be_opened_by_fulfilment_alone(
    intake: Intake, browser: httpx.AsyncClient, fulfilment_keys: KeyRing, tmp_path
) -> None:
    page = await files(browser, await at_files(browser), ("valtakirja.pdf", PDF))
    assert "Check and send" in page.text
    assert "valtakirja.pdf" in page.text
    stored = [path.read_bytes() for path in (tmp_path / "blobs").rglob("*") if path.is_file()]
    assert stored
    assert not any(b"authority of Aino" in data for data in stored)
    assert (await send(browser, page)).status_code == 303
    (envelope,) = await envelopes(intake)
    assert await bytes_of(intake, fulfilment_keys, envelope) == PDF
    person, message = opened(fulfilment_keys, envelope, "person"), opened(fulfilment_keys, envelope, "message")
    assert person == PersonV1(name="Aino Esimerkki", sender_email="oili@posti.example", sender_name="Oili Omainen")
    assert isinstance(message, MessageV1)
    assert message.attachment_names == ("valtakirja.pdf",)


async def test_a_form_with_files_sent_twice_or_at_once_is_one_request(
    intake: Intake, browser: httpx.AsyncClient
) -> None:
    page = await files(browser, await at_files(browser), ("a.pdf", PDF))
    answers = await asyncio.gather(*(send(browser, page) for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert len(await envelopes(intake)) == 1


async def test_each_limit_has_its_own_words_and_what_was_good_stays(browser: httpx.AsyncClient) -> None:
    page = await at_files(browser)
    for name, data, words in (
        ("empty.pdf", b"", "is empty"),
        ("big.pdf", b"%PDF-" + b"x" * MAX_FILE_BYTES, "at most 10 megabytes"),
        ("run.exe", b"MZ\x90\x00" + b"\x00" * 100, "We cannot take the file run.exe"),
        ("page.pdf", b"<html><script>alert(1)</script>", "We cannot take the file page.pdf"),
        ("macro.docx", docx("word/vbaProject.bin"), "We cannot take the file macro.docx"),
    ):
        answer = await files(browser, page, ("good.pdf", PDF), (name, data))
        assert answer.status_code == 422
        assert words in unescape(answer.text), name
        assert "good.pdf" in answer.text
    six = await files(browser, page, *((f"{number}.txt", b"hello") for number in range(6)))
    assert "at most 5 files" in six.text
    large = b"%PDF-" + b"x" * (9 * 1024 * 1024)
    together = await files(browser, page, ("1.pdf", large), ("2.pdf", large), ("3.pdf", large))
    assert "at most 20 megabytes" in together.text
    assert "1.pdf" in together.text
    nothing = await files(browser, page, act="add")
    assert "Choose a file first" in nothing.text


def docx(*more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            archive.writestr(name, "x")
    return out.getvalue()


async def test_a_file_can_be_taken_out_again_and_its_blob_goes_at_once(browser: httpx.AsyncClient, tmp_path) -> None:
    page = await files(browser, await at_files(browser), ("a.docx", docx()), ("b.txt", "hyvää".encode()), act="add")
    (room,) = (tmp_path / "blobs").iterdir()
    assert len(list(room.iterdir())) == 2
    file_id = re.findall(r'name="remove" value="([0-9a-f-]{36})"', page.text)[0]
    page = await files(browser, page, remove=file_id)
    assert "a.docx" not in page.text
    assert "b.txt" in page.text
    assert len(list(room.iterdir())) == 1


async def test_names_cannot_lead_out_of_a_folder_or_lie_about_the_file(browser: httpx.AsyncClient) -> None:
    page = await files(
        browser,
        await at_files(browser),
        ("../../etc/passwd", b"hello"),
        ("C:\\temp\\laskufdp.\u202eexe.pdf", PDF),
        ("a\x01b.txt", b"hello"),
        act="add",
    )
    names = re.findall(r"<bdi>([^<]+)</bdi>", page.text)
    assert names == ["passwd.txt", "laskufdp.exe.pdf", "a_01b.txt"]


async def test_files_that_nobody_sends_are_swept_and_the_late_sender_is_told(
    intake: Intake, browser: httpx.AsyncClient, tmp_path
) -> None:
    page = await files(browser, await at_files(browser), ("a.pdf", PDF))
    async with intake.database.across_controllers() as connection:
        await connection.execute("update form_files set keep_until = now() - interval '1 second'")
    assert await intake.files.sweep() == 1
    (room,) = (tmp_path / "blobs").iterdir()
    assert list(room.iterdir()) == []
    answer = await send(browser, page)
    assert answer.status_code == 422
    assert "Add them again" in answer.text
    assert await envelopes(intake) == []
    assert (await send(browser, await files(browser, answer, ("b.pdf", PDF)))).status_code == 303


async def test_a_blob_that_a_crash_left_without_a_row_is_swept(
    intake: Intake, browser: httpx.AsyncClient, tmp_path
) -> None:
    page = await files(browser, await at_files(browser), ("a.pdf", PDF))
    assert (await send(browser, page)).status_code == 303
    orphan = await intake.blobs.put("formfiles", b"sealed under a key that nobody has")
    import os

    for path in (tmp_path / "blobs" / "formfiles").iterdir():
        os.utime(path, (1, 1))
    assert await intake.files.sweep() == 1
    assert not (tmp_path / "blobs" / orphan.name).exists()
    assert len(list((tmp_path / "blobs" / "formfiles").iterdir())) == 1


async def test_files_in_a_flood_are_sealed_for_the_case_that_collects_it(
    intake: Intake, browser: httpx.AsyncClient, fulfilment_keys: KeyRing
) -> None:
    for _ in range(3):
        await browser.post(
            "/esimerkki/", data={"state": await filled_form(browser, email=OTHER["email"]), "step": "check"}
        )
    for number in range(2):
        page = await files(browser, await at_files(browser), ("a.pdf", PDF + bytes([number])))
        assert (await send(browser, page)).status_code == 303
    last = (await envelopes(intake))[-1]
    assert last.data["problem"] == "flood"
    assert last.case_id != UUID(str(last.data["arrival_id"]))
    assert await bytes_of(intake, fulfilment_keys, last) == PDF + b"\x01"


async def test_a_case_that_is_destroyed_takes_its_files_along(
    intake: Intake, browser: httpx.AsyncClient, tmp_path
) -> None:
    page = await files(browser, await at_files(browser), ("a.pdf", PDF))
    await send(browser, page)
    (envelope,) = await envelopes(intake)
    async with intake.database.transaction("esimerkki") as connection:
        event = CaseKeyDestroyedV1(destroyed_at=await database_now(connection))
        await intake.events.handlers()[CaseKeyDestroyedV1](connection, received("esimerkki", event, envelope.case_id))
    assert list((tmp_path / "blobs" / "formfiles").iterdir()) == []
    async with intake.database.transaction("esimerkki") as connection:
        assert await connection.fetchval("select count(*) from form_files") == 0


async def test_one_forms_files_cannot_be_opened_with_anothers_key(
    intake: Intake, browser: httpx.AsyncClient, fulfilment_keys: KeyRing
) -> None:
    for _ in range(2):
        await send(browser, await files(browser, await at_files(browser), ("a.pdf", PDF)))
    one, other = await envelopes(intake)
    mixed = other.model_copy(update={"data": one.data})
    with pytest.raises(CannotOpen):
        await bytes_of(intake, fulfilment_keys, mixed)
    assert BlobRefV1.model_validate(json.loads(json.dumps(one.data))["attachments"][0]["blob"])


@pytest.mark.parametrize(
    ("choices", "changes", "words"),
    [
        (["access"], {}, "open the link that we send"),
        (["marketing_opt_out"], {}, "We do it at once"),
        (["consent_withdrawal", "marketing_opt_out"], {}, "We do it at once"),
        (["access", "marketing_opt_out"], {}, "open the link that we send"),
        (["unsure"], {"message": "Help"}, "One of our staff reads your request first"),
        (["access", "unsure"], {"message": "Help"}, "One of our staff reads your request first"),
    ],
)
async def test_the_receipt_says_what_will_really_come(
    browser: httpx.AsyncClient, choices: list[str], changes: dict[str, str], words: str
) -> None:
    state = await filled_form(browser, choices=choices, **changes)
    answer = await browser.post("/esimerkki/", data={"state": state, "step": "check"})
    receipt = await browser.get(answer.headers["location"].replace("lang=fi", "lang=en"))
    assert words in receipt.text


async def test_whoever_asks_for_another_is_told_of_an_acknowledgement_not_of_a_link(browser: httpx.AsyncClient) -> None:
    page = await files(browser, await at_files(browser))
    receipt = await browser.get((await send(browser, page)).headers["location"])
    assert "You get an acknowledgement by e-mail" in receipt.text
    assert "open the link" not in receipt.text


async def test_a_broken_or_endless_upload_is_refused(browser: httpx.AsyncClient) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    cut = b'--x\r\ncontent-disposition: form-data; name="state"\r\n\r\nabc'
    assert (await browser.post("/esimerkki/files", content=cut, headers=headers)).status_code == 400
    many = b"".join(b'--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(60)) + b"--x--\r\n"
    assert (await browser.post("/esimerkki/files", content=many, headers=headers)).status_code == 400
    assert (await browser.post("/esimerkki/files", data={"a": "b"})).status_code == 400
    long = b"--x\r\ncontent-disposition: " + b"a" * 20_000 + b"\r\n\r\n1\r\n--x--\r\n"
    assert (await browser.post("/esimerkki/files", content=long, headers=headers)).status_code == 400
    claimed = {**headers, "content-length": str(200 * 1024 * 1024)}
    assert (await browser.post("/esimerkki/files", content=cut, headers=claimed)).status_code == 413


async def test_files_for_a_forged_form_are_not_kept(browser: httpx.AsyncClient, tmp_path) -> None:
    data = {"state": "forged", "step": "files"}
    answer = await browser.post("/esimerkki/files", data=data, files={"file": ("a.pdf", PDF)})
    assert answer.status_code == 422
    assert not (tmp_path / "blobs" / "formfiles").exists()
    assert str(answer.request.url).startswith(PUBLIC_URL)
