"""Answers, copies, files and machines' mail, from raw bytes to events, with the real reader in its limited child."""

import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import pytest
from tests.connected.intake.builders import received, stage_changed
from uuid6 import uuid7

from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake
from dsr_intake.entrypoints.arrivals import ArrivalWorker
from dsr_intake.handlers.mail_files import LeftFiles
from dsr_shared.blobs import BlobMissing
from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.cases import CaseKeyDestroyedV1, CaseStageChangedV1, ReplyExpectedV1
from dsr_shared.contracts.requests import MessageReceivedV1, ReceiptCorrectedV1, RequestReceivedV1
from dsr_shared.contracts.sealed import MessageV1
from dsr_shared.contracts.words import Right
from dsr_shared.keyring import KeyRing
from dsr_shared.replies import recipient_hash, reply_token
from dsr_shared.sealing import SealContext, hash_token, open_model, open_sealed, seal

pytestmark = pytest.mark.connected
NOON = datetime(2026, 11, 25, 10, tzinfo=UTC)
BOX = "tietosuoja@esimerkki.example"
WISH = "Hei,\n\nHaluan nähdä kaikki tietoni, jotka teillä on minusta.\n\nTerveisin\nAino Virtanen\n"
ON_FILE = "aino.tyo@toimisto.example"


@pytest.fixture
async def reader() -> AsyncIterator[ReadingPool]:
    async with ReadingPool(1) as pool:
        yield pool


def a_mail(text: str = WISH, **headers: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    fields = {"From": "Aino Virtanen <aino@posti.example>", "To": BOX, "Subject": "Tietopyyntö"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    for name, value in fields.items():
        mail[name] = value
    mail.set_content(text, cte="quoted-printable")
    return mail


async def arrive(
    intake: Intake,
    reader: ReadingPool,
    *mails: EmailMessage | bytes,
    at: datetime = NOON,
    controller: str = "esimerkki",
) -> list[UUID]:
    raws = [mail if isinstance(mail, bytes) else mail.as_bytes() for mail in mails]
    ids = [(await intake.store.store_raw(controller, "mail", raw, at, None)).id for raw in raws]
    worker = ArrivalWorker.of(intake, reader)
    await worker.read_batch()
    return ids


async def envelopes(intake: Intake) -> list[Envelope]:
    async with intake.database.across_controllers() as connection:
        rows = await connection.fetch("select payload from outbox order by created_at, sequence")
    return [Envelope.model_validate_json(row["payload"]) for row in rows]


async def stage(intake: Intake, case_id: UUID, *rights: Right, is_open: bool = True) -> None:
    event = stage_changed(
        "identifying" if is_open else "closed",
        "K-2026-0001",
        *rights,
        language="fi",
        received_at=NOON,
        due_on=NOON.date() + timedelta(days=33),
        changed_at=NOON,
    )
    async with intake.database.transaction("esimerkki") as connection:
        await intake.events.handlers()[CaseStageChangedV1](connection, received("esimerkki", event, case_id))


async def letter_went_out(intake: Intake, case_id: UUID, address: str) -> tuple[UUID, str]:
    """What fulfilment tells of a letter; returns the letter and the token of its reply address."""
    letter_id, token = uuid7(), reply_token(case_id.bytes)
    async with intake.database.transaction("esimerkki") as connection:
        key = await intake.keys.current(connection, "esimerkki", case_id, "arrival")
        event = ReplyExpectedV1(
            letter_id=letter_id,
            reply_token_hash=hash_token(token),
            reply_token=seal(key, b"", SealContext(uuid7(), "reply_expected", case_id, "reply_token")),
            recipient_hash=recipient_hash(token, address),
        )
        told = received("esimerkki", event, case_id)
        context = SealContext(told.envelope.event_id, "reply_expected", case_id, "reply_token")
        told = type(told)(told.envelope, event.model_copy(update={"reply_token": seal(key, token.encode(), context)}))
        await intake.events.handlers()[ReplyExpectedV1](connection, told)
    return letter_id, token


async def a_case(intake: Intake, reader: ReadingPool) -> UUID:
    (case_id,) = await arrive(intake, reader, a_mail(Message_ID="<1@posti.example>"))
    await stage(intake, case_id)
    return case_id


def an_answer(text: str, **headers: str) -> EmailMessage:
    return a_mail(text, **{"Subject": "Vs: Olemme saaneet pyyntösi", **headers})


THANKS = "Kiitos, tässä vielä asiakasnumeroni: 12345.\n\nTerveisin\nAino Virtanen\n"


async def test_an_answer_finds_its_case_by_the_token_from_the_address_its_letter_went_to(
    intake: Intake, reader: ReadingPool
) -> None:
    case_id = await a_case(intake, reader)
    _, token = await letter_went_out(intake, case_id, ON_FILE)
    to = BOX.replace("@", f"+{token}@")
    (stranger,) = await arrive(intake, reader, an_answer(THANKS, To=to, From="mallory@elsewhere.example"))
    await arrive(intake, reader, an_answer(THANKS, To=to, From=f"A V <{ON_FILE.upper()}>"))
    told = await envelopes(intake)
    assert told[-1].case_id == case_id
    assert MessageReceivedV1.model_validate(told[-1].data).kind == "follow_up"
    assert [one.case_id for one in told[1:-1]] in ([], [stranger])


async def test_an_answer_finds_its_case_by_the_message_id_of_our_letter(intake: Intake, reader: ReadingPool) -> None:
    case_id = await a_case(intake, reader)
    letter_id, _ = await letter_went_out(intake, case_id, ON_FILE)
    ids = f"<{letter_id.hex}@esimerkki.example>"
    answer = an_answer(THANKS, From=ON_FILE, In_Reply_To=ids, References=ids)
    await arrive(intake, reader, answer)
    assert (await envelopes(intake))[-1].case_id == case_id
    stranger = an_answer(THANKS, From="mallory@elsewhere.example", In_Reply_To=ids, References=ids)
    await arrive(intake, reader, stranger)
    assert [one.case_id for one in await envelopes(intake)].count(case_id) == 2


async def test_an_answer_that_asks_for_nothing_new_stays_on_its_case_and_a_new_right_is_linked(
    intake: Intake, reader: ReadingPool
) -> None:
    case_id = await a_case(intake, reader)
    later = NOON + timedelta(days=5)
    answers = {"In_Reply_To": "<1@posti.example>", "Subject": "Vs: K-2026-0001"}
    await arrive(intake, reader, an_answer(WISH, **answers), at=later)
    (new,) = await arrive(
        intake,
        reader,
        an_answer("Poistakaa myös kaikki tietoni rekisteristänne.\n\nAino Virtanen\n", **answers),
        at=later,
    )
    first, again, asked = await envelopes(intake)
    assert (first.case_id, again.case_id, asked.case_id) == (case_id, case_id, new)
    assert again.type == "message_received"
    request = RequestReceivedV1.model_validate(asked.data)
    assert (request.rights, request.linked_case_id, request.received_at) == (("erasure",), case_id, later)
    async with intake.database.transaction("esimerkki") as connection:
        assert await connection.fetchval("select received_at from cases where case_id = $1", case_id) == NOON


async def test_the_same_mail_by_two_ways_is_one_arrival_at_the_earliest_receipt(
    intake: Intake, reader: ReadingPool
) -> None:
    mail = a_mail(Message_ID="<1@posti.example>")
    (first,) = await arrive(intake, reader, mail)
    other_way = b"Received: from x by mx2.esimerkki.example; Wed, 25 Nov 2026 11:00:00 +0200\r\n" + mail.as_bytes()
    earlier = NOON - timedelta(hours=1)
    await arrive(intake, reader, other_way, at=earlier)
    await arrive(intake, reader, b"X-Way: third\r\n" + mail.as_bytes(), at=NOON + timedelta(days=1))
    request, corrected = await envelopes(intake)
    assert request.type == "request_received"
    assert ReceiptCorrectedV1.model_validate(corrected.data) == ReceiptCorrectedV1(
        arrival_id=first, received_at=earlier
    )
    async with intake.database.transaction("esimerkki") as connection:
        rows = await connection.fetch("select case_id, copy_of, kind from arrivals order by stored_at")
        assert [(row["case_id"], row["copy_of"]) for row in rows] == [(first, None), (first, first), (first, first)]
        assert await connection.fetchval("select received_at from cases") == earlier


async def test_the_same_bytes_stored_again_with_an_earlier_receipt_correct_what_was_told(
    intake: Intake, reader: ReadingPool
) -> None:
    mail = a_mail(Message_ID="<1@posti.example>")
    (first,) = await arrive(intake, reader, mail)
    for hours in (1, 2, 1):
        await arrive(intake, reader, mail, at=NOON - timedelta(hours=hours))
    told = [one for one in await envelopes(intake) if one.type == "receipt_corrected"]
    assert [ReceiptCorrectedV1.model_validate(one.data).received_at for one in told] == [
        NOON - timedelta(hours=1),
        NOON - timedelta(hours=2),
    ]
    assert {one.case_id for one in told} == {first}


async def test_copies_of_two_controllers_are_two_arrivals(intake: Intake, reader: ReadingPool) -> None:
    mail = a_mail(Message_ID="<1@posti.example>")
    await arrive(intake, reader, mail)
    await arrive(intake, reader, mail, controller="toinen")
    assert [one.type for one in await envelopes(intake)] == ["request_received"] * 2


async def test_the_same_message_id_with_another_body_is_an_arrival_for_a_person(
    intake: Intake, reader: ReadingPool
) -> None:
    (first,) = await arrive(intake, reader, a_mail(Message_ID="<1@posti.example>"))
    (second,) = await arrive(
        intake, reader, a_mail("Poistakaa kaikki tietoni.\n\nAino Virtanen\n", Message_ID="<1@posti.example>")
    )
    _, changed = await envelopes(intake)
    assert changed.case_id == second != first
    assert MessageReceivedV1.model_validate(changed.data).is_changed_copy


async def test_files_are_sealed_for_the_case_and_go_with_its_keys(
    intake: Intake, reader: ReadingPool, fulfilment_keys: KeyRing
) -> None:
    mail = a_mail(Message_ID="<1@posti.example>")
    mail.add_attachment(b"%PDF-1.7 canary", maintype="text", subtype="html", filename="../../valtakirja.html")
    (case_id,) = await arrive(intake, reader, mail)
    (envelope,) = await envelopes(intake)
    event = RequestReceivedV1.model_validate(envelope.data)
    (file,) = event.attachments
    assert file.media_type == "application/pdf"
    stored = await intake.blobs.get(file.blob)
    assert b"canary" not in stored
    (wrapped,) = [key for key in envelope.keys if key.reader == "fulfilment" and key.key_id == file.blob.key_id]
    key = fulfilment_keys.unwrap(wrapped)
    sealed = type(event.message).model_construct(key_id=key.key_id, ciphertext=stored)
    context = SealContext(file.attachment_id, "attachment", case_id, "bytes")
    assert open_sealed(key, sealed, context) == b"%PDF-1.7 canary"
    message = open_model(
        key, event.message, SealContext(envelope.event_id, envelope.type, case_id, "message"), MessageV1
    )
    assert message.attachment_names == ("valtakirja.html",)
    async with intake.database.transaction("esimerkki") as connection:
        gone = CaseKeyDestroyedV1(destroyed_at=NOON)
        await intake.events.handlers()[CaseKeyDestroyedV1](connection, received("esimerkki", gone, case_id))
        assert await connection.fetchval("select count(*) from mail_attachments") == 0
    assert await _is_gone(intake, file.blob.name)


async def test_files_of_a_mail_that_was_never_committed_are_swept_and_no_others(
    intake: Intake, reader: ReadingPool
) -> None:
    mail = a_mail(Message_ID="<1@posti.example>")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    await arrive(intake, reader, mail)
    left = await intake.blobs.put("attachments", b"left by a crash")
    (file,) = RequestReceivedV1.model_validate((await envelopes(intake))[0].data).attachments
    for name in (left.name, file.blob.name):
        path = intake.settings.blob_directory / name
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * 24 * 3600))
    assert await LeftFiles(intake.database, intake.blobs).sweep() == 1
    assert await _is_gone(intake, left.name)
    assert not await _is_gone(intake, file.blob.name)


async def _is_gone(intake: Intake, name: str) -> bool:
    try:
        await intake.blobs.get(name)
    except BlobMissing:
        return True
    return False


MACHINES: Sequence[dict[str, str]] = (
    {"Auto_Submitted": "auto-generated"},
    {"Precedence": "bulk"},
    {"List_Id": "<asiakkaat.posti.example>"},
    {"X_Auto_Response_Suppress": "All"},
    {"Return_Path": "<>"},
)


@pytest.mark.parametrize("headers", MACHINES, ids=lambda headers: next(iter(headers)))
async def test_what_a_machine_sent_is_never_answered_by_a_machine(
    intake: Intake, reader: ReadingPool, headers: dict[str, str]
) -> None:
    """Either it is noise, or a person sees it first: fulfilment sends nothing to what is automatic."""
    await arrive(intake, reader, a_mail(**headers))
    for envelope in await envelopes(intake):
        if envelope.type == "request_received":
            event = RequestReceivedV1.model_validate(envelope.data)
            assert event.is_automatic
            assert event.needs_person


async def test_an_out_of_office_answer_to_our_letter_ends_the_exchange(intake: Intake, reader: ReadingPool) -> None:
    case_id = await a_case(intake, reader)
    letter_id, token = await letter_went_out(intake, case_id, "aino@posti.example")
    away = an_answer(
        "Olen lomalla 1.12. asti. I am out of office.\n",
        To=BOX.replace("@", f"+{token}@"),
        Subject="Automaattinen vastaus: Olemme saaneet pyyntösi",
        In_Reply_To=f"<{letter_id.hex}@esimerkki.example>",
        Auto_Submitted="auto-replied",
    )
    await arrive(intake, reader, away)
    assert [one.type for one in await envelopes(intake)] == ["request_received"]


async def test_evidence_about_the_sender_travels_with_the_request(intake: Intake, reader: ReadingPool) -> None:
    mail = a_mail(From='"Esimerkki asiakaspalvelu" <tuki@esimerkk1.example>')
    raw = (
        b"Authentication-Results: mx.esimerkki.example; spf=pass smtp.mailfrom=esimerkk1.example; dmarc=fail\r\n"
        b"Received: from x by mx.esimerkki.example; Wed, 25 Nov 2026 12:00:00 +0200\r\n"
    ) + mail.as_bytes()
    await arrive(intake, reader, raw)
    evidence = (await envelopes(intake))[0].data["sender_evidence"]
    assert evidence == {
        "spf": "pass",
        "dkim": "none",
        "dmarc": "fail",
        "is_look_alike": True,
        "is_display_name_spoofed": True,
    }


async def test_no_table_of_threads_shows_another_controllers_rows(intake: Intake, reader: ReadingPool) -> None:
    mail = a_mail(Message_ID="<1@posti.example>")
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    (case_id,) = await arrive(intake, reader, mail)
    await stage(intake, case_id)
    await letter_went_out(intake, case_id, ON_FILE)
    for table in ("expected_replies", "mail_attachments"):
        async with intake.database.transaction("esimerkki") as connection:
            assert await connection.fetchval(f"select count(*) from {table}") == 1, table
        async with intake.database.transaction("toinen") as connection:
            assert await connection.fetchval(f"select count(*) from {table}") == 0, table


async def test_an_answer_to_a_breach_letter_is_a_case_of_its_own_linked_to_the_breach(
    intake: Intake, reader: ReadingPool
) -> None:
    breach_id = uuid7()
    letter_id, token = await letter_went_out(intake, breach_id, ON_FILE)
    ids, to = f"<{letter_id.hex}@esimerkki.example>", BOX.replace("@", f"+{token}@")
    (question,) = await arrive(intake, reader, an_answer("Kiitos tiedosta!\n", From=ON_FILE, In_Reply_To=ids))
    (request,) = await arrive(intake, reader, an_answer(WISH, From=ON_FILE, To=to))
    (stranger,) = await arrive(intake, reader, an_answer(THANKS, From="mallory@elsewhere.example", To=to))
    told = {one.case_id: one for one in await envelopes(intake)}
    asked = MessageReceivedV1.model_validate(told[question].data)
    assert (asked.kind, asked.linked_case_id) == ("follow_up", breach_id)
    assert RequestReceivedV1.model_validate(told[request].data).linked_case_id == breach_id
    assert stranger not in told or told[stranger].data.get("linked_case_id") is None
    assert breach_id not in told
