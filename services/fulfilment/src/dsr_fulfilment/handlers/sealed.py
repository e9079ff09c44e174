"""Opening and closing the sealed fields of a case."""

from dsr_fulfilment.adapters import cases
from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.sealed import MessageV1, PersonV1
from dsr_shared.postgres import Connection
from dsr_shared.sealing import SealContext, open_model, open_sealed, seal


class NothingToOpen(LookupError):
    """The sealed fields of this case are gone."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"case {case.reference} has no sealed data left; its key was destroyed")


def _arrival(case: Case, field: str) -> SealContext:
    return SealContext(record_id=case.arrival_event_id, kind=case.arrival_event_type, case_id=case.case_id, field=field)


def _letter_address(case: Case) -> SealContext:
    return SealContext(record_id=case.case_id, kind="cases", case_id=case.case_id, field="letter_address")


async def open_person(tools: Tools, conn: Connection, case: Case) -> PersonV1:
    """The person concerned, as the arrival told; raises `NothingToOpen`."""
    if case.person_sealed is None:
        raise NothingToOpen(case)
    key = await tools.keys.get(conn, case.person_sealed.key_id)
    return open_model(key, case.person_sealed, _arrival(case, "person"), PersonV1)


async def open_message(tools: Tools, conn: Connection, case: Case) -> MessageV1:
    """What was written; raises `NothingToOpen`."""
    if case.message_sealed is None:
        raise NothingToOpen(case)
    key = await tools.keys.get(conn, case.message_sealed.key_id)
    return open_model(key, case.message_sealed, _arrival(case, "message"), MessageV1)


async def open_letter_address(tools: Tools, conn: Connection, case: Case) -> str | None:
    """Where letters of the case go: the address on file or the one that was proved; None before any was chosen."""
    if case.letter_address_sealed is None:
        return None
    key = await tools.keys.get(conn, case.letter_address_sealed.key_id)
    return open_sealed(key, case.letter_address_sealed, _letter_address(case)).decode()


async def choose_letter_address(tools: Tools, conn: Connection, case: Case, address: str) -> Case:
    """Fix where letters of this case go from now on."""
    key = await tools.keys.current(conn, case.controller_id, case.case_id, "gathered")
    return await cases.set_letter_address(conn, case.case_id, seal(key, address.encode(), _letter_address(case)))
