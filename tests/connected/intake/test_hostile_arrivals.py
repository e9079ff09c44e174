"""Hostile mail on its whole way through intake: stored, read by a limited child, ended for somebody or as noise."""

from datetime import UTC, datetime

import pytest
from tests.connected.intake.test_arrivals import envelopes
from tests.corpus.hostile import HostileMail, hostile_mails

from dsr_intake.adapters.reading_pool import ReadingPool
from dsr_intake.bootstrap import Intake
from dsr_intake.entrypoints.arrivals import ArrivalWorker

pytestmark = pytest.mark.connected
NOON = datetime(2026, 11, 25, 10, tzinfo=UTC)
EVERY = 17
LARGEST = 1024 * 1024


def _sample() -> list[HostileMail]:
    return [mail for number, mail in enumerate(hostile_mails()) if number % EVERY == 0 and len(mail.raw) <= LARGEST]


@pytest.mark.promise("P05")
async def test_every_hostile_mail_ends_as_a_request_a_case_for_a_person_or_noise(intake: Intake) -> None:
    mails = _sample()
    stored = {mail.name: (await intake.store.store_raw("esimerkki", "mail", mail.raw, NOON, None)).id for mail in mails}
    assert len(set(stored.values())) == len(mails) >= 25
    async with ReadingPool(2, wall_seconds=60) as reader:
        worker = ArrivalWorker.of(intake, reader)
        while await worker.read_batch():
            pass
    async with intake.database.transaction("esimerkki") as connection:
        rows = await connection.fetch(
            "select arrival_id, state, kind, problem, copy_of, keep_until, raw_sealed, raw_blob from arrivals"
        )
    names = {arrival_id: name for name, arrival_id in stored.items()}
    told = {str(envelope.data["arrival_id"]) for envelope in await envelopes(intake)}
    assert len(rows) == len(mails)
    for row in rows:
        assert row["state"] == "read"
        assert row["raw_sealed"] or row["raw_blob"]
        assert "poistamaan" not in (row["raw_sealed"] or "")
        stands_for_it = str(row["copy_of"] or row["arrival_id"])  # the same message and body are one arrival
        what = (names[row["arrival_id"]], row["kind"], row["problem"])
        assert stands_for_it in told or row["keep_until"] is not None, what
