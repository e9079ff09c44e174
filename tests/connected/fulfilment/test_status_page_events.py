"""What fulfilment does for the person's status page: codes go where the case's letters go, and letters are told."""

from datetime import UTC, datetime

import pytest

from dsr_shared.contracts.requests import StatusCodeWantedV1
from dsr_shared.sealing import hash_token, new_token

pytestmark = pytest.mark.connected


def wanted() -> StatusCodeWantedV1:
    return StatusCodeWantedV1(token_hash=hash_token(new_token()), wanted_at=datetime.now(UTC))


async def test_a_code_is_sent_once_an_address_was_chosen_and_told_by_its_hash_alone(desk, others) -> None:
    case_id = await others.request("access")
    await others.send(case_id, wanted())
    assert await desk.published("status_code_issued") == []
    await desk.work()
    event = wanted()
    await others.send(case_id, event)
    (issued,) = await desk.published("status_code_issued")
    assert issued["token_hash"] == event.token_hash
    assert set(issued) == {"token_hash", "code_hash", "expires_at", "tries"}
    assert await desk.letters(case_id) == ["challenge", "download_code"]


async def test_each_letter_that_a_server_took_is_told_to_the_status_page(desk, others) -> None:
    case_id = await others.request("access")
    await desk.work()
    assert [letter["kind"] for letter in await desk.published("letter_sent")] == ["challenge"]
    await desk.answer_challenge(case_id)
    await desk.work()
    await desk.finish_tasks(case_id, "nothing_found")
    await desk.work()
    assert [letter["kind"] for letter in await desk.published("letter_sent")] == ["challenge", "access_reply"]
