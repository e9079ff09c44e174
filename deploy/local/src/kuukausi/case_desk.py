"""What the `case` commands do."""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.keys import CaseStillRuns, destroy_case_key, who_destroyed
from dsr_shared.contracts.words import SERVICES
from kuukausi.errors import KuukausiError, WrongUse
from kuukausi.parts_desk import fulfilment_parts
from kuukausi.stack.layout import Layout

if TYPE_CHECKING:
    from dsr_fulfilment.handlers.tools import Tools

_ASK_AGAIN_SECONDS: Final = 0.2


@dataclass(frozen=True)
class Destruction:
    """What became of a case's keys: `confirmed` names the services that hold none any more."""

    case: Case
    confirmed: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return set(self.confirmed) == set(SERVICES)


async def destroy_key(
    layout: Layout, name_of_case: str, *, controller: str | None, reason: str, user: str, wait_seconds: float
) -> Destruction:
    """Destroy the keys of a closed case and wait a while for the other services to confirm it."""
    async with fulfilment_parts(layout) as parts:
        tools = parts.tools
        case = await _find(tools, name_of_case, controller)
        async with tools.database.transaction(case.controller_id) as conn:
            confirmed = await who_destroyed(conn, case.case_id)
            if "fulfilment" not in confirmed:
                try:
                    case = await destroy_case_key(tools, conn, case.case_id, reason, user)
                except CaseStillRuns as error:
                    raise _still_runs(case, error) from error
        return Destruction(case, await _confirmations(tools, case, wait_seconds))


async def _confirmations(tools: "Tools", case: Case, seconds: float) -> tuple[str, ...]:
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        async with tools.database.transaction(case.controller_id) as conn:
            confirmed = await who_destroyed(conn, case.case_id)
        if set(confirmed) == set(SERVICES) or loop.time() >= until:
            return confirmed
        await asyncio.sleep(_ASK_AGAIN_SECONDS)


async def _find(tools: "Tools", name_of_case: str, controller: str | None) -> Case:
    """By reference, which two companies may both have, or by id."""
    from dsr_fulfilment.adapters import cases

    async with tools.database.across_controllers() as conn:
        found = await cases.named(conn, name_of_case, _uuid(name_of_case))
    fitting = [case for case in found if controller in (None, case.controller_id)]
    if not fitting:
        raise KuukausiError(f"there is no case {name_of_case}", where="fulfilment", remedy="copy it from the console")
    if len(fitting) > 1:
        companies = ", ".join(sorted(case.controller_id for case in fitting))
        remedy = f"add --controller with one of {companies}"
        raise WrongUse(f"several companies have a case {name_of_case}", where="CASE", remedy=remedy)
    return fitting[0]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _still_runs(case: Case, error: CaseStillRuns) -> KuukausiError:
    remedy = "answer and close it in the console, then destroy its key"
    return KuukausiError(str(error), where=f"{case.reference} of {case.controller_id}", remedy=remedy)
