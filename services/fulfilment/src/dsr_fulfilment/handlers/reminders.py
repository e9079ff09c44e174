"""Warnings ahead of the due date: each once, also after a long time without scans."""

from typing import Final

from dsr_fulfilment.adapters import evidence, work
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.deadline import reminders_due
from dsr_fulfilment.handlers.challenges import remind
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.postgres import Connection, database_now

PERSON_REMINDED: Final = "due_in_10"
"""When somebody who never opened the link gets a second one."""
PERSON_NEEDED: Final = frozenset({"due_in_3", "due_in_1", "due_today", "overdue"})
"""Reminders that become a task, not only a line in the history."""


async def fire_reminders(tools: Tools) -> None:
    """Fire what is due for every open case of every controller, whatever its state."""
    for register in tools.registers:
        async with tools.database.transaction(register.id) as conn:
            rows = await conn.fetch(statements("work")["open_cases"])
            for row in rows:
                await _fire(tools, conn, Case.from_row(row))


async def _fire(tools: Tools, conn: Connection, case: Case) -> None:
    now = await database_now(conn)
    last_day = case.extended_due_on or case.due_on
    fired = {row["kind"] for row in await conn.fetch(statements("work")["fired_reminders"], case.case_id)}
    for reminder in reminders_due(last_day, now, fired):
        await conn.execute(statements("work")["reminder_fired"], case.controller_id, case.case_id, reminder.key)
        facts = {"kind": reminder.kind, "due_on": reminder.due.isoformat()}
        await evidence.add(conn, tools.ring, case, "reminder", facts)
        if reminder.kind == PERSON_REMINDED and case.state == "identifying":
            await remind(tools, conn, case)
        if reminder.kind in PERSON_NEEDED:
            await work.add_task(conn, case, "needs_person", purpose=reminder.key)
