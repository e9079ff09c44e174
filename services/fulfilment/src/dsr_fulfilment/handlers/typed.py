"""What staff type: free text is about people, so it lies sealed under the key of its case or breach (invariant 3)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from dsr_fulfilment.adapters import cases
from dsr_fulfilment.adapters.accounts import Look
from dsr_fulfilment.adapters.cases import SystemState
from dsr_fulfilment.domain.case import Case, Subject
from dsr_fulfilment.domain.evidence import Entry
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.words import Outcome
from dsr_shared.keys import KeyDestroyed
from dsr_shared.postgres import Connection
from dsr_shared.sealing import SealContext, open_sealed, seal

GONE: Final = "(the key is destroyed)"
SEALED_FACTS: Final = ("reason",)
"""Facts of the evidence that hold a person's words, sealed; all others are codes, dates, counts and names of staff."""


async def seal_typed(tools: Tools, conn: Connection, subject: Subject, context: SealContext, text: str) -> SealedV1:
    """Raises `KeyDestroyed` where the case or breach has no keys any more."""
    key = await tools.keys.current(conn, subject.controller_id, subject.case_id, "gathered")
    return seal(key, text.encode(), context)


async def open_typed(tools: Tools, conn: Connection, sealed: SealedV1, context: SealContext) -> str:
    """The words, or that they can't be read any more."""
    try:
        key = await tools.keys.get(conn, sealed.key_id)
    except KeyDestroyed:
        return GONE
    return open_sealed(key, sealed, context).decode()


def task_context(case_id: UUID, task_id: UUID) -> SealContext:
    return SealContext(record_id=task_id, kind="tasks", case_id=case_id, field="proof")


def breach_task_context(breach_id: UUID, task_id: UUID) -> SealContext:
    return SealContext(record_id=task_id, kind="breach_tasks", case_id=breach_id, field="what_was_done")


def system_context(case_id: UUID, system: str) -> SealContext:
    return SealContext(record_id=case_id, kind="case_systems", case_id=case_id, field=f"reason of {system}")


def look_context(case_id: UUID, access_id: UUID) -> SealContext:
    return SealContext(record_id=access_id, kind="access_log", case_id=case_id, field="reason")


def fact_context(case_id: UUID, name: str) -> SealContext:
    return SealContext(record_id=case_id, kind="evidence", case_id=case_id, field=name)


async def sealed_fact(tools: Tools, conn: Connection, subject: Subject, name: str, text: str) -> dict[str, Any]:
    """A person's words as a fact of the evidence: the chain proves them, and they go with the key."""
    sealed = await seal_typed(tools, conn, subject, fact_context(subject.case_id, name), text.strip())
    return {name: sealed.model_dump(mode="json")}


async def readable(tools: Tools, conn: Connection, chain: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with their sealed facts opened, for showing only: the marks are of what is written."""
    return tuple([await _opened(tools, conn, entry) for entry in chain])


async def _opened(tools: Tools, conn: Connection, entry: Entry) -> Entry:
    facts = dict(entry.facts)
    for name in SEALED_FACTS:
        if isinstance(facts.get(name), dict):
            sealed = SealedV1.model_validate(facts[name])
            facts[name] = await open_typed(tools, conn, sealed, fact_context(UUID(entry.chain), name))
    return replace(entry, facts=facts)


async def systems_of(tools: Tools, conn: Connection, case: Subject) -> tuple[SystemState, ...]:
    """How every system of the case stands, with the words of who decided it."""
    return tuple([await _system(tools, conn, case, state) for state in await cases.systems(conn, case.case_id)])


async def _system(tools: Tools, conn: Connection, case: Subject, state: SystemState) -> SystemState:
    if state.reason_sealed is None:
        return state
    context = system_context(case.case_id, state.system)
    return replace(state, reason=await open_typed(tools, conn, state.reason_sealed, context))


async def decide_outcome(
    tools: Tools,
    conn: Connection,
    case: Case,
    system: str,
    *,
    outcome: Outcome,
    reason: str,
    user: str,
    item_count: int = 0,
) -> None:
    """Record what a person says became of one system; an empty reason is none."""
    sealed = None
    if reason.strip():
        sealed = await seal_typed(tools, conn, case, system_context(case.case_id, system), reason.strip())
    await cases.set_outcome(conn, case, system, outcome, item_count=item_count, decided_by=user, reason_sealed=sealed)


async def looks_of(tools: Tools, conn: Connection, case: Subject, looks: Iterable[Look]) -> tuple[Look, ...]:
    """Who looked, with the reasons that they typed."""
    return tuple([await _look(tools, conn, case, look) for look in looks])


async def _look(tools: Tools, conn: Connection, case: Subject, look: Look) -> Look:
    if look.reason_sealed is None:
        return look
    context = look_context(case.case_id, look.access_id)
    return replace(look, reason=await open_typed(tools, conn, look.reason_sealed, context))
