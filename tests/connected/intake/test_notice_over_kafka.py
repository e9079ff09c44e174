"""Versions of a notice travel over the real broker, each under its own key, to the page of the running service."""

from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest
from tests.connected.intake.builders import a_register
from tests.connected.intake.test_intake_service import Fulfilment, Process, service
from tests.connected.intake.test_notice_page import versions

from dsr_fulfilment.handlers.publish_notices import notice_stream
from dsr_shared.testing import wait_until

if TYPE_CHECKING:
    from kuukausi.stack.kafka import KafkaServer

__all__ = ["service"]
pytestmark = [pytest.mark.connected, pytest.mark.promise("P39")]


async def test_versions_that_come_out_of_order_are_all_published_and_the_newest_holds(
    service: Process,
    kafka_server: "KafkaServer",
) -> None:
    fulfilment = Fulfilment(kafka_server)
    await fulfilment.tell("esimerkki", a_register(), UUID("00000000-0000-7000-8000-000000000001"))
    for notice in reversed(versions()):
        await fulfilment.tell("esimerkki", notice, notice_stream("esimerkki", notice.notice_version))
    await wait_until(service.is_ready, 30, "a ready intake")
    async with httpx.AsyncClient(base_url=service._environment["INTAKE_PUBLIC_URL"]) as person:

        async def is_published() -> bool:
            return (await person.get("/esimerkki/notice/1?lang=en")).status_code == 200

        await wait_until(is_published, 20, "the first version")
        page = await person.get("/esimerkki/notice?lang=en")
        assert "Version 2, in force since 23 November 2026." in page.text
        assert "What changed" in page.text
