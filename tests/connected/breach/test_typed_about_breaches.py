"""What staff type about a breach lies in no row in clear, and its pages still show it."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.connected.console.test_typed_words import in_clear, mark

from dsr_fulfilment.entrypoints.console.breach_forms import local_text

__all__ = ["mark"]


@pytest.mark.promise("P37")
async def test_every_word_that_is_typed_about_a_breach_is_sealed(breach_desk, desk, signed_in, mark):
    late = datetime.now(UTC) - timedelta(hours=80)
    breach = await breach_desk.registered_and_searched(aware_at=late, reported_in=f"K-{mark}")
    matti = await signed_in()
    base = f"/breaches/{breach.reference}"
    page = await matti.open(base)
    page = await matti.submit(page.form("form#judge"), risk="high", reason=f"Tunnuksia {mark}")
    assert f"Tunnuksia {mark}" in page.text
    page = await matti.submit(
        page.form("form#told"),
        told_at=local_text(datetime.now(UTC)),
        rest_follows="yes",
        delay_reason=f"Lokit {mark}",
        receipt=f"D-{mark}",
    )
    assert f"Lokit {mark}" in page.text
    assert f"D-{mark}" in page.text
    page = await matti.submit(page.form("form.settle"), what_was_done=f"Soitin {mark}")
    assert not page.errors
    people = await matti.open(f"{base}/people")
    people = await matti.submit(people.form("#reveal"), other=f"Kirjeisiin {mark}")
    assert not people.errors
    assert f"Lokit {mark}" in (await matti.open("/breaches")).text
    assert f"Lokit {mark}" in (await matti.open(f"{base}/notice?lang=fi")).html.body.text()
    assert await in_clear(desk, mark) == []
