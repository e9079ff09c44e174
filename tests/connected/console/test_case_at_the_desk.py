"""A case worked through the console's pages, as staff do."""

from dsr_fulfilment.domain.evidence import Unbroken


async def test_a_case_is_carried_to_its_end_through_the_pages(desk, others, signed_in):
    case_id = await others.request("access", "erasure")
    await desk.work()
    await desk.answer_challenge(case_id)
    await desk.work()
    matti = await signed_in()
    page = await matti.open("/")
    assert "K-2026-0001" in page.text
    page = await matti.open("/cases/K-2026-0001")
    assert page.status == 200
    page = await matti.submit(page.form("form.task"), outcome="nothing_found", proof="Kansiot A-Ö katsottu.")
    assert page.status == 200, page.errors
    await desk.work()
    page = await matti.open("/cases/K-2026-0001")
    assert page.texts("form#approve button") == ["Erase 4 items, keep 1"]
    page = await matti.submit(page.form("form#approve"), sure="yes")
    assert not page.errors, page.errors
    await desk.work()
    page = await matti.open("/cases/K-2026-0001")
    assert page.has("[data-closed]"), page.text
    assert (await desk.case(case_id)).state == "closed"
    assert isinstance(await desk.chain(case_id), Unbroken)
    assert "Unbroken" in page.text
