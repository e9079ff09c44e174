"""Noting where every chain of evidence ends, once a day, and checking all of them."""

from collections.abc import Sequence

from dsr_fulfilment.adapters import evidence, heads
from dsr_fulfilment.adapters.statements import statements
from dsr_fulfilment.domain.audit import Audit, Fault, heads_by_chain, noted_heads
from dsr_fulfilment.domain.evidence import BrokenAt, Entry, Head, Unbroken
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.calendar import helsinki_date
from dsr_shared.keyring import KeyRing
from dsr_shared.postgres import Connection, database_now


async def note_daily_heads(tools: Tools) -> None:
    """Note the heads of each controller, once a Helsinki day; days without a scan are made up for by the next."""
    for register in tools.registers:
        async with tools.database.transaction(register.id) as conn:
            await heads.note(conn, tools.ring, register.id, helsinki_date(await database_now(conn)))


async def audit(conn: Connection, ring: KeyRing, anchors: Sequence[Head] = ()) -> Audit:
    """Check every chain of every controller; `anchors` are heads that were noted elsewhere. Needs every controller."""
    auditor = _Auditor(ring, heads_by_chain(anchors))
    for row in await conn.fetch(statements("heads")["audited_controllers"]):
        await auditor.controller(conn, row["controller_id"])
    auditor.unknown_anchors()
    return Audit(auditor.entries, tuple(auditor.faults), tuple(auditor.heads), tuple(auditor.ends))


class _Auditor:
    def __init__(self, ring: KeyRing, anchors: dict[str, list[Head]]) -> None:
        self._ring = ring
        self._anchors = anchors
        self.entries = 0
        self.faults: list[Fault] = []
        self.heads: list[Head] = []
        self.ends: list[Head] = []

    async def controller(self, conn: Connection, controller_id: str) -> None:
        """First the chain of heads, since the others are held against it."""
        chain = heads.chain_of(controller_id)
        noted = await heads.entries(conn, controller_id)
        self.heads.extend(self._check(chain, f"daily heads of {controller_id}", noted, []))
        noted_of = heads_by_chain(noted_heads(noted))
        for row in await conn.fetch(statements("heads")["chain_names"], controller_id):
            case_id = row["case_id"]
            name = await conn.fetchval(statements("heads")["reference_of"], case_id) or "case"
            entries = await evidence.entries(conn, case_id)
            title = f"{name} of {controller_id} ({case_id})"
            self.ends.extend(self._check(str(case_id), title, entries, noted_of.get(str(case_id), []), is_needed=True))

    def unknown_anchors(self) -> None:
        """A head was noted of a chain of which nothing is left."""
        for chain in self._anchors:
            self.faults.append(Fault(chain, chain, BrokenAt(1, "cut")))

    def _check(
        self, chain: str, name: str, entries: Sequence[Entry], noted: list[Head], *, is_needed: bool = False
    ) -> tuple[Head, ...]:
        """The end of the chain, where there is one."""
        self.entries += len(entries)
        found = evidence.check(entries, self._ring, [*noted, *self._anchors.pop(chain, [])])
        if isinstance(found, BrokenAt):
            self.faults.append(Fault(chain, name, found))
        elif found.head is None and is_needed:
            self.faults.append(Fault(chain, name, BrokenAt(1, "missing")))
        return (found.head,) if isinstance(found, Unbroken) and found.head else ()
