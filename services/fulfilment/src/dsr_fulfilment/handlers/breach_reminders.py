"""Warnings before the hours of a breach end: each once on record, and a task for a person."""

from dsr_fulfilment.adapters import breach_tasks, breaches, evidence
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.breach_case import Breach
from dsr_fulfilment.domain.breach_reminders import breach_reminders_due
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.postgres import Connection, database_now


async def fire_breach_reminders(tools: Tools) -> None:
    """Fire what is due for every running clock of every controller."""
    for register in tools.registers:
        async with tools.database.transaction(register.id) as conn:
            for breach in await breaches.running(conn):
                await _fire(tools, conn, breach)


async def _fire(tools: Tools, conn: Connection, breach: Breach) -> None:
    """Of several that fell due while nothing ran, each is on record and the last one is the task."""
    sql, now = statements("work"), await database_now(conn)
    fired = {row["kind"] for row in await conn.fetch(sql["fired_reminders"], breach.breach_id)}
    for kind in breach_reminders_due(breach.authority_due_at, now, fired):
        is_first = await conn.fetchval(sql["reminder_fired"], breach.controller_id, breach.breach_id, kind)
        if is_first is None:
            continue
        facts = {"kind": kind, "authority_due_at": breach.authority_due_at.isoformat()}
        await evidence.add(conn, tools.ring, breach, "breach_reminder", facts)
        await breach_tasks.finish_kind(conn, breach.breach_id, "reminder")
        await breach_tasks.add(conn, breach, "reminder", kind)
