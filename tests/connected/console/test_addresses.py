"""A letter that did not arrive: another address with its reason, and the letter once more; an address proves nobody."""

import json

from tests.connected.console.test_the_line import searched

from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.letters import LetterRequestedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.keyring import KeyRing
from dsr_shared.sealing import SealContext, open_model


async def recipients(desk, settings, kind: str) -> list[str]:
    """To whom letters of a kind were asked for, as the notifier reads it."""
    ring = KeyRing.load(settings.keyring_path.with_name("notifier.keyring.json"))
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        rows = await conn.fetch("select payload from outbox where event_type = 'letter_requested' order by sequence")
    found = []
    for row in rows:
        envelope = Envelope.model_validate(json.loads(row["payload"]))
        event = LetterRequestedV1.model_validate(envelope.data)
        if event.kind == kind:
            key = next(one for one in envelope.keys if one.reader == "notifier")
            context = SealContext(envelope.event_id, LetterRequestedV1.TYPE, envelope.case_id, "content")
            content = open_model(ring.unwrap(key), event.content, context, LetterContentV1)
            found.append(content.recipient_email)
    return found


async def test_an_answer_that_failed_goes_once_more_to_the_corrected_address(desk, others, signed_in, settings):
    case_id = await searched(desk, others)
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work_without_mail()
    await desk.fail_letter(case_id, "access_reply")
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("#address form"), email="ei osoite", reason="")
    assert [node.attributes["href"] for node in page.html.css(".errors a")] == ["#address-email", "#address-reason"]
    page = await matti.submit(page.form("#address form"), email="uusi@posti.example", reason="Hän soitti")
    assert "matti gave another address for letters: Hän soitti" in page.text
    form = page.form("form.again")
    page = await matti.submit(form)
    assert not page.errors, page.errors
    assert await recipients(desk, settings, "access_reply") == ["aino@posti.example", "uusi@posti.example"]
    assert (await desk.case(case_id)).needs_person is None
    assert (await matti.submit(form)).status == 409, "it goes once"
    assert (await matti.open("/letters")).has(".empty")
    await desk.work()
    assert (await desk.case(case_id)).state == "closed"


async def test_a_new_address_before_verification_proves_nobody(desk, others, signed_in, settings):
    case_id = await others.request("access")
    await desk.work_without_mail()
    await desk.fail_letter(case_id, "challenge")
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    page = await matti.submit(page.form("form.again"))
    assert page.status == 409
    assert "holds for the address it went to" in page.errors[0]
    page = await matti.submit(page.form("#address form"), email="roisto@muualla.example", reason="Soitti")
    assert await recipients(desk, settings, "challenge") == ["aino@posti.example", "roisto@muualla.example"]
    async with desk.fulfilment.tools.database.across_controllers() as conn:
        newest = await conn.fetchval("select challenge_id from challenges order by challenge_id desc limit 1")
    await others.answer_challenge(case_id, newest)
    case = await desk.case(case_id)
    assert (case.state, case.is_verified) == ("awaiting_identity", False)


async def test_readers_change_no_address(desk, others, signed_in):
    await searched(desk, others)
    liisa = await signed_in("reader", name="liisa")
    page = await liisa.open("/cases/K-2026-0001")
    assert not page.has("#address form")
