"""Which phases of a case are done, told by the letters that were accepted."""

from typing import Final

from dsr_fulfilment.adapters import work
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.lifecycle import PHASES, Phase
from dsr_shared.contracts.words import LetterKind
from dsr_shared.postgres import Connection

ANSWERED_BY: Final[dict[LetterKind, tuple[Phase, ...]]] = {
    "access_reply": ("copy",),
    "confirmation": ("opt_out", "decision"),
    "erasure_reply": ("erasure",),
    "nothing_found": tuple(PHASES),
    "not_identified": tuple(PHASES),
    "refusal": tuple(PHASES),
}


async def phases_done(conn: Connection, case: Case) -> frozenset[Phase]:
    """The phases whose answer was asked of the notifier; one that failed is not done."""
    return frozenset(
        phase
        for letter in await work.letters(conn, case.case_id)
        if letter.state not in ("failed", "resent")
        for phase in ANSWERED_BY.get(letter.kind, ())
    )
