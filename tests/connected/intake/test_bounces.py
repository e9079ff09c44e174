"""A letter of ours that came back: from the report's raw bytes to the event, through the limited child."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from tests.connected.intake.test_threads import NOON, a_case, arrive, envelopes, letter_went_out
from tests.unit.intake.test_bounces import LETTER, POSTFIX, report

from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake
from dsr_shared.contracts.requests import LetterBouncedV1

pytestmark = pytest.mark.connected


@pytest.fixture
async def reader() -> AsyncIterator[ReadingPool]:
    async with ReadingPool(1) as pool:
        yield pool


def bounce(letter_id: UUID, mail: str = POSTFIX, note: str = "") -> bytes:
    return mail.replace(LETTER, f"{letter_id.hex}@esimerkki.example").replace("I'm sorry", f"{note}I'm sorry").encode()


async def told(intake: Intake) -> list[tuple[UUID, LetterBouncedV1]]:
    return [
        (one.case_id, LetterBouncedV1.model_validate(one.data))
        for one in await envelopes(intake)
        if one.type == LetterBouncedV1.TYPE
    ]


async def test_a_bounced_letter_is_told_on_its_case_and_the_report_is_kept_as_noise(
    intake: Intake, reader: ReadingPool
) -> None:
    case_id = await a_case(intake, reader)
    letter_id, _ = await letter_went_out(intake, case_id, "aino@posti.example")
    (arrival,) = await arrive(intake, reader, bounce(letter_id))
    expected = LetterBouncedV1(letter_id=letter_id, bounced_at=NOON, cause="no_such_address")
    assert await told(intake) == [(case_id, expected)]
    async with intake.database.across_controllers() as connection:
        row = await connection.fetchrow("select kind, keep_until, case_id from arrivals where arrival_id = $1", arrival)
    assert row["kind"] == "bounce"
    assert row["keep_until"] is not None
    assert row["case_id"] == arrival, "the report is no message of the case: it goes with its own key"


async def test_a_copy_of_the_report_tells_nothing_again(intake: Intake, reader: ReadingPool) -> None:
    case_id = await a_case(intake, reader)
    letter_id, _ = await letter_went_out(intake, case_id, "aino@posti.example")
    await arrive(intake, reader, bounce(letter_id), bounce(letter_id))
    assert len(await told(intake)) == 1


@pytest.mark.parametrize("mail", [POSTFIX, report("delayed", "4.4.1")], ids=["another's letter", "a delay"])
async def test_what_is_no_failure_of_a_letter_of_ours_stays_noise(
    intake: Intake, reader: ReadingPool, mail: str
) -> None:
    case_id = await a_case(intake, reader)
    letter_id, _ = await letter_went_out(intake, case_id, "aino@posti.example")
    await arrive(intake, reader, bounce(uuid4() if mail is POSTFIX else letter_id, mail))
    assert await told(intake) == []


async def test_another_controllers_letter_is_not_touched(intake: Intake, reader: ReadingPool) -> None:
    case_id = await a_case(intake, reader)
    letter_id, _ = await letter_went_out(intake, case_id, "aino@posti.example")
    await arrive(intake, reader, bounce(letter_id), controller="toinen")
    assert await told(intake) == []
