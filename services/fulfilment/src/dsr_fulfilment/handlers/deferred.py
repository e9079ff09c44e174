"""The end of holds: what was kept is erased on its day, without anyone remembering (invariants 4 and 10)."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from dsr_fulfilment.adapters import cases, evidence, work
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.items import PlannedItem
from dsr_fulfilment.domain.plan import DeferredErasure
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.ports import ConnectorError
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.base import SealedV1
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import SealContext, open_sealed

_DEFERRED: TypeAdapter[DeferredErasure] = TypeAdapter(DeferredErasure)
_log = logging.getLogger(__name__)


async def erase_what_became_due(tools: Tools) -> None:
    """Erase every item whose hold ended by today; what fails stays due, and its case shows that it needs a person."""
    for register in tools.registers:
        async with tools.database.transaction(register.id) as conn:
            today = helsinki_date(await database_now(conn))
            due = await conn.fetch(statements("plans")["due_deferred"], today)
        for row in due:
            await _erase(tools, register.id, dict(row))


async def _erase(tools: Tools, controller_id: str, row: Mapping[str, Any]) -> None:
    async with tools.database.transaction(controller_id) as conn:
        deferred = await _open(tools, conn, row["deferred_id"], SealedV1.model_validate_json(row["item_sealed"]))
    outcome = "needs_person" if deferred.is_recheck else await _act(tools, controller_id, row["deferred_id"], deferred)
    async with tools.database.transaction(controller_id) as conn:
        case = await cases.load(conn, row["evidence_case_id"])
        facts = {"deferred": str(row["deferred_id"]), "system": row["system"], "outcome": outcome}
        if outcome == "erased":
            await conn.execute(statements("plans")["deferred_done"], row["deferred_id"], outcome)
            await tools.keys.destroy(conn, controller_id, row["deferred_id"])
            await evidence.add(conn, tools.ring, case, "deferred_erased", facts)
        elif row["attempts"] == 0:
            await evidence.add(conn, tools.ring, case, "deferred_not_erased", facts)
            await work.add_task(conn, case, "needs_person", row["system"], f"deferred:{row['deferred_id']}")
        if outcome != "erased":
            await conn.execute(statements("plans")["deferred_failed"], row["deferred_id"])


async def _open(tools: Tools, conn: Connection, deferred_id: UUID, sealed: SealedV1) -> DeferredErasure:
    key = await tools.keys.get(conn, sealed.key_id)
    context = SealContext(record_id=deferred_id, kind="deferred_erasures", case_id=deferred_id, field="item")
    return _DEFERRED.validate_json(open_sealed(key, sealed, context))


async def _act(tools: Tools, controller_id: str, deferred_id: UUID, deferred: DeferredErasure) -> str:
    """Erase one item by its key; one that is gone already counts as erased, for the intent is on record."""
    planned = PlannedItem(deferred.ref, "erase", deferred.category)
    connectors = {connector.system: connector for connector in tools.connectors.automatic(controller_id)}
    try:
        outcomes = await connectors[deferred.ref.system].erase([planned], deferred_id, intent_recorded=True)
    except (ConnectorError, KeyError) as error:
        _log.warning("deferred erasure failed", extra={"error": type(error).__name__})
        return "failed"
    return outcomes[0].outcome
