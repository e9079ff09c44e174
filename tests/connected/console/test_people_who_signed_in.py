"""Who signed in at the company's provider, as staff see it: why it is theirs to decide, and, after a reason, who."""

import pytest

from dsr_shared.contracts.sealed import PersonV1

WHO = PersonV1(name="Aino Outola", email="aino@outola.example", identifiers={"customer_number": "99"})


@pytest.mark.promise("P40")
async def test_who_signed_in_is_shown_to_whoever_gave_a_reason_and_the_page_says_why_it_is_theirs_to_decide(
    desk, others, signed_in
):
    case_id = await others.request("access")
    await desk.work()
    await others.sign_in(case_id, WHO)
    await desk.work()
    matti = await signed_in()
    page = await matti.open("/cases/K-2026-0001")
    assert "signed in, and no system knows them" in page.text
    assert "somebody signed in at https://tunnistus.example, level loa2" in page.text.lower()
    assert "asked whether they know who signed in: none does" in page.text
    assert "Outola" not in page.html.html
    page = await matti.submit(page.form("#reveal"), why="check")
    for shown in ("Aino Outola", "aino@outola.example", "99", "https://tunnistus.example, level loa2"):
        assert shown in page.text
