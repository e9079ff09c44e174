"""What a person may be searched by."""

from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Identifiers
from dsr_fulfilment.handlers.sealed import open_letter_address, open_person
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.postgres import Connection


def identifiers_from(person: PersonV1) -> Identifiers:
    """Address and declared numbers; a name alone never identifies anybody."""
    values = dict(person.identifiers)
    if person.email:
        values["email"] = person.email
    return Identifiers(values)


async def identifiers_of(tools: Tools, conn: Connection, case: Case) -> Identifiers:
    """The identifiers of the case's person; the address that was proved counts where none was named."""
    person = await open_person(tools, conn, case)
    address = person.email or await open_letter_address(tools, conn, case)
    return identifiers_from(person.model_copy(update={"email": address}))
