"""What came with a message, what speaks for its sender, what hangs together, and what was taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from uuid6 import uuid7

from dsr_fulfilment.domain.evidence import Unbroken
from dsr_fulfilment.handlers.keys import destroy_case_key
from dsr_fulfilment.handlers.staff import NotNow
from dsr_shared.blobs import BlobMissing
from dsr_shared.calendar import due_dates
from dsr_shared.contracts.base import BlobRefV1
from dsr_shared.contracts.requests import (
    AttachmentV1,
    MessageReceivedV1,
    ReceiptCorrectedV1,
    RequestReceivedV1,
    RequestWithdrawnV1,
    SenderEvidenceV1,
)
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.contracts.words import READERS
from dsr_shared.replies import is_recipient
from dsr_shared.sealing import SealContext, new_data_key, seal, seal_model

pytestmark = pytest.mark.connected
SIGNS = SenderEvidenceV1(spf="pass", dkim="none", dmarc="fail", is_look_alike=True, is_display_name_spoofed=True)
PAGE = b"<script>alert('canary')</script>"
EMAIL = "aino@posti.example"


async def send(
    fulfilment: Any, others: Any, cls: Any, case_id: UUID, *, files: tuple[tuple[str, bytes], ...] = (), **values: Any
) -> UUID:
    """An event as intake would send it, sealed and with its files in the blob store; returns the event's id."""
    event_id, key, attachments = uuid7(), new_data_key("arrival"), []
    for _, data in files:
        attachment_id = uuid7()
        sealed = seal(key, data, SealContext(attachment_id, "attachment", case_id, "bytes"))
        stored = await fulfilment.tools.blobs.put("attachments", sealed.ciphertext)
        blob = BlobRefV1(name=stored.name, length=stored.length, sha256=stored.sha256, key_id=key.key_id)
        attachments.append(AttachmentV1(attachment_id=attachment_id, media_type="text/plain", blob=blob))
    context = {name: SealContext(event_id, cls.TYPE, case_id, name) for name in ("person", "message")}
    message = MessageV1(subject="Tietoni", text="Haluan tietoni.", attachment_names=tuple(name for name, _ in files))
    common: dict[str, Any] = {
        "arrival_id": case_id,
        "channel": "mail",
        "received_at": datetime.now(UTC),
        "language": "fi",
        "person": seal_model(key, PersonV1(name="Aino Esimerkki", email=EMAIL), context["person"]),
        "message": seal_model(key, message, context["message"]),
        "raw_sha256": "0" * 64,
        "attachments": tuple(attachments),
    }
    keys = tuple(others.public.wrap(key, reader) for reader in READERS["arrival"])
    await others.send(case_id, cls(**{**common, **values}), event_id=event_id, keys=keys)
    return event_id


async def request(fulfilment: Any, others: Any, *rights: str, **values: Any) -> UUID:
    case_id = uuid7()
    facts = {"is_on_behalf": False, "needs_person": not rights, "confidence": 0.9} | values
    await send(fulfilment, others, RequestReceivedV1, case_id, rights=rights, **facts)
    return case_id


@pytest.mark.promise("P40")
async def test_a_file_is_handed_out_only_after_a_reason_and_never_runs(fulfilment, others, desk, signed_in, visitor):
    files = (("../valta\u202ekirja.html", PAGE),)
    case_id = await request(fulfilment, others, "access", files=files, sender_evidence=SIGNS)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    assert not page.has("a[download]")
    async with fulfilment.tools.database.transaction("esimerkki") as conn:
        attachment = await conn.fetchval("select attachment_id from case_attachments")
    path = f"/cases/K-2026-0001/attachments/{attachment}"
    assert (await matti.client.get(path, follow_redirects=False)).status_code == 303
    await matti.submit(page.form("form#reveal"), why="check")
    page = await matti.open("/cases/K-2026-0001")
    assert page.html.css_first("a[download]").attributes["href"] == path
    answer = await matti.client.get(path)
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith('attachment; filename="valtakirja.html.txt"')
    assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    assert "fetched an attachment" in (await matti.open("/cases/K-2026-0001")).text
    assert isinstance(await desk.chain(case_id), Unbroken)
    stranger = await signed_in(controller="toinen", name="teppo")
    assert (await stranger.client.get(path)).status_code == 404
    assert (await matti.client.get("/cases/K-2026-0001/attachments/nonsense")).status_code == 404


async def test_files_go_with_the_keys_of_their_case(fulfilment, others, desk, signed_in):
    case_id = await request(fulfilment, others, files=(("a.txt", b"canary"),))
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    await matti.submit(page.form("form#rights"), nothing_asked="yes")
    tools = fulfilment.tools
    async with tools.database.transaction("esimerkki") as conn:
        name = await conn.fetchval("select blob ->> 'name' from case_attachments")
        await destroy_case_key(tools, conn, case_id, "Säilytysaika päättyi.", "matti")
        assert await conn.fetchval("select count(*) from case_attachments") == 0
    await desk.work_without_mail()
    with pytest.raises(BlobMissing):
        await tools.blobs.get(name)


async def test_files_of_a_case_are_seen_by_its_own_controller_alone(fulfilment, others):
    await request(fulfilment, others, "access", files=(("a.txt", b"a"),))
    for controller, count in (("esimerkki", 1), ("toinen", 0)):
        async with fulfilment.tools.database.transaction(controller) as conn:
            assert await conn.fetchval("select count(*) from case_attachments") == count


async def test_signs_about_the_sender_are_shown_in_plain_words(fulfilment, others, signed_in):
    await request(fulfilment, others, "access", sender_evidence=SIGNS)
    page = await (await signed_in()).open("/cases/K-2026-0001")
    assert "looks like yours" in page.text
    assert "passes for another address" in page.text
    assert "DMARC failed, DKIM says nothing, SPF passed" in page.text
    assert "not proof" in page.text


async def test_linked_cases_show_each_other_and_keep_their_own_clocks(fulfilment, others, desk, signed_in):
    first = await request(fulfilment, others, "access", received_at=datetime.now(UTC) - timedelta(days=3))
    second = await request(fulfilment, others, "erasure", linked_case_id=first)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0002")
    assert page.html.css_first("[data-linked]").attributes["data-linked"] == "K-2026-0001"
    assert "Asked in an answer on" in page.text
    assert "An answer here also asked for K-2026-0002" in (await matti.open("/cases/K-2026-0001")).text
    assert (await desk.case(first)).due_on < (await desk.case(second)).due_on


async def test_what_comes_later_never_moves_the_clock_and_asks_once_to_be_read(fulfilment, others, desk, signed_in):
    case_id = await request(fulfilment, others, "access")
    due = (await desk.case(case_id)).due_on
    for _ in range(2):
        later = datetime.now(UTC) + timedelta(days=2)
        await send(
            fulfilment,
            others,
            MessageReceivedV1,
            case_id,
            arrival_id=uuid7(),
            received_at=later,
            kind="follow_up",
            is_readable=True,
        )
    assert (await desk.case(case_id)).due_on == due
    page = await (await signed_in()).open("/cases/K-2026-0001")
    assert page.texts("form.settle h3") == ["Read what came later."]


async def test_an_earlier_copy_moves_the_clock_back_and_never_on(others, fulfilment, desk):
    received_at = datetime(2026, 11, 10, 12, tzinfo=UTC)
    case_id = await request(fulfilment, others, "access", received_at=received_at)
    earlier = received_at - timedelta(days=4)
    for moment in (earlier, received_at, earlier + timedelta(days=1)):
        await others.send(case_id, ReceiptCorrectedV1(arrival_id=case_id, received_at=moment))
    case = await desk.case(case_id)
    assert (case.received_at, case.due_on) == (earlier, due_dates(earlier).due)
    stages = await desk.published("case_stage_changed")
    assert stages[-1]["due_on"] == str(case.due_on)
    assert isinstance(await desk.chain(case_id), Unbroken)


async def test_what_a_machine_sent_is_answered_by_nobody_before_a_person_looked(fulfilment, others, desk):
    case_id = await request(fulfilment, others, "access", needs_person=True, is_automatic=True)
    await desk.work()
    assert await desk.letters(case_id) == []
    assert (await desk.case(case_id)).state == "awaiting_rights"


async def test_intake_hears_to_whom_letters_go_without_the_address(fulfilment, others, desk):
    await request(fulfilment, others, "access")
    await desk.work_without_mail()
    (told,) = await desk.published("reply_expected")
    assert EMAIL not in str(told)
    assert not is_recipient("guess", EMAIL, told["recipient_hash"])


async def test_a_request_that_was_taken_back_erases_nothing_more_and_is_closed_by_a_person(
    fulfilment, others, desk, signed_in
):
    case_id = await request(fulfilment, others, "erasure")
    await desk.search_through(case_id)
    assert (await desk.case(case_id)).state == "awaiting_approval"
    await others.send(case_id, RequestWithdrawnV1(withdrawn_at=datetime.now(UTC)))
    with pytest.raises(NotNow):
        await desk.approve(case_id)
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    assert "took the request back" in page.text
    page = await matti.submit(page.form("#withdrawn form"))
    assert not page.errors
    await desk.work()
    case = await desk.case(case_id)
    assert (case.state, case.is_open) == ("withdrawn", False)
    assert await desk.letters(case_id) == ["challenge"]
    assert isinstance(await desk.chain(case_id), Unbroken)


async def test_an_approval_that_waits_is_taken_back_with_the_request_and_the_case_can_go_on(
    fulfilment, others, desk, signed_in
):
    case_id = await request(fulfilment, others, "erasure")
    await desk.search_through(case_id)
    await desk.approve(case_id)
    await others.send(case_id, RequestWithdrawnV1(withdrawn_at=datetime.now(UTC)))
    await desk.work()
    assert (await desk.case(case_id)).state == "awaiting_approval"
    await desk.settle(case_id, "needs_person", "Soitin: haluaa sittenkin.")
    await desk.approve(case_id)
    await desk.work()
    assert (await desk.case(case_id)).withdrawn_at is None
    assert "erasure_reply" in await desk.letters(case_id)
