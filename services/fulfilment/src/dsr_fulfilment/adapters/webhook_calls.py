"""Calls to companies' own programs in PostgreSQL."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.case import Case
from dsr_shared.postgres import Connection, hint_after_commit

WEBHOOKS_CHANNEL = "webhooks"


@dataclass(frozen=True)
class WebhookCall:
    """One thing to tell, held by a lease."""

    call_id: UUID
    controller_id: str
    facts: Mapping[str, Any]
    attempts: int
    lease_token: UUID


async def tell(conn: Connection, case: Case, facts: Mapping[str, Any]) -> None:
    values = (uuid7(), case.controller_id, case.case_id, json.dumps(facts))
    await conn.execute(statements("webhooks")["tell_webhook"], *values)
    await hint_after_commit(conn, WEBHOOKS_CHANNEL)


async def claim(conn: Connection, lease_token: UUID, lease: timedelta) -> WebhookCall | None:
    row = await conn.fetchrow(statements("webhooks")["claim_webhook"], lease_token, lease)
    if row is None:
        return None
    return WebhookCall(row["call_id"], row["controller_id"], json.loads(row["facts"]), row["attempts"], lease_token)


async def delivered(conn: Connection, call: WebhookCall) -> None:
    await conn.execute(statements("webhooks")["webhook_delivered"], call.call_id, call.lease_token)


async def failed(conn: Connection, call: WebhookCall, pause: timedelta | None, error: str) -> None:
    """Try again after `pause`; without one it is given up and stays in view."""
    await conn.execute(statements("webhooks")["webhook_failed"], call.call_id, call.lease_token, pause, error)


async def left(conn: Connection) -> Sequence[tuple[str, str, int]]:
    """Controller, state and number of what was not delivered."""
    rows = await conn.fetch(statements("webhooks")["webhooks_left"])
    return [(row["controller_id"], row["state"], row["calls"]) for row in rows]


async def again(conn: Connection, controller_id: str) -> int:
    """Try anew what was given up; returns how many."""
    rows = len(await conn.fetch(statements("webhooks")["webhooks_again"], controller_id))
    await hint_after_commit(conn, WEBHOOKS_CHANNEL)
    return rows


async def delete_old(conn: Connection) -> None:
    await conn.execute(statements("webhooks")["old_webhooks"])
