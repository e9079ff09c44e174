"""Not writing to the people of a breach: only on a ground of Art. 34(3) that holds; and its tasks in sight."""

import pytest
from tests.connected.breach.desk import BreachDesk

pytestmark = pytest.mark.connected


async def judged(breach_desk: BreachDesk, matti):
    breach = await breach_desk.registered_and_searched(systems=("crm", "portal", "folder"))
    page = await matti.open(f"/breaches/{breach.reference}")
    return breach, await matti.submit(page.form("#judge"), risk="high", reason="Tunnuksia vuoti.")


@pytest.mark.promise("P35")
async def test_nobody_is_written_to_on_a_ground_that_holds_and_it_can_be_taken_back(breach_desk, signed_in) -> None:
    matti = await signed_in()
    breach, page = await judged(breach_desk, matti)
    assert ("no_address", "") in await breach_desk.open_tasks(breach.breach_id)
    page = await matti.submit(page.form("#exempt-form"))
    assert [node.attributes["href"] for node in page.html.css(".errors a")] == [
        "#exemption-data_unintelligible",
        "#exemption_reason",
    ]
    said = {"exemption": "data_unintelligible", "exemption_reason": "Levy oli salattu."}
    page = await matti.submit(page.form("#exempt-form"), **said)
    assert not page.errors
    assert "Nobody is written to" in page.text
    assert "Levy oli salattu." in page.text
    assert (await breach_desk.now(breach.breach_id)).exemption == "data_unintelligible"
    assert ("no_address", "") not in await breach_desk.open_tasks(breach.breach_id)
    assert "Levy oli salattu." in (await matti.open(f"/breaches/{breach.reference}/notice?lang=fi")).html.body.text()
    page = await matti.submit(page.form("#tell-all"))
    assert (await breach_desk.now(breach.breach_id)).exemption is None
    assert ("no_address", "") in await breach_desk.open_tasks(breach.breach_id)
    assert (await breach_desk.history(breach.breach_id))[-2:] == ["exempted", "exemption_withdrawn"]


@pytest.mark.promise("P35")
async def test_a_ground_that_does_not_hold_is_refused(breach_desk, signed_in) -> None:
    matti = await signed_in()
    breach, page = await judged(breach_desk, matti)
    late = {"exemption": "risk_removed", "exemption_reason": "Salasanat vaihdettiin.", "has_happened": "yes"}
    page = await matti.submit(page.form("#exempt-form"), **late)
    assert page.status == 409
    assert "exempt nobody" in page.errors[0]
    silent = {"exemption": "disproportionate_effort", "exemption_reason": "Osoitteita ei ole."}
    page = await matti.submit(page.form("#exempt-form"), **silent)
    assert page.status == 422
    assert (await breach_desk.now(breach.breach_id)).exemption is None
    page = await matti.submit(page.form("#exempt-form"), **silent, public_notice="Etusivulla neljä viikkoa.")
    assert "Etusivulla neljä viikkoa." in page.text
    page = await matti.submit(page.form("#judge"), risk="high", reason="Toisin kuin luulimme.")
    assert (await breach_desk.now(breach.breach_id)).exemption is None, "a new judgement is decided on anew"


@pytest.mark.promise("P34")
async def test_what_waits_about_a_breach_is_on_the_list_of_tasks(breach_desk, signed_in) -> None:
    matti = await signed_in()
    breach, _ = await judged(breach_desk, matti)
    page = await matti.open("/tasks")
    assert "Search on paper: Paper folder" in page.text
    assert "without an e-mail address" in page.text
    assert "h" in page.texts(".badge")[0]
    link = page.html.css_first("section .items a").attributes["href"]
    assert link.startswith(f"/breaches/{breach.reference}#task-")
    assert (await matti.open(link)).has("#" + link.partition("#")[2])
    other = await signed_in(controller="toinen", name="kalle")
    assert breach.reference not in (await other.open("/tasks")).text
