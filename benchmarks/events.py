"""Events per second from the outbox to the handled inbox: a full outbox, committed at once, is drained by the services.

Every event is a real request with its own case and key: fulfilment opens the case, starts its clock, writes evidence
and answers with events of its own, while its worker already searches the systems for the persons.
"""

import asyncio
from datetime import datetime

from benchmarks.forms import some_forms
from benchmarks.installation import CONTROLLER, Installation
from benchmarks.measure import Measure
from benchmarks.posting import handled
from dsr_intake.handlers.submit_form import SubmitForms
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.keys import CaseKeys
from dsr_shared.outbox import Outbox
from dsr_shared.postgres import Database

LAST = "select max(handled_at) from inbox where topic = 'requests.v1'"


async def measure_events(installed: Installation, *, events: int) -> list[Measure]:
    await handled(installed)
    began = await _fill_outbox(installed, events)
    await handled(installed)
    async with installed.connection("intake") as intake, installed.connection("fulfilment") as fulfilment:
        sent: datetime = await intake.fetchval("select max(sent_at) from outbox")
        taken: datetime = await fulfilment.fetchval(LAST)
        searched: datetime = await fulfilment.fetchval("select max(done_at) from jobs")
    return [
        Measure("events from a full outbox into Kafka", events / (sent - began).total_seconds(), "/s"),
        Measure(
            "events from a full outbox to fulfilment's handled inbox", events / (taken - began).total_seconds(), "/s"
        ),
        Measure("cases opened, searched for and told of", events / (searched - began).total_seconds(), "/s"),
    ]


async def _fill_outbox(installed: Installation, count: int) -> datetime:
    """Store that many requests in one transaction, with intake's own code and rights; returns when it was committed."""
    keys_directory = installed.layout.keys
    ring = KeyRing.load(keys_directory / "intake.keyring.json")
    keys = CaseKeys(ring, PublicKeys.load(keys_directory / "public-keys.json"))
    submit = SubmitForms(keys, ring, Outbox("intake"), requests_a_day=20)
    database = await Database.connect(installed.plan.databases["intake"].app_url)
    try:
        async with database.transaction(CONTROLLER) as connection:
            await submit(connection, some_forms(count))
        async with database.transaction(CONTROLLER) as connection:
            now: datetime = await connection.fetchval("select now()")
            return now
    finally:
        await asyncio.wait_for(database.close(), 10)
