"""Somebody at the breach desk, and the notifier who can open the letters that were asked of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.connected.breach.people import BEGAN, ENDED
from tests.connected.fulfilment.desk import Desk

from dsr_fulfilment.adapters import breach_tasks, breaches
from dsr_fulfilment.adapters.breaches import LetterStates
from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.domain.breach import NoticeFacts
from dsr_fulfilment.domain.breach_case import Breach, BreachDetails, BreachWords, NewBreach
from dsr_fulfilment.entrypoints.worker import Worker
from dsr_fulfilment.handlers.breach_sealed import open_details
from dsr_fulfilment.handlers.breaches import register_breach
from dsr_fulfilment.handlers.jobs import job_handlers
from dsr_shared.contracts.base import Envelope
from dsr_shared.contracts.letters import LetterRequestedV1
from dsr_shared.contracts.sealed import LetterContentV1
from dsr_shared.keyring import KeyRing, PublicKeys
from dsr_shared.sealing import SealContext, open_model

COMPANY = "esimerkki"
NOTICE = NoticeFacts(
    nature="A stranger read the support mailbox.",
    person_categories="Customers",
    record_categories="Names, addresses and messages",
    consequences="Phishing in our name",
    measures="Password changed, everyone signed out",
)
TEXTS: Mapping[str, Mapping[str, str]] = {
    "fi": {"nature": "Vieras luki viestejä.", "consequences": "Huijausviestejä.", "measures": "Salasana vaihdettiin."},
    "sv": {"nature": "En främling läste.", "consequences": "Bluffmejl.", "measures": "Lösenordet byttes."},
    "en": {"nature": "A stranger read.", "consequences": "Phishing.", "measures": "Password changed."},
}
DETAILS = BreachDetails(NOTICE, TEXTS, "A stranger read the support mailbox")  # type: ignore[arg-type]  # plain words


def new_breach(**changes: Any) -> NewBreach:
    aware = datetime.now(UTC) - timedelta(hours=2)
    new = NewBreach(aware, BEGAN, ENDED, ("crm", "portal"), DETAILS)
    return replace(new, **changes)


@dataclass
class BreachDesk:
    fulfilment: Fulfilment
    cases: Desk
    notifier_ring: Path
    public: PublicKeys

    async def register(self, company: str = COMPANY, **changes: Any) -> Breach:
        tools = self.fulfilment.tools
        async with tools.database.transaction(company) as conn:
            return await register_breach(tools, conn, company, new_breach(**changes), "matti")

    async def registered_and_searched(self, **changes: Any) -> Breach:
        breach = await self.register(**changes)
        await self.search()
        return await self.now(breach.breach_id)

    async def search(self) -> None:
        worker = Worker(self.fulfilment.tools, job_handlers())
        while await worker.work_once():
            pass

    async def now(self, breach_id: UUID) -> Breach:
        async with self.fulfilment.tools.database.transaction(COMPANY) as conn:
            return await breaches.lock(conn, breach_id)

    async def said(self, breach: Breach) -> BreachWords:
        """What staff typed about it, opened."""
        async with self.fulfilment.tools.database.transaction(COMPANY) as conn:
            return (await open_details(self.fulfilment.tools, conn, breach)).said

    async def states(self, breach_id: UUID) -> LetterStates:
        async with self.fulfilment.tools.database.transaction(COMPANY) as conn:
            return await breaches.letter_states(conn, breach_id)

    async def open_tasks(self, breach_id: UUID) -> list[tuple[str, str]]:
        async with self.fulfilment.tools.database.transaction(COMPANY) as conn:
            tasks = await breach_tasks.of_breach(conn, breach_id)
        return [(task.kind, task.about) for task in tasks if task.is_open]

    async def history(self, breach_id: UUID) -> list[str]:
        return await self.cases.history(breach_id)

    async def letters(self) -> list[tuple[str, LetterContentV1]]:
        """Language and content of every letter asked for, opened as the notifier opens them."""
        ring = KeyRing.load(self.notifier_ring)
        async with self.fulfilment.tools.database.across_controllers() as conn:
            rows = await conn.fetch("select payload from outbox where event_type = 'letter_requested'")
        return [_opened(Envelope.model_validate(json.loads(row["payload"])), ring) for row in rows]


def _opened(envelope: Envelope, ring: KeyRing) -> tuple[str, LetterContentV1]:
    event = LetterRequestedV1.model_validate(envelope.data)
    keys = {key.key_id: key for key in envelope.keys if key.reader == "notifier"}
    key = ring.unwrap(keys[event.content.key_id])
    context = SealContext(envelope.event_id, LetterRequestedV1.TYPE, envelope.case_id, "content")
    return event.language, open_model(key, event.content, context, LetterContentV1)
