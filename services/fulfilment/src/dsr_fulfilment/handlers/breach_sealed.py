"""What lies sealed in a breach: what staff wrote, and the persons concerned."""

from uuid import UUID

from pydantic import TypeAdapter

from dsr_fulfilment.adapters import breaches
from dsr_fulfilment.adapters.breaches import SealedPerson
from dsr_fulfilment.domain.breach_case import Breach, BreachDetails
from dsr_fulfilment.handlers.tools import Tools
from dsr_shared.contracts.base import SealedV1
from dsr_shared.contracts.sealed import PersonV1
from dsr_shared.postgres import Connection
from dsr_shared.sealing import DataKey, SealContext, open_model, open_sealed, seal, seal_model

_DETAILS: TypeAdapter[BreachDetails] = TypeAdapter(BreachDetails)


def seal_details(key: DataKey, breach_id: UUID, details: BreachDetails) -> SealedV1:
    return seal(key, _DETAILS.dump_json(details), _details_context(breach_id))


async def open_details(tools: Tools, conn: Connection, breach: Breach) -> BreachDetails:
    """What staff wrote about a breach; raises `KeyDestroyed`."""
    sealed = await breaches.details_of(conn, breach)
    key = await tools.keys.get(conn, sealed.key_id)
    return _DETAILS.validate_json(open_sealed(key, sealed, _details_context(breach.breach_id)))


def seal_person(key: DataKey, breach_id: UUID, person_id: UUID, person: PersonV1) -> SealedV1:
    return seal_model(key, person, _person_context(breach_id, person_id))


async def open_person(tools: Tools, conn: Connection, breach: Breach, person: SealedPerson) -> PersonV1:
    """Name and address; raises `KeyDestroyed`."""
    key = await tools.keys.get(conn, person.sealed.key_id)
    return open_model(key, person.sealed, _person_context(breach.breach_id, person.person_id), PersonV1)


def _details_context(breach_id: UUID) -> SealContext:
    return SealContext(record_id=breach_id, kind="breaches", case_id=breach_id, field="details")


def _person_context(breach_id: UUID, person_id: UUID) -> SealContext:
    return SealContext(record_id=person_id, kind="breach_persons", case_id=breach_id, field="person")
