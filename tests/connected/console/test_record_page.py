"""Owners read the record of processing and take it along; nobody else does; the notice's versions stand beside it."""

import csv
from io import StringIO

import pytest

from dsr_fulfilment.handlers.publish_registers import publish_registers

pytestmark = [pytest.mark.connected, pytest.mark.promise("P39")]
PATHS = ("/record", "/record.csv", "/record.html")


async def test_an_owner_reads_the_record_of_the_own_company(signed_in, fulfilment) -> None:
    owner = await signed_in("owner")
    page = await owner.open("/record?language=fi")
    activity = fulfilment.tools.registers.get("esimerkki").activities[0]
    assert page.status == 200
    assert activity.persons["fi"].casefold() in page.text.casefold()
    assert "What the register lacks" in page.text
    assert "Security is missing" in page.text


async def test_the_versions_of_the_notice_stand_beside_it(signed_in, fulfilment) -> None:
    owner = await signed_in("owner")
    assert "None yet" in (await owner.open("/record")).text
    await publish_registers(fulfilment.tools)
    page = await owner.open("/record")
    assert "Version 1" in page.text
    assert 'href="http://localhost:8080/esimerkki/notice/1"' in page.html.html


@pytest.mark.parametrize("role", ["handler", "reader"])
async def test_nobody_but_an_owner_sees_it(signed_in, role: str) -> None:
    other = await signed_in(role)
    for path in PATHS:
        page = await other.open(path)
        assert page.status == 403, path
    assert "/record" not in (await other.open("/")).html.html


async def test_who_is_not_signed_in_is_asked_to(visitor) -> None:
    for path in PATHS:
        assert "Sign in" in (await visitor().open(path)).title


async def test_the_downloads_are_files_of_the_own_company_alone(signed_in) -> None:
    theirs = await signed_in("owner", controller="toinen", name="maija")
    answer = await theirs.client.get("/record.csv?language=sv")
    assert answer.headers["content-disposition"] == 'attachment; filename="toinen-record-sv.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "Personuppgiftsansvarig"
    assert "Toinen Oy" in rows[1][0]
    assert "Esimerkki Oy" not in answer.text
    page = await theirs.client.get("/record.html?language=xx")
    assert page.headers["content-disposition"] == 'attachment; filename="toinen-record-en.html"'
    assert "Toinen Oy" in page.text
