"""The answer to an erasure: what is gone, what stays, why and until when; never "all erased" while something stays."""

from collections import Counter

from dsr_fulfilment.adapters import cases, plans
from dsr_fulfilment.adapters.plans import PlanLine
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.letters import content_for, move, request_letter
from dsr_fulfilment.handlers.tools import Tools
from dsr_fulfilment.register.base import in_language
from dsr_fulfilment.register.model import PaperSystem, Register
from dsr_fulfilment.register.rules import ground_text, label_text
from dsr_shared.contracts.cases import KeptV1
from dsr_shared.postgres import Connection


async def answer_erasure(tools: Tools, conn: Connection, case: Case) -> None:
    """Give every system its outcome, tell the public pages what is kept, and ask for the letter."""
    register = tools.registers.get(case.controller_id)
    lines = await plans.lines(conn, case.case_id)
    for system in {line.system for line in lines}:
        await _set_outcome(conn, case, system, [line for line in lines if line.system == system])
    kept = tuple(_kept(register, line) for line in lines if line.outcome == "kept")
    closing = await move(tools, conn, case, "complete_erasure", kept)
    content = await content_for(tools, conn, closing)
    erased = (*_erased_lines(register, case, lines), *await _erased_paper(conn, case, register))
    await request_letter(
        tools, conn, closing, "erasure_reply", content.model_copy(update={"erased": erased, "kept": kept})
    )


async def _set_outcome(conn: Connection, case: Case, system: str, lines: list[PlanLine]) -> None:
    kept = [line for line in lines if line.outcome == "kept"]
    count = sum(line.items for line in lines)
    if kept:
        grounds = sorted({line.ground or "" for line in kept})
        await cases.set_outcome(conn, case, system, "kept", item_count=count, reason=", ".join(grounds))
    else:
        await cases.set_outcome(conn, case, system, "erased", item_count=count)


def _kept(register: Register, line: PlanLine) -> KeptV1:
    label = label_text(register, line.system, line.table_name)
    ground = ground_text(register, line.system, line.table_name, line.ground or "") or {}
    return KeptV1(label=label, ground=ground, count=line.items, until=line.kept_until)


def _erased_lines(register: Register, case: Case, lines: tuple[PlanLine, ...]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    for line in lines:
        if line.outcome == "erased":
            system = in_language(register.system(line.system).label, case.language)
            table = in_language(label_text(register, line.system, line.table_name), case.language)
            counts[f"{system}: {table}"] += line.items
    return tuple(f"{label} ({count})" for label, count in counts.items())


async def _erased_paper(conn: Connection, case: Case, register: Register) -> tuple[str, ...]:
    return tuple(
        in_language(register.system(state.system).label, case.language)
        for state in await cases.systems(conn, case.case_id)
        if state.outcome == "erased" and isinstance(register.system(state.system), PaperSystem)
    )
