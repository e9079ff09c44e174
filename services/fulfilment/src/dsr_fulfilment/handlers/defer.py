"""What an erasure leaves for later: kept items and shells, each erased by itself on the day its hold ends."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from uuid6 import uuid7

from dsr_fulfilment.adapters import evidence, plans
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import PlannedItem
from dsr_fulfilment.domain.plan import DeferredErasure, ErasurePlan, deferred_erasures, plan_fingerprint
from dsr_fulfilment.handlers.plan_erasure import open_items
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.ports import Identity
from dsr_shared.calendar import helsinki_date
from dsr_shared.contracts.base import SealedV1
from dsr_shared.postgres import Connection, database_now
from dsr_shared.sealing import DataKey, SealContext, seal

SETTLED: Final = frozenset({"erased", "kept"})
_DEFERRED: TypeAdapter[DeferredErasure] = TypeAdapter(DeferredErasure)


async def defer(tools: Tools, conn: Connection, case: Case, done: Collection[PlannedItem]) -> None:
    """Note what the carried-out items leave, each under a key that outlives the case."""
    before = await _deferred_before(tools, conn, case, {item.ref.identity for item in done})
    left = tuple(item for item in done if item.ref.identity not in before)
    today = helsinki_date(await database_now(conn))
    deferred = deferred_erasures(ErasurePlan(left, plan_fingerprint(left)), today)
    if deferred:
        keys = await tools.keys.new_each(conn, case.controller_id, [uuid7() for _ in deferred], "gathered")
        sealed = [(one_id, one, _sealed(one_id, key, one)) for (one_id, key), one in zip(keys, deferred, strict=True)]
        await plans.add_deferred(conn, case, sealed)
        facts = {"items": len(deferred), "first": str(min(one.from_day for one in deferred))}
        await evidence.add(conn, tools.ring, case, "erasures_deferred", facts)


async def _deferred_before(
    tools: Tools, conn: Connection, case: Case, named: Collection[Identity]
) -> frozenset[Identity]:
    """Items that an outdated plan deferred and the present one names again: from here on they count with this one."""
    before: set[Identity] = set()
    for plan in await plans.outdated(conn, case.case_id):
        fates = zip(await open_items(tools, conn, plan), await plans.outcomes(conn, plan.plan_id), strict=True)
        again = [
            (position, item.ref.identity)
            for position, (item, (_, outcome)) in enumerate(fates)
            if outcome in SETTLED and item.ref.identity in named
        ]
        await plans.forget_outcomes(conn, plan.plan_id, [position for position, _ in again])
        before |= {identity for _, identity in again}
    return frozenset(before)


def _sealed(deferred_id: UUID, key: DataKey, deferred: DeferredErasure) -> SealedV1:
    context = SealContext(record_id=deferred_id, kind="deferred_erasures", case_id=deferred_id, field="item")
    return seal(key, _DEFERRED.dump_json(deferred), context)
