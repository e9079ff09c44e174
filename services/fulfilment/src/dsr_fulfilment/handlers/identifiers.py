"""What a person may be searched by."""

from dsr_fulfilment.domain.case import Case
from dsr_fulfilment.domain.items import Identifiers
from dsr_fulfilment.handlers.sealed import open_letter_address, open_person
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.postgres import Connection


def identifiers_from(person: PersonV1) -> Identifiers:
    """Address and declared numbers; a name alone never identifies anybody.

    An organisation is searched by what the register declares for it: every row under it belongs to a contact person.
    """
    values = dict(person.identifiers)
    if is_organisation(person):
        named = {"business_id": person.business_id, "organisation_name": person.organisation_name}
        return Identifiers(values | {name: value for name, value in named.items() if value})
    if person.email:
        values["email"] = person.email
    return Identifiers(values)


def is_organisation(person: PersonV1) -> bool:
    """Whether the case is about an organisation: all of its contact persons are meant, and the writer is not."""
    return bool(person.business_id or person.organisation_name)


async def identifiers_of(tools: Tools, conn: Connection, case: Case) -> Identifiers:
    """The identifiers of the case's person; the address that was proved counts where none was named."""
    person = await open_person(tools, conn, case)
    if is_organisation(person):
        return identifiers_from(person)
    address = person.email or await open_letter_address(tools, conn, case)
    return identifiers_from(person.model_copy(update={"email": address}))
