"""Somebody at the desk: looks at a case, lets the machine work, and does what the case waits for."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.connected.fulfilment.builders import OtherServices

from dsr_fulfilment.adapters import cases, evidence, plans, work
from dsr_fulfilment.bootstrap import Fulfilment
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.entrypoints.worker import Worker
from dsr_fulfilment.handlers import staff
from dsr_fulfilment.handlers.jobs import job_handlers
from dsr_fulfilment.handlers.settle import settle_task
from dsr_shared.contracts.deliveries import LetterFailedV1


@dataclass
class Desk:
    fulfilment: Fulfilment
    others: OtherServices

    async def work(self) -> None:
        """Let the machine do every job that is due, and the mail server accept every letter, until nothing moves."""
        worker = Worker(self.fulfilment.tools, job_handlers())
        while await worker.work_once() or await self._accept_letters():
            pass

    async def work_without_mail(self) -> None:
        """Let the machine do every job that is due, while no mail server takes anything."""
        worker = Worker(self.fulfilment.tools, job_handlers())
        while await worker.work_once():
            pass

    async def fail_letter(self, case_id: UUID, kind: str) -> None:
        async with self.fulfilment.tools.database.transaction("esimerkki") as conn:
            letter_id = await conn.fetchval(
                "select letter_id from letters where case_id = $1 and kind = $2", case_id, kind
            )
        failed = LetterFailedV1(letter_id=letter_id, reason="rejected", smtp_code=550, failed_at=datetime.now(UTC))
        await self.others.send(case_id, failed)

    async def settle(self, case_id: UUID, kind: str, what_was_done: str) -> None:
        tools = self.fulfilment.tools
        async with tools.database.transaction("esimerkki") as conn:
            for task in await work.tasks(conn, case_id):
                if task.is_open and task.kind == kind:
                    await settle_task(tools, conn, task, what_was_done, "matti")

    async def _accept_letters(self) -> bool:
        async with self.fulfilment.tools.database.across_controllers() as conn:
            waiting = await conn.fetch(
                "select letter_id, case_id from letters where state = 'requested' and way = 'mail'"
            )
        for row in waiting:
            await self.others.accept_letter(row["case_id"], row["letter_id"])
        return bool(waiting)

    async def case(self, case_id: UUID) -> Case:
        async with self.fulfilment.tools.database.transaction("esimerkki") as conn:
            return await cases.load(conn, case_id)

    async def answer_challenge(self, case_id: UUID) -> None:
        async with self.fulfilment.tools.database.transaction("esimerkki") as conn:
            challenge = await conn.fetchval("select challenge_id from challenges where case_id = $1", case_id)
        await self.others.answer_challenge(case_id, challenge)

    async def search_through(self, case_id: UUID) -> None:
        """The person is verified, every system is asked, and nothing lies in the folder."""
        await self.work()
        await self.answer_challenge(case_id)
        await self.work()
        await self.finish_tasks(case_id, "nothing_found")
        await self.work()

    async def finish_tasks(self, case_id: UUID, outcome: staff.PaperOutcome, proof: str = "Katsottu.") -> None:
        tools = self.fulfilment.tools
        async with tools.database.transaction("esimerkki") as conn:
            for task in await work.tasks(conn, case_id):
                if task.is_open and task.kind in ("search_paper", "destroy_paper"):
                    await staff.finish_paper_task(tools, conn, task.task_id, outcome=outcome, proof=proof, user="matti")

    async def approve(self, case_id: UUID) -> None:
        tools = self.fulfilment.tools
        async with tools.database.transaction("esimerkki") as conn:
            plan = await plans.living(conn, case_id)
            assert plan is not None
            await staff.approve_plan(tools, conn, case_id, plan.hash, "matti")

    async def outcomes(self, case_id: UUID) -> dict[str, str | None]:
        async with self.fulfilment.tools.database.transaction("esimerkki") as conn:
            return {state.system: state.outcome for state in await cases.systems(conn, case_id)}

    async def letters(self, case_id: UUID) -> list[str]:
        async with self.fulfilment.tools.database.transaction("esimerkki") as conn:
            return [letter.kind for letter in await work.letters(conn, case_id)]

    async def chain(self, case_id: UUID) -> Any:
        tools = self.fulfilment.tools
        async with tools.database.transaction("esimerkki") as conn:
            return evidence.check(await evidence.entries(conn, case_id), tools.ring)

    async def history(self, case_id: UUID) -> list[str]:
        async with self.fulfilment.tools.database.transaction("esimerkki") as conn:
            return [entry.kind for entry in await evidence.entries(conn, case_id)]

    async def published(self, event_type: str) -> list[dict[str, Any]]:
        async with self.fulfilment.tools.database.across_controllers() as conn:
            rows = await conn.fetch("select payload from outbox where event_type = $1 order by sequence", event_type)
        return [json.loads(row["payload"])["data"] for row in rows]
